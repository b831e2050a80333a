package lintreport

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// linted is a repository gitops/apps of a clone, looked at from gitops.
func linted() Report {
	coverage := manifest.Coverage{
		Clusters: []string{"east", "west"}, Objects: map[manifest.Family]int{manifest.OpenChoreoFamily: 2, manifest.OtherFamily: 1}, NotApplied: 1,
		Deliveries: []manifest.Delivery{
			{Ref: facts.Ref{Kind: "Kustomization"}, State: manifest.Built},
			{Ref: facts.Ref{Kind: "Kustomization"}, State: manifest.FromOtherSource},
			{Ref: facts.Ref{Kind: "Kustomization"}, State: manifest.Skipped, Reason: "suspended"},
			{Ref: facts.Ref{Kind: "Application"}},
		},
	}
	return Report{FailOn: trace.Error, Folder: "apps", InClone: "gitops/apps/", Coverage: coverage, Suppressed: Suppressed{2, 1, 12}, Findings: []ci.Annotation{
		{Code: "ReferencesNotChecked", Severity: "info", Object: facts.Ref{Kind: "ClusterTrait"}, Message: "not checked"},
		{Code: "EnvironmentNotFound", Severity: "error", Object: facts.Ref{Kind: "Project", Name: "p"}, Message: "Project p names x", Hint: "is y meant?", File: "a/b.yaml", Line: 3, Names: []string{"q"}},
		{Code: "PlaintextSecret", Severity: "warning", Message: "m", File: "c.yaml", Line: 1},
		{Code: "EnvironmentNotFound", Severity: "error", Message: "n", File: "a/b.yaml", Line: 9},
		{Code: "NeverApplied", Severity: "error", Message: "e", File: "f.yaml"},
	}}
}

const lintedSummary = "Checked: 2 clusters; 3 Kustomizations: 1 built, 1 from another source, 1 skipped (suspended); 1 Application: not built; " +
	"3 objects: 2 OpenChoreo, 1 other; 1 object that nothing applies. 3 findings suppressed: 2 by .choreolint.yaml, 1 by annotation; 12 in the baseline\n"

