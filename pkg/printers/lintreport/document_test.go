package lintreport

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// annotated are findings of some severities.
func annotated(severities ...string) []ci.Annotation {
	var all []ci.Annotation
	for _, severity := range severities {
		all = append(all, ci.Annotation{Severity: severity})
	}
	return all
}

// TestDocument: the data form has each finding with its file from the root of the clone, and leaves out what is not known.
func TestDocument(t *testing.T) {
	t.Parallel()
	r := Report{FailOn: trace.Warning, Folder: "x", InClone: "gitops/", Suppressed: Suppressed{1, 2, 3}, Findings: []ci.Annotation{
		{Code: "A", Severity: "warning", Object: facts.Ref{Plane: facts.Control, Kind: "Project", Name: "p"}, Message: "m", Hint: "h", File: "a.yaml", Line: 3, Names: []string{"n"}, Cause: "A-1"},
		{Code: "B", Severity: "info", Message: "n"},
	}}
	const head, tail = `{"apiVersion":"kubectl-choreo.dev/v1alpha1","kind":"LintReport","decision":"Failed","failOn":"warning","findings":[`, `],"checked":{"objects":{},"notApplied":0},"suppressed":{"settings":1,"annotations":2,"baseline":3}}` + "\n"
	const first = `{"code":"A","severity":"warning","object":{"plane":"control","group":"","kind":"Project","name":"p"},"message":"m","hint":"h","file":"gitops/a.yaml","line":3,"names":["n"],"cause":"A-1"}`
	const second = `{"code":"B","severity":"info","object":{"plane":"","group":"","kind":"","name":""},"message":"n"}`
	got := printerstest.Written(t, func(w io.Writer) error { return data.WriteLine(w, r.Document()) })
	if diff := cmp.Diff(head+first+","+second+tail, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCoverageData: the data form counts each state and reason of each kind, and leaves out the states that do not occur.
func TestCoverageData(t *testing.T) {
	t.Parallel()
	c := manifest.Coverage{
		Clusters: []string{"east"}, Objects: map[manifest.Family]int{manifest.FluxFamily: 2, manifest.OtherFamily: 1}, NotApplied: 4,
		Deliveries: append([]manifest.Delivery{{Ref: facts.Ref{Kind: "Application"}, State: manifest.NotReachable}}, append(append(append(
			deliveries(2, manifest.Skipped, "suspended"), deliveries(1, manifest.Skipped, "remote")...), deliveries(1, manifest.Built, "")...), deliveries(3, manifest.BuildFailed, "")...)...),
		Against: &manifest.Against{Context: "prod", Changed: 3, Accepted: 1, Refused: 1, NotChecked: map[manifest.NotChecked]int{manifest.IsSecret: 1}},
	}
	want := lintCoverage{
		Clusters: []string{"east"}, Objects: map[string]int{"Flux": 2, "other": 1}, NotApplied: 4,
		Deliveries: []lintDelivery{
			{Kind: "Kustomization", Total: 7, States: map[string]int{"built": 1, "failed": 3, "skipped": 3}, Reasons: map[string]int{"suspended": 2, "remote": 1}},
			{Kind: "Application", Total: 1, States: map[string]int{"notReachable": 1}},
		},
		Against: &lintAgainst{Context: "prod", Changed: 3, Accepted: 1, Refused: 1, NotChecked: map[manifest.NotChecked]int{"secret": 1}},
	}
	if diff := cmp.Diff(want, coverageData(c)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	names := map[manifest.DeliveryState]string{}
	for _, state := range manifest.DeliveryStates() {
		names[state] = stateName(state)
	}
	wantNames := map[manifest.DeliveryState]string{
		manifest.Built: "built", manifest.BuildFailed: "failed", manifest.FromOtherSource: "otherSource",
		manifest.NotReachable: "notReachable", manifest.Skipped: "skipped", manifest.NotRead: "notBuilt",
	}
	if diff := cmp.Diff(wantNames, names); diff != "" {
		t.Errorf("states (-want +got)\n%s", diff)
	}
}
