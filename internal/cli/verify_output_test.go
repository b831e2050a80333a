package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// TestVerifyTable is what a person sees.
func TestVerifyTable(t *testing.T) {
	t.Parallel()
	const rest = `
Failed: release (staging)   ReleaseNotPromoted
  ComponentRelease fleet/release-not-promoted-20261121-1:
    development has release-not-promoted-20261121-2
  To promote it, set spec.releaseName of ReleaseBinding
  fleet/release-not-promoted-staging in Git.
  Next: as application developer, on the control plane:
          kubectl get releasebindings -n fleet -o custom-columns=name:.metadata.name,environment:.spec.environment,release:.spec.releaseName
        after you push the fix:
          kubectl choreo reconcile release-not-promoted -n fleet -e staging --wait
        kubectl choreo explain ReleaseNotPromoted

release-not-promoted failed, after 0.0s.
`
	args := []string{"verify", "--snapshot", scenarioDir + "/release-not-promoted/snapshot.yaml", "--require", "promoted,current"}
	for columns, table := range map[string]string{
		"": `COMPONENT             RESULT  DEVELOPMENT                          STAGING            PRODUCTION
release-not-promoted  failed  ok 20261121-2 89s, ahead of staging  ok 20261121-1 89s  -
`,
		"80": `COMPONENT             RESULT  DEVELOPMENT    STAGING        PRODUCTION
release-not-promoted  failed  ok 20261121-2  ok 20261121-1  -
`,
		"60": `COMPONENT             RESULT  DEVELOPMENT  STAGING  PRODUCTION
release-not-promoted  failed  ok           ok       -
`,
	} {
		stdout, _, _ := runIn(t, map[string]string{"COLUMNS": columns}, args...)
		if diff := cmp.Diff(table, stdout[:min(len(table), len(stdout))]); diff != "" {
			t.Errorf("%s columns (-want +got)\n%s", columns, diff)
		}
		if columns == "80" {
			if diff := cmp.Diff(table+rest, stdout); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
	}
}

// TestVerifyTableOfMany: of many causes of one kind only the first are printed in full, and a command that they have in common once.
func TestVerifyTableOfMany(t *testing.T) {
	t.Parallel()
	g := gate(t, "pod-image-pull", 6)
	stdout, _ := g.holds(t, 2, []string{"6 of 6 components failed", "ImagePullBackOff, 3 more:\n"}, "--timeout", "0")
	full, explained := strings.Count(stdout, "  Affects greeter-000"), strings.Count(stdout, "kubectl choreo explain ImagePullBackOff")
	if full != 3 || explained != 1 {
		t.Errorf("%d causes in full, want 3; the page of the code %d times, want once:\n%s", full, explained, stdout)
	}
}

// TestTheFormatChangesNoCode, nor says anything on the standard error.
func TestTheFormatChangesNoCode(t *testing.T) {
	t.Parallel()
	for _, format := range printers.VerifyFormats() {
		for scenario, want := range map[string]int{"healthy": 0, "dependency-fails": 2, "rights-missing": 4, "revision-not-fetched": 3} {
			stdout, stderr, exit := runIn(t, nil, "verify", "--snapshot", scenarioDir+"/"+scenario+"/snapshot.yaml", "-o", format)
			if exit != want || stderr != "" || (stdout == "" && format != "github") {
				t.Errorf("%s, %s: exit %d, want %d; %d bytes; %s", scenario, format, exit, want, len(stdout), stderr)
			}
		}
	}
}

// TestVerifyReports: a pipeline has the table in its log, and the files that its system reads.
func TestVerifyReports(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	snapshot := scenarioDir + "/dependency-fails/snapshot.yaml"
	stdout, stderr, exit := runIn(t, nil, "verify", "--snapshot", snapshot, "--report", "junit="+dir+"/a.xml", "--report", "sarif="+dir+"/a.sarif")
	if exit != 2 || !strings.Contains(stdout, "COMPONENT") || stderr != "" {
		t.Errorf("exit %d\n%s%s", exit, stdout, stderr)
	}
	for file, words := range map[string]string{"a.xml": "<testsuites", "a.sarif": `"version": "2.1.0"`} {
		if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(text), words) {
			t.Errorf("%s: %v\n%s", file, err, text)
		}
	}
	if _, stderr, exit := runIn(t, nil, "verify", "--snapshot", snapshot, "--report", "junit="+dir+"/none/a.xml"); exit != 1 || !strings.Contains(stderr, "write report") {
		t.Errorf("into no folder: exit %d, %s", exit, stderr)
	}
}
