package tui

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestProgressInAPipe: a line where something has changed, and none for the phases of a run.
func TestProgressInAPipe(t *testing.T) {
	t.Parallel()
	var lines []string
	g := &Progress{
		single: true, isPrinted: isWorthALine, show: func([]steps.Step) {},
		print: func(s steps.Step) { lines = append(lines, steps.FormatStep(printers.Options{}, s)) },
	}
	at := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	ks := facts.Ref{Plane: facts.Control, Kind: "Kustomization", Namespace: "flux-system", Name: "oc"}
	for _, e := range []reconcile.Event{
		{State: reconcile.Waiting},
		{State: reconcile.Asked},
		{State: reconcile.Running, Message: "Building"},
		{State: reconcile.Running, Message: "Detecting drift"},
		{State: reconcile.Asked},
		{State: reconcile.Failed, Message: "it is \x1b[31mred"},
	} {
		e.Time, e.Ref = at, ks
		g.Delivery(e)
	}
	rung := func(s trace.State, summary string) settle.Event {
		return settle.Event{Time: at, Trace: &trace.Trace{Environments: []trace.Environment{{
			Name: "development", Verdict: map[bool]trace.Verdict{true: trace.VerdictHealthy, false: trace.VerdictProgressing}[s == trace.OK],
			Rungs: []trace.Rung{{ID: trace.RungPod, State: s, Summary: summary}},
		}}}}
	}
	g.Settling(facts.Subject{}, rung(trace.Progressing, "starting"))
	g.Settling(facts.Subject{}, rung(trace.Progressing, "starting"))
	g.Settling(facts.Subject{}, rung(trace.OK, "1 running"))
	want := []string{
		"04:00:00  Kustomization flux-system/oc  asked",
		"04:00:00  Kustomization flux-system/oc  running",
		`04:00:00  Kustomization flux-system/oc  failed: it is \x1b[31mred`,
		"04:00:00  development: pod  progressing: starting",
		"04:00:00  development  healthy",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStanding: of each environment the topmost rung that is not well; nothing of one that is not bound.
func TestStanding(t *testing.T) {
	t.Parallel()
	got := standing(&trace.Trace{
		Rungs: []trace.Rung{{ID: trace.RungSource, State: trace.OK}},
		Environments: []trace.Environment{
			{Name: "a", Verdict: trace.VerdictFailed, Rungs: []trace.Rung{{ID: trace.RungCell, State: trace.Progressing}, {ID: trace.RungPod, State: trace.Failed}}},
			{Name: "b", Verdict: trace.VerdictHealthy, Current: trace.Behind},
			{Name: "c", Verdict: trace.VerdictSuspended},
		},
	})
	var words []string
	for _, s := range got {
		words = append(words, s.Environment+" "+string(s.Rung)+" "+s.State)
	}
	if diff := cmp.Diff([]string{"a pod Failed", "b  Behind"}, words); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
