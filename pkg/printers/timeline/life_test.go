package timeline

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestChangeLine: what a commit did to an object, with the file in which it is.
func TestChangeLine(t *testing.T) {
	t.Parallel()
	object := facts.Ref{Plane: facts.Control, Kind: "Workload", Namespace: "shop", Name: "pay"}
	for want, c := range map[string]facts.ObjectChange{
		"Workload shop/pay added (a.yaml)":                              {Added: true},
		"Workload shop/pay added, with pay-2 (a.yaml)":                  {Added: true, Release: "pay-2"},
		"Workload shop/pay added, with image app:2 (a.yaml)":            {Added: true, Image: "app:2"},
		"Workload shop/pay removed (a.yaml)":                            {Removed: true, Image: "app:2"},
		"Workload shop/pay: spec.a changed (a.yaml)":                    {Fields: []facts.FieldChange{{Path: "spec.a"}}},
		"Workload shop/pay: spec.a: 1 → 2, spec.b added: 3 (a.yaml)":    {Fields: []facts.FieldChange{{Path: "spec.a", Old: "1", New: "2"}, {Path: "spec.b", New: "3"}}},
		"Workload shop/pay: spec.a removed, and 4 more fields (a.yaml)": {Fields: []facts.FieldChange{{Path: "spec.a", Old: "1"}}, More: 4},
		"Workload shop/pay: spec.a: 1 → 2 (a.yaml)":                     {Fields: []facts.FieldChange{{Path: "spec.a", Old: "1", New: "2"}}, Release: "pay-2"},
	} {
		c.Object, c.File = object, "a.yaml"
		if got := changeLine(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestStageLine: what became of a commit in an environment, and which release that has instead.
func TestStageLine(t *testing.T) {
	t.Parallel()
	row := func(s history.State) *history.Row { return &history.Row{Release: "pay-2", State: s} }
	for want, c := range map[string]struct {
		release string // of the commit
		row     *history.Row
		runs    string
	}{
		"dev: pay-2 is running":                                                  {"pay-2", row(history.Running), ""},
		"dev: pay-2 is progressing":                                              {"pay-2", row(history.Progressing), ""},
		"dev: pay-2 is undeployed":                                               {"pay-2", row(history.Undeployed), ""},
		"dev: pay-2 has failed":                                                  {"pay-2", row(history.Failed), ""},
		"dev: pay-2 is pinned; its health is unknown":                            {"pay-2", row(history.Unknown), ""},
		"dev: pay-2 is not applied yet":                                          {"pay-2", row(history.NotApplied), ""},
		"dev: pay-2 was replaced":                                                {"pay-2", row(history.Replaced), ""},
		"dev: pay-2 is not applied yet; the environment has pay-1":               {"pay-2", row(history.NotApplied), "pay-1"},
		"dev: pay-2 was replaced; the environment has pay-3":                     {"pay-2", row(history.Replaced), "pay-3"},
		"dev: the commit does not change the release; the environment has pay-1": {"", nil, "pay-1"},
		"dev: pay-2 waits for promotion; the environment has pay-1":              {"pay-2", nil, "pay-1"},
		"dev: pay-2 waits for promotion; the component is not bound":             {"pay-2", nil, ""},
		"dev: the component is not bound":                                        {"", nil, ""},
	} {
		if got := stageLine(&history.Life{Release: c.release}, history.Stage{Environment: "dev", Row: c.row, Runs: c.runs}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestSteps: a known time has its source, an unknown one the reason. Long texts are wrapped below their beginning.
func TestSteps(t *testing.T) {
	t.Parallel()
	took, when := 90.0, time.Date(2026, 11, 21, 10, 0, 0, 0, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		step  history.Step
		width int
		want  string
	}{
		"First":   {history.Step{ID: history.StepCommitted, State: history.StepKnown, At: when, Source: "git"}, 0, "  committed  2026-11-21T09:00:00Z  (git)\n"},
		"Took":    {history.Step{ID: history.StepApplied, State: history.StepKnown, At: when, TookSeconds: &took}, 0, "  applied    2026-11-21T09:00:00Z  +1m30s\n"},
		"Waiting": {history.Step{ID: history.StepRunning, State: history.StepWaiting, At: when}, 0, "  running    waiting\n"},
		"None":    {history.Step{ID: history.StepMerged, State: history.StepNone}, 0, "  merged     -\n"},
		"Unknown": {history.Step{ID: history.StepFetched, State: history.StepUnknown, Reason: "no record"}, 0, "  fetched    ?  (no record)\n"},
		"Wrapped": {history.Step{ID: history.StepFetched, State: history.StepUnknown, Reason: "nothing in the cluster records it"}, 40, "  fetched    ? (nothing in the cluster\n             records it)\n"},
	} {
		var out strings.Builder
		writeStep(&out, c.step, style.Options{Width: c.width})
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestCells: the columns of a row show who set the release, and what is not known.
func TestCells(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	took, lead := 15.0, 75.0
	committed := history.Step{ID: history.StepCommitted, State: history.StepKnown, At: now.Add(-time.Hour)}
	fetched := history.Step{ID: history.StepFetched, State: history.StepKnown, At: now.Add(-5 * time.Minute)}
	applied := history.Step{ID: history.StepApplied, State: history.StepKnown, At: now, TookSeconds: &took}
	waiting := history.Step{ID: history.StepRunning, State: history.StepWaiting}
	for want, row := range map[string]history.Row{
		"dev|pay-2|running|0123456|Dana|60m ago|?|5m ago|+15s|?|?|waiting|1m15s": {
			Environment: "dev", Release: "pay-2", State: history.Running, Commit: &history.Commit{ID: "0123456789", Author: "Dana"}, Steps: []history.Step{committed, fetched, applied, waiting}, LeadTimeSeconds: &lead,
		},
		"dev|pay-2|running, behind qa|0123456|-|?|?|?|?|?|?|?|?":      {Environment: "dev", Release: "pay-2", State: history.Running, Behind: "qa", Commit: &history.Commit{ID: "0123456789"}},
		"dev|pay-2|running|-|kubectl (field manager)|?|?|?|?|?|?|?|?": {Environment: "dev", Release: "pay-2", State: history.Running, SetBy: "kubectl"},
		"dev|pay-2|unknown|?|?|?|?|?|?|?|?|?|?":                       {Environment: "dev", Release: "pay-2", State: history.Unknown},
		"dev|-|not bound|-|-|-|-|-|-|-|-|-|-":                         {Environment: "dev", State: history.NotBound},
	} {
		if got := strings.Join(cells(row, style.Options{Now: now}), "|"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestReasonsUnknown: each reason is printed once, with the steps that it is about.
func TestReasonsUnknown(t *testing.T) {
	t.Parallel()
	unknown := func(id history.StepID, reason string) history.Step {
		return history.Step{ID: id, State: history.StepUnknown, Reason: reason}
	}
	h := &history.History{Rows: []history.Row{
		{Steps: []history.Step{unknown(history.StepFetched, "one"), unknown(history.StepApplied, "two"), unknown(history.StepMerged, "")}},
		{Steps: []history.Step{unknown(history.StepFetched, "one"), unknown(history.StepRendered, "one"), {ID: history.StepRunning, State: history.StepWaiting, Reason: "three"}}},
	}}
	if diff := cmp.Diff([]string{"? fetched, rendered: one", "? applied: two"}, reasonsUnknown(h)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
