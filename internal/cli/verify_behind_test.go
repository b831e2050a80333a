package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// notDeployed are scenarios in which the Workload of the wanted revision does not run, and autoDeploy is off: no controller creates or binds the
// release but by a commit. By what verify says of each.
func notDeployed() map[string][]string {
	return map[string][]string{
		"workload-not-released": {
			"Failed: release (development)   WorkloadNotReleased", "runs :1.0.0, but the Workload has :1.0.1",
			"No ComponentRelease has this version of the Workload", "workload-not-released failed",
		},
		"release-not-bound": {
			"Failed: release (development)   ReleaseNotBound", "runs :1.0.0, but the Workload has :1.0.1",
			"set spec.releaseName of ReleaseBinding fleet/release-not-bound-development to release-not-bound-20261121-2 in Git", "release-not-bound failed",
		},
	}
}

// TestVerifyDoesNotWaitForACommit: what only a commit can deploy fails as soon as a permanent failure does, long before --timeout. The first
// observation decides where there is no time.
func TestVerifyDoesNotWaitForACommit(t *testing.T) {
	t.Parallel()
	for scenario, words := range notDeployed() {
		t.Run(scenario, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				g := gateInBubble(t, scenario, 0)
				begin := time.Now()
				g.holds(t, 2, words, scenario)
				if took := time.Since(begin); took > 10*time.Second {
					t.Errorf("it took %s", took)
				}
				begin = time.Now()
				g.holds(t, 2, words, scenario, "--timeout", "0")
				if took := time.Since(begin); took > time.Second {
					t.Errorf("with --timeout 0 it took %s", took)
				}
			})
		})
	}
}

// TestVerifyTableOfWhatIsBehind: the table marks what is behind at each width, and with -o wide it has the image that runs, not the one of
// the Workload.
func TestVerifyTableOfWhatIsBehind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scenario, columns string
		args              []string
		table             string
	}{
		{"workload-not-released", "80", nil, `COMPONENT              RESULT  DEVELOPMENT                STAGING  PRODUCTION
workload-not-released  failed  ok 20261121-1 83s, behind  -        -
`},
		{"workload-not-released", "75", nil, `COMPONENT              RESULT  DEVELOPMENT            STAGING  PRODUCTION
workload-not-released  failed  ok 20261121-1, behind  -        -
`},
		{"workload-not-released", "60", nil, `COMPONENT              RESULT  DEVELOPMENT  STAGING  PRODUCTION
workload-not-released  failed  ok, behind   -        -
`},
		{"workload-not-released", "", []string{"-o", "wide"}, `COMPONENT              ENVIRONMENT  RESULT  STATE  CURRENT  RELEASE                           COMMIT        IMAGE                                                  AGE  NEXT
workload-not-released  development  failed  ok     behind   workload-not-released-20261121-1  main@cc42c39  registry.example.com/acme/workload-not-released:1.0.0  83s  -
`},
		{"release-not-bound", "", []string{"-o", "wide"}, `COMPONENT          ENVIRONMENT  RESULT  STATE  CURRENT  RELEASE                       COMMIT        IMAGE                                              AGE  NEXT
release-not-bound  development  failed  ok     behind   release-not-bound-20261121-1  main@cc42c39  registry.example.com/acme/release-not-bound:1.0.0  93s  -
`},
	} {
		args := append([]string{"verify", "--snapshot", filepath.Join(scenarioDir, c.scenario, "snapshot.yaml")}, c.args...)
		stdout, stderr, exit := runIn(t, map[string]string{"COLUMNS": c.columns}, args...)
		if exit != 2 || stderr != "" {
			t.Errorf("%v: exit %d, %s", args, exit, stderr)
		}
		if diff := cmp.Diff(c.table, stdout[:min(len(c.table), len(stdout))]); diff != "" {
			t.Errorf("%v, %s columns (-want +got)\n%s", args, c.columns, diff)
		}
	}
}

// TestExitCodesPage: its example is the end of a trace as it is printed without a width.
func TestExitCodesPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/exit-codes.md")
	if err != nil {
		t.Fatal(err)
	}
	stdout, _, exit := runIn(t, nil, "trace", "--snapshot", filepath.Join(scenarioDir, "workload-not-released", "snapshot.yaml"))
	at := strings.Index(stdout, "\nHealthy, but ")
	if exit != 3 || at < 0 {
		t.Fatalf("exit %d\n%s", exit, stdout)
	}
	want := "$ kubectl choreo trace workload-not-released\n…" + stdout[at:] + "$ echo $?\n3\n"
	if !strings.Contains(string(page), want) {
		t.Errorf("docs/exit-codes.md does not have\n%s", want)
	}
}
