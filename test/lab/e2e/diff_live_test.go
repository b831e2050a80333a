package e2e

import (
	"context"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// changed makes a change by hand, and returns what diff finds. OpenChoreo may apply its fields again before diff reads the object: then the
// change is made again.
func (n *tenant) changed(ctx context.Context, t *testing.T, c liveChange, names map[string]string, live []string) (found []string) {
	t.Helper()
	args := []string{"--namespace=" + names["CELL"]}
	for _, word := range c.kubectl {
		if name, ok := names[word]; ok {
			word = name
		}
		args = append(args, word)
	}
	for range 3 {
		if out, err := shared.lab.Kubectl(ctx, "", "", args...); err != nil {
			t.Fatalf("%s: %v\n%s", c.name, err, out)
		}
		if found = n.differences(ctx, t, live...); len(found) > 0 {
			break
		}
	}
	return found
}

// restored waits until OpenChoreo has applied its fields again.
func (n *tenant) restored(ctx context.Context, t *testing.T, live []string) {
	t.Helper()
	if err := n.triggerRenderedRelease(ctx, "greeter-service", "development"); err != nil {
		t.Fatal(err)
	}
	var left []string
	if err := wait.PollUntilContextTimeout(ctx, time.Second, 2*time.Minute, true, func(ctx context.Context) (bool, error) {
		left = n.differences(ctx, t, live...)
		return len(left) == 0, nil
	}); err != nil {
		t.Fatalf("OpenChoreo has not applied its fields again: %q: %v", left, err)
	}
}
