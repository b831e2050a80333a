package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const casesDir = "../../testdata/cases"

// caseAnswer is what trace and verify must conclude from a state that users have met. Where a state leaves more than one right
// answer, each is listed.
type caseAnswer struct {
	trace []int // exit codes of trace, and of verify unless verify gives others
	// failing lists the accepted "rung Kind" of the failure to fix first. It is checked where trace exits with 2.
	failing []string
	// words must each appear in the tree that trace prints.
	words []string
	// verify maps further arguments of verify to its accepted exit codes.
	verify map[string][]int
}

// caseAnswers is keyed by the file names in testdata/cases. The states were taken from public bug reports.
func caseAnswers() map[string]caseAnswer {
	return map[string]caseAnswer{
		"agent-flaps":                          {trace: []int{0, 3}, words: []string{"agent"}},
		"argo-synced-but-not-compared-since":   {trace: []int{0, 3}},
		"argo-waits-for-a-hook-that-is-gone":   {trace: []int{2}, failing: []string{"delivery Application"}, words: []string{"hook"}},
		"certificate-expired-but-ready":        {trace: []int{2}, failing: []string{"resource Certificate"}, words: []string{"expired"}},
		"clock-ahead-of-the-cluster":           {trace: []int{3}},
		"fan-out-one-behind":                   {trace: []int{0}, verify: map[string][]int{"--require promoted": {2}, "--require promoted -e eu": {0}, "--require promoted -e us": {2}}},
		"helm-release-canceled-an-hour-ago":    {trace: []int{2}, failing: []string{"delivery HelmRelease"}},
		"job-removed-by-ttl":                   {trace: []int{0}, verify: map[string][]int{"--require no-drift": {0}}},
		"keda-at-zero-on-a-plane-out-of-sight": {trace: []int{0}},
		"keda-trigger-error":                   {trace: []int{2}, failing: []string{"resource ScaledObject"}},
		"secret-failed-before-its-store-was-ready": {
			trace: []int{2}, failing: []string{"resource ExternalSecret"}, words: []string{"ClusterSecretStore", "ready since"},
		},
		"sidecar-before-the-app":                {trace: []int{0}},
		"source-ready-for-an-older-generation":  {trace: []int{2, 3}, failing: []string{"source Lease", "source GitRepository"}},
		"suspended-and-being-deleted":           {trace: []int{2}, failing: []string{"delivery Kustomization"}, words: []string{"deleted"}},
		"synced-but-no-secret":                  {trace: []int{2}, failing: []string{"pod Pod", "resource ExternalSecret"}, words: []string{"ExternalSecret"}},
		"tag-rewritten-to-digest":               {trace: []int{0}, verify: map[string][]int{"--require no-drift": {0}}},
		"templates-of-progressive-delivery":     {trace: []int{0}},
		"zero-values-that-the-api-server-drops": {trace: []int{0}, verify: map[string][]int{"--require healthy,current,no-drift": {0}}},
	}
}

func TestCases(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(caseAnswers()) {
		t.Errorf("%d states, but %d answers", len(files), len(caseAnswers()))
	}
	for name, want := range caseAnswers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			snapshot := filepath.Join(casesDir, name+".yaml")
			checkTrace(t, snapshot, want)
			if _, given := want.verify[""]; !given {
				checkVerify(t, snapshot, "", want.trace)
			}
			for arguments, exits := range want.verify {
				checkVerify(t, snapshot, arguments, exits)
			}
		})
	}
}

func checkTrace(t *testing.T, snapshot string, want caseAnswer) {
	t.Helper()
	tree, exit := run(t, "trace", "--snapshot", snapshot)
	if !slices.Contains(want.trace, exit) {
		t.Errorf("trace exits with %d, want one of %v\n%s", exit, want.trace, tree)
	}
	flat := strings.Join(strings.Fields(tree), " ")
	for _, word := range want.words {
		if !strings.Contains(flat, word) {
			t.Errorf("trace does not print %q\n%s", word, tree)
		}
	}
	if exit == 2 && !slices.Contains(want.failing, failingPlace(t, snapshot)) {
		t.Errorf("the failing rung is %q, want one of %q\n%s", failingPlace(t, snapshot), want.failing, tree)
	}
}

// failingPlace is the rung that fails and the kind of the object that is the cause.
func failingPlace(t *testing.T, snapshot string) string {
	t.Helper()
	text, _ := run(t, "trace", "-o", "json", "--snapshot", snapshot)
	var trace struct {
		Failing struct {
			Rung   string
			Object struct{ Kind string }
		}
	}
	if err := json.Unmarshal([]byte(text), &trace); err != nil {
		t.Fatal(err)
	}
	return trace.Failing.Rung + " " + trace.Failing.Object.Kind
}

func checkVerify(t *testing.T, snapshot, arguments string, want []int) {
	t.Helper()
	args := append([]string{"verify", snapshotComponent(t, snapshot), "--snapshot", snapshot, "--timeout", "0"}, strings.Fields(arguments)...)
	if out, exit := run(t, args...); !slices.Contains(want, exit) {
		t.Errorf("verify %s exits with %d, want one of %v\n%s", arguments, exit, want, out)
	}
}

func snapshotComponent(t *testing.T, snapshot string) string {
	t.Helper()
	text, _ := run(t, "trace", "-o", "json", "--snapshot", snapshot)
	var trace struct{ Subject struct{ Component string } }
	if err := json.Unmarshal([]byte(text), &trace); err != nil {
		t.Fatal(err)
	}
	return trace.Subject.Component
}
