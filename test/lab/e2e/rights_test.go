package e2e

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// TestDocumentedRightsSuffice: whoever has what docs/clusterrole.yaml grants sees everything.
func TestDocumentedRightsSuffice(t *testing.T) {
	kubeconfig, err := documentedRights()
	if err != nil {
		t.Fatal(err)
	}
	if r := choreoAs(t.Context(), t, kubeconfig, "trace", "greeter-service", "-n", "default"); r.exit != 0 {
		t.Errorf("exit %d, want 0\n%s%s", r.exit, r.stdout, r.stderr)
	}
}

// documentedRights is the kubeconfig of a user who has what docs/clusterrole.yaml grants, and nothing else.
var documentedRights = sync.OnceValues(func() (string, error) { return withRoles("rita", "clusterrole.yaml") })

// rightsToReconcile is the kubeconfig of a user who has what both documented roles grant, and nothing else.
var rightsToReconcile = sync.OnceValues(func() (string, error) {
	return withRoles("ruth", "clusterrole.yaml", "clusterrole-reconcile.yaml")
})

func withRoles(name string, files ...string) (string, error) { return withRules(name, "", files...) }

// withRules is the kubeconfig of a user who has what these roles grant, and some rules of a ClusterRole.
func withRules(name, rules string, files ...string) (string, error) {
	all := "\n" + rules
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", file))
		if err != nil {
			return "", err
		}
		_, granted, _ := strings.Cut(string(text), "\nrules:\n")
		all += granted
	}
	return shared.lab.User(context.Background(), name, all)
}

// suffices traces as a user with the documented rights: what is broken makes the tool ask for more than what is healthy.
// What has healed by itself meanwhile is healed for both.
func (s scenario) suffices(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	kubeconfig, err := documentedRights()
	if err != nil {
		t.Fatal(err)
	}
	var problem error
	var last result
	ask := choreoAs
	if wait.PollUntilContextTimeout(ctx, time.Second, 3*time.Minute, true, func(ctx context.Context) (bool, error) {
		now := ask(ctx, t, kubeconfig, s.command("trace", "-o", "json")...)
		ask = againAs
		all := againAs(ctx, t, shared.lab.Kubeconfig(""), s.command("trace", "-o", "json")...)
		if err := ctx.Err(); err != nil {
			return false, err // what the traces before said counts
		}
		last = now
		got, err := parse(last)
		if err == nil {
			err = s.want.check(got, last.exit, n.Namespace)
		}
		problem = err
		return err == nil || sameAnswer(now, all), nil
	}) != nil {
		t.Errorf("with the documented rights: %v", problem)
	}
	if strings.Contains(last.stdout, `"Forbidden"`) {
		t.Errorf("with the documented rights, something is forbidden:\n%s", last.stdout)
	}
}

// sameAnswer reports whether two traces come to the same, down to what they blame.
func sameAnswer(a, b result) bool {
	one, errOne := parse(a)
	other, errOther := parse(b)
	if errOne != nil || errOther != nil || a.exit != b.exit || one.Verdict != other.Verdict || (one.Failing == nil) != (other.Failing == nil) {
		return false
	}
	if one.Failing != nil {
		one.Failing.NextSteps, other.Failing.NextSteps = nil, nil // they hold the time
	}
	return reflect.DeepEqual(one.Failing, other.Failing)
}
