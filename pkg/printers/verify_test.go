package printers

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

func TestJUnitOfAReport(t *testing.T) {
	t.Parallel()
	suites, err := junit.Ingest(printerstest.Printed(t, report(), "junit"))
	if err != nil || len(suites) != 1 || suites[0].Totals.Failed != 3 || suites[0].Totals.Passed != 1 {
		t.Errorf("%+v, %v", suites, err)
	}
}

func TestVerifyData(t *testing.T) {
	t.Parallel()
	var fromJSON, fromYAML map[string]any
	if err := json.Unmarshal(printerstest.Printed(t, report(), "json"), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(printerstest.Printed(t, report(), "yaml"), &fromYAML); err != nil {
		t.Fatal(err)
	}
	want := []string{"apiVersion", "causes", "components", "decision", "kind", "require", "seconds", "takenAt", "timedOut"}
	for format, got := range map[string]map[string]any{"json": fromJSON, "yaml": fromYAML} {
		if diff := cmp.Diff(want, printerstest.FieldNames(got)); diff != "" {
			t.Errorf("%s: fields (-want +got)\n%s", format, diff)
		}
		cause := got["causes"].([]any)[0].(map[string]any)
		if subjects := cause["subjects"].([]any); len(subjects) != 3 || cause["code"] != "KustomizationBuildFailed" {
			t.Errorf("%s: the cause is %v", format, cause)
		}
	}
	component := fromJSON["components"].([]any)[0].(map[string]any)
	if diff := cmp.Diff([]string{"current", "decision", "environments", "probes", "reasons", "subject", "verdict", "wanted"}, printerstest.FieldNames(component)); diff != "" {
		t.Errorf("fields of a component (-want +got)\n%s", diff)
	}
	cell := component["environments"].([]any)[0].(map[string]any)
	if diff := cmp.Diff([]string{"bound", "commit", "current", "environment", "failing", "image", "next", "order", "release", "since", "verdict"}, printerstest.FieldNames(cell)); diff != "" {
		t.Errorf("fields of an environment (-want +got)\n%s", diff)
	}
	if original := component["subject"].(map[string]any)["component"]; original != "a" {
		t.Errorf("the component is %q", original)
	}
}

func TestGitHubOfAReport(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(string(printerstest.Printed(t, report(), "github")), "\n"), "\n")
	if len(lines) != 1 {
		t.Fatalf("%d annotations, want one for one cause", len(lines))
	}
	if got := printerstest.ReadWorkflowCommand(t, lines[0]).Properties; got["file"] != "apps/deep/a.yaml" || got["line"] != "12" {
		t.Errorf("properties %v", got)
	}
}

// report is that of a fleet whose every text is hostile.
func report() VerifyReport {
	at := printerstest.Ended
	object := facts.Ref{Plane: facts.Control, Kind: "Kustomization", Namespace: "flux-system", Name: printerstest.Nasty}
	failing := trace.Failure{Rung: trace.RungDelivery, Finding: trace.Finding{
		Code: trace.CodeKustomizationBuildFailed, Severity: trace.Error, Object: object, Message: printerstest.Nasty + " line 12", Hint: printerstest.Nasty, Since: at.Add(-time.Minute),
		Evidence: []trace.Evidence{{Path: "git apps/deep/a.yaml", Value: printerstest.Nasty}}, NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl choreo reconcile " + printerstest.Nasty}},
	}}
	r := VerifyReport{Begun: at.Add(-12 * time.Second), Ended: at}
	for _, name := range []string{"a", "b", printerstest.Nasty} {
		r.Results = append(r.Results, verify.Result{
			Trace:     &trace.Trace{Subject: facts.Subject{Namespace: "acme", Project: "demo", Component: name}, Verdict: trace.VerdictFailed, Current: trace.Behind, Failing: &failing, TakenAt: at},
			Judgement: verify.Judgement{Decision: verify.Failed, Reasons: []verify.Reason{{Decision: verify.Failed, Requirement: verify.RequireHealthy, Failure: failing}}},
			Cells: []verify.Cell{
				{Environment: "development", Bound: true, Verdict: trace.VerdictFailed, Current: trace.Behind, Release: name + "-1", Image: printerstest.Nasty, Commit: "main@sha1:7040926", Since: at.Add(-time.Hour), Failing: "X", Next: "staging", Order: verify.Ahead},
				{Environment: printerstest.Nasty, Bound: true, Verdict: trace.VerdictHealthy, Current: trace.Current, Release: printerstest.Nasty},
				{Environment: "production"},
			},
			Probes: []verify.Probe{{Environment: "development", Endpoint: printerstest.Nasty, URL: printerstest.Nasty, Error: printerstest.Nasty, Seconds: 0.5}},
		})
	}
	r.Results = append(r.Results, verify.Result{
		Trace:     &trace.Trace{Subject: facts.Subject{Namespace: "acme", Component: "well"}, Verdict: trace.VerdictHealthy, Current: trace.Current, TakenAt: at},
		Judgement: verify.Judgement{Decision: verify.Passed},
	})
	r.Causes = verify.Causes(r.Results)
	return r
}
