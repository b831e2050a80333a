package suite

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

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
)

// ScenarioFile is where the snapshot of a scenario is kept.
func ScenarioFile(t *testing.T, name string) string {
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

// RecordAs keeps what the tool saw, once the recording itself has the result of the scenario: a fault may recover between two
// looks.
func (s Scenario) RecordAs(ctx context.Context, t *testing.T, kubeconfig, name string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "snapshot.yaml")
	var problem error
	err := wait.PollUntilContextTimeout(ctx, time.Second, s.Limit, true, func(ctx context.Context) (bool, error) {
		r := s.As(ctx, t, kubeconfig, s.Verb("snapshot", "--logs", "-f", file)...)
		if r.Exit != 0 {
			problem = fmt.Errorf("exit %d: %s", r.Exit, r.Stderr)
			return false, ctx.Err()
		}
		r = s.As(ctx, t, kubeconfig, "trace", "--snapshot", file, "-o", "json")
		got, err := Parse(r)
		if err == nil {
			err = s.Want.Check(got, r.Exit, s.Namespace)
		}
		problem = err
		return err == nil, ctx.Err()
	})
	if err != nil {
		t.Fatalf("record %s: %v", name, problem)
	}
	recorded, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(ScenarioFile(t, name), withoutPorts(recorded), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	WriteFault(t, name, s.Fault)
	s.writeOrigin(t, name)
}

// withoutPorts gives the lab's Git server, its API server and the storage of its source-controller the same ports in all recordings: they
// take free ones.
func withoutPorts(recorded []byte) []byte {
	recorded = regexp.MustCompile(`http://127\.0\.0\.1:\d+/([a-z0-9-]+\.git)`).ReplaceAll(recorded, []byte("http://127.0.0.1:39293/$1"))
	recorded = regexp.MustCompile(`https://127\.0\.0\.1:\d+`).ReplaceAll(recorded, []byte("https://127.0.0.1:36443"))
	return regexp.MustCompile(`http://127\.0\.0\.1:\d+/(gitrepository|helmchart)/`).ReplaceAll(recorded, []byte("http://127.0.0.1:34039/$1/"))
}

// WriteFault keeps beside a recorded scenario what was broken, as a sentence.
func WriteFault(t *testing.T, name, fault string) {
	t.Helper()
	if fault == "" {
		return
	}
	writeBeside(t, name, "fault", strings.ToUpper(fault[:1])+fault[1:]+".\n")
}

// writeOrigin keeps beside a recorded scenario who wrote the statuses of systems other than Kubernetes, Flux and OpenChoreo: a controller of
// the lab, or the test.
func (s Scenario) writeOrigin(t *testing.T, name string) {
	t.Helper()
	var lines strings.Builder
	for _, system := range factstest.Systems(factstest.Scenario(t, name)) {
		fmt.Fprintln(&lines, factstest.Origin(system, s.Lab.OperatorVersion(system)))
	}
	if lines.Len() > 0 {
		writeBeside(t, name, factstest.OriginFile, lines.String())
	}
}

func writeBeside(t *testing.T, scenario, file, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(filepath.Dir(ScenarioFile(t, scenario)), file), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
