package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// scenarioFile is where the snapshot of a scenario is kept.
func scenarioFile(t *testing.T, name string) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", "scenarios", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "snapshot.yaml")
}

// recordAs keeps what the tool saw, once the recording itself says what the scenario must: a fault may heal between two
// looks.
func recordAs(ctx context.Context, t *testing.T, name string, s scenario) {
	t.Helper()
	recordWith(ctx, t, shared.lab.Kubeconfig(""), name, s)
}

func recordWith(ctx context.Context, t *testing.T, kubeconfig, name string, s scenario) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "snapshot.yaml")
	var problem error
	err := wait.PollUntilContextTimeout(ctx, time.Second, s.limit, true, func(ctx context.Context) (bool, error) {
		r := choreoAs(ctx, t, kubeconfig, s.command("snapshot", "--logs", "-f", file)...)
		if r.exit != 0 {
			problem = fmt.Errorf("exit %d: %s", r.exit, r.stderr)
			return false, ctx.Err()
		}
		r = choreoAs(ctx, t, kubeconfig, "trace", "--snapshot", file, "-o", "json")
		got, err := parse(r)
		if err == nil {
			err = s.want.check(got, r.exit, s.tenantName())
		}
		problem = err
		return err == nil, ctx.Err()
	})
	if err != nil {
		t.Fatalf("record %s: %v", name, problem)
	}
	recorded, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(scenarioFile(t, name), withoutPorts(recorded), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	writeFault(t, name, s.fault)
}

// withoutPorts gives the lab's Git server and the storage of its source-controller the same ports in all recordings: they take free ones.
func withoutPorts(recorded []byte) []byte {
	recorded = regexp.MustCompile(`http://127\.0\.0\.1:\d+/([a-z0-9-]+\.git)`).ReplaceAll(recorded, []byte("http://127.0.0.1:39293/$1"))
	return regexp.MustCompile(`http://127\.0\.0\.1:\d+/(gitrepository|helmchart)/`).ReplaceAll(recorded, []byte("http://127.0.0.1:34039/$1/"))
}

// writeFault keeps beside a recorded scenario what was broken, as a sentence.
func writeFault(t *testing.T, name, fault string) {
	t.Helper()
	if fault == "" {
		return
	}
	sentence := strings.ToUpper(fault[:1]) + fault[1:] + ".\n"
	if err := os.WriteFile(filepath.Join(filepath.Dir(scenarioFile(t, name)), "fault"), []byte(sentence), 0o644); err != nil {
		t.Fatal(err)
	}
}