// TestLint: file and line first, as they are found from here.
func TestLint(t *testing.T) {
	t.Parallel()
	want := `ClusterTrait  info  ReferencesNotChecked
  not checked

apps/a/b.yaml:3  error  EnvironmentNotFound
  Project p names x
  is y meant?

apps/c.yaml:1  warning  PlaintextSecret
  m

apps/a/b.yaml:9  error  EnvironmentNotFound
  n

apps/f.yaml  error  NeverApplied
  e

CODE                  SEVERITY  FINDINGS  CAUSES
EnvironmentNotFound   error     2         2
NeverApplied          error     1         1
PlaintextSecret       warning   1         1
ReferencesNotChecked  info      1         1

3 errors, 1 warning, 1 info
To explain a code, run kubectl choreo explain CODE
` + lintedSummary
	if diff := cmp.Diff(want, string(printerstest.Printed(t, linted(), "table"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var out bytes.Buffer
	if err := linted().Print(&out, "", style.Options{Color: true, Width: 40}); err != nil || !strings.Contains(out.String(), "\x1b[1;31merror\x1b[0m") {
		t.Errorf("%v %q", err, out.String())
	}
	if got := string(printerstest.Printed(t, Report{}, "table")); got != "nothing found\nChecked: no objects\n" {
		t.Errorf("%q", got)
	}
	if err := linted().Print(&out, "xml", style.Options{}); err == nil || !strings.Contains(err.Error(), "table, json") {
		t.Errorf("an unknown format: %v", err)
	}
}

// TestLintDecision: what is worth knowing never counts, what has no severity always does.
func TestLintDecision(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		severity string
		failOn   trace.Severity
		want     verify.Decision
	}{
		"Info":             {"info", trace.Warning, verify.Passed},
		"Warning":          {"warning", trace.Error, verify.Passed},
		"WarningThatFails": {"warning", trace.Warning, verify.Failed},
		"Error":            {"error", trace.Error, verify.Failed},
		"None":             {"", trace.Error, verify.Failed},
	} {
		if got := (Report{FailOn: c.failOn, Findings: []ci.Annotation{{Severity: c.severity}}}).Decision(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestLintData(t *testing.T) {
	t.Parallel()
	for format, read := range map[string]func([]byte, any) error{"json": json.Unmarshal, "yaml": func(text []byte, to any) error { return yaml.Unmarshal(text, to) }} {
		var got map[string]any
		if err := read(printerstest.Printed(t, linted(), format), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"apiVersion", "checked", "decision", "failOn", "findings", "kind", "suppressed"}, printerstest.FieldNames(got)); diff != "" {
			t.Errorf("%s: fields (-want +got)\n%s", format, diff)
		}
		all, _ := got["findings"].([]any)
		if got["kind"] != "LintReport" || got["decision"] != "Failed" || len(all) != 5 {
			t.Fatalf("%s: %v", format, got)
		}
		one, _ := all[1].(map[string]any)
		if diff := cmp.Diff([]string{"code", "file", "hint", "line", "message", "names", "object", "severity"}, printerstest.FieldNames(one)); diff != "" || one["file"] != "gitops/apps/a/b.yaml" {
			t.Errorf("%s: %v (-want +got)\n%s", format, one["file"], diff)
		}
	}
	if text := string(printerstest.Printed(t, Report{}, "json")); !strings.Contains(text, `"findings": []`) {
		t.Errorf("lists are never null: %s", text)
	}
}

// TestLintJUnit: a case for each code in a file, which says where; what does not count passes.
func TestLintJUnit(t *testing.T) {
	t.Parallel()
	suites, err := junit.Ingest(printerstest.Printed(t, linted(), "junit"))
	if err != nil || len(suites) != 1 {
		t.Fatalf("%v, %v", suites, err)
	}
	var got []string
	for _, one := range suites[0].Tests {
		got = append(got, string(one.Status)+" "+one.Name+" "+one.Properties["file"]+":"+one.Properties["line"])
	}
	want := []string{
		"passed ReferencesNotChecked :",
		"failed EnvironmentNotFound gitops/apps/a/b.yaml gitops/apps/a/b.yaml:3",
		"passed PlaintextSecret gitops/apps/c.yaml gitops/apps/c.yaml:1",
		"failed NeverApplied gitops/apps/f.yaml gitops/apps/f.yaml:",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if text := suites[0].Tests[1].Error.Error(); strings.Count(text, "File: gitops/apps/a/b.yaml:") != 2 || strings.Contains(text, "Project p:") {
		t.Errorf("the failure is %s", text)
	}
	if empty, err := junit.Ingest(printerstest.Printed(t, Report{}, "junit")); err != nil || empty[0].Totals.Passed != 1 {
		t.Errorf("where nothing was found: %+v, %v", empty, err)
	}
}

func TestLintSARIF(t *testing.T) {
	t.Parallel()
	results := printerstest.SARIFResults(t, printerstest.Printed(t, linted(), "sarif"))
	if len(results) != 5 || *results[1].Locations[0].PhysicalLocation.ArtifactLocation.URI != "gitops/apps/a/b.yaml" || *results[1].Locations[0].PhysicalLocation.Region.StartLine != 3 {
		t.Errorf("%+v", results)
	}
	if len(printerstest.SARIFResults(t, printerstest.Printed(t, Report{}, "sarif"))) != 0 {
		t.Error("an empty report has results")
	}
}

func TestLintGitHub(t *testing.T) {
	t.Parallel()
	want := `::error file=gitops/apps/a/b.yaml,line=3,title=EnvironmentNotFound::Project p names x%0AIs y meant?%0AFile: gitops/apps/a/b.yaml:3
::error file=gitops/apps/a/b.yaml,line=9,title=EnvironmentNotFound::n%0AFile: gitops/apps/a/b.yaml:9
::error file=gitops/apps/f.yaml,title=NeverApplied::e%0AFile: gitops/apps/f.yaml
::warning file=gitops/apps/c.yaml,line=1,title=PlaintextSecret::m%0AFile: gitops/apps/c.yaml:1
::notice title=ReferencesNotChecked::ClusterTrait:%0Anot checked
` + lintedSummary
	if diff := cmp.Diff(want, string(printerstest.Printed(t, linted(), "github"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLintMarkdown(t *testing.T) {
	t.Parallel()
	text := string(printerstest.Printed(t, linted(), "markdown"))
	for _, want := range []string{
		"## Lint: 3 errors, 1 warning, 1 info\n\n| SEVERITY | CODE | FILE | MESSAGE |\n", "| error | EnvironmentNotFound | gitops/apps/a/b.yaml:3 | Project p names x. Is y meant? |\n",
		"\n\nChecked: 2 clusters; 3 Kustomizations: 1 built,",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestLintPrometheus(t *testing.T) {
	t.Parallel()
	families := printerstest.Scraped(t, linted())
	var got []string
	for _, m := range families["choreo_lint_findings"].GetMetric() {
		got = append(got, m.GetLabel()[0].GetValue()+" "+strings.Repeat("x", int(m.GetGauge().GetValue())))
	}
	if diff := cmp.Diff([]string{"error xxx", "warning x", "info x"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for name, want := range map[string]int{"choreo_lint_decision": 1, "choreo_lint_code_findings": 4, "choreo_lint_duration_seconds": 1, "choreo_lint_timestamp_seconds": 1} {
		if n := len(families[name].GetMetric()); n != want {
			t.Errorf("%s: %d samples, want %d", name, n, want)
		}
	}
	if got := len(printerstest.Scraped(t, hostile())["choreo_lint_findings"].GetMetric()); got != 3 {
		t.Errorf("%d samples of printerstest.Hostile findings, want 3", got)
	}
}

// TestLintNothingCommandsATerminal: as those of verify.
func TestLintNothingCommandsATerminal(t *testing.T) {
	t.Parallel()
	printerstest.CheckReport(t, hostile(), Formats())
}

// hostile is hostile in every text, and in the name of a file. It has one finding of each severity, and one of none.
func hostile() Report {
	return Report{Begun: printerstest.Ended.Add(-time.Second), Ended: printerstest.Ended, FailOn: trace.Error, Folder: "here", InClone: "gitops/", Findings: []ci.Annotation{
		{Code: "KustomizationBuildFailed", Severity: "error", Object: facts.Ref{Kind: "Kustomization" + printerstest.Nasty, Name: "apps"}, Message: printerstest.Nasty, Hint: printerstest.Nasty, File: "apps/a b,c:d.yaml", Line: 7, Names: []string{"a", printerstest.Nasty}},
		{Code: printerstest.Nasty, Severity: "warning", Subject: printerstest.Nasty, Message: printerstest.Nasty, File: printerstest.Nasty},
		{Severity: "info", Code: "Worth"},
		{},
	}}
}
