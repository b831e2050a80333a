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

// ScenarioFile returns the path of a scenario's snapshot, and creates its folder.
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

// RecordAs writes the snapshot of a scenario. It retries until the recorded trace matches Want: a fault may recover between two traces.
func (s Scenario) RecordAs(ctx context.Context, t *testing.T, kubeconfig, name string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "snapshot.yaml")
	var lastErr error
	err := wait.PollUntilContextTimeout(ctx, time.Second, s.Timeout, true, func(ctx context.Context) (bool, error) {
		r := s.RunAs(ctx, t, kubeconfig, s.CommandArgs("snapshot", "--logs", "-f", file)...)
		if r.Exit != 0 {
			lastErr = fmt.Errorf("exit %d: %s", r.Exit, r.Stderr)
			return false, ctx.Err()
		}
		r = s.RunAs(ctx, t, kubeconfig, "trace", "--snapshot", file, "-o", "json")
		got, err := ParseTrace(r)
		if err == nil {
			err = s.Want.Check(got, r.Exit, s.Namespace)
		}
		lastErr = err
		return err == nil, ctx.Err()
	})
	if err != nil {
		t.Fatalf("record %s: %v", name, lastErr)
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

// withoutPorts replaces the random ports of the Git server, the API server and source-controller's storage by fixed ones.
func withoutPorts(recorded []byte) []byte {
	recorded = regexp.MustCompile(`http://127\.0\.0\.1:\d+/([a-z0-9-]+\.git)`).ReplaceAll(recorded, []byte("http://127.0.0.1:39293/$1"))
	recorded = regexp.MustCompile(`https://127\.0\.0\.1:\d+`).ReplaceAll(recorded, []byte("https://127.0.0.1:36443"))
	return regexp.MustCompile(`http://127\.0\.0\.1:\d+/(gitrepository|helmchart)/`).ReplaceAll(recorded, []byte("http://127.0.0.1:34039/$1/"))
}

// WriteFault writes the sentence that describes the fault beside the snapshot.
func WriteFault(t *testing.T, name, fault string) {
	t.Helper()
	if fault == "" {
		return
	}
	writeScenarioFile(t, name, "fault", strings.ToUpper(fault[:1])+fault[1:]+".\n")
}

// writeOrigin writes beside the snapshot who wrote the statuses of systems other than Kubernetes, Flux and OpenChoreo: a controller of the lab,
// or the test.
func (s Scenario) writeOrigin(t *testing.T, name string) {
	t.Helper()
	var lines strings.Builder
	for _, system := range factstest.Systems(factstest.Scenario(t, name)) {
		fmt.Fprintln(&lines, factstest.Origin(system, s.Lab.OperatorVersion(system)))
	}
	if lines.Len() > 0 {
		writeScenarioFile(t, name, factstest.OriginFile, lines.String())
	}
}

func writeScenarioFile(t *testing.T, scenario, file, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(filepath.Dir(ScenarioFile(t, scenario)), file), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
