package steps

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestWritePlan: the objects of a wave stand below its number, each with what it waits for, and what is in the way comes last.
func TestWritePlan(t *testing.T) {
	t.Parallel()
	a, b, c := printerstest.Kustomization("a"), printerstest.Kustomization("b"), printerstest.Kustomization("c")
	waves := [][]PlanNode{{{Object: a}, {Object: b}}, {{Object: c, After: []facts.Ref{b, a}}}}
	problems := []PlanProblem{{Object: c, Problem: "Suspended", Message: "it is\nsuspended", Hint: "resume it"}, {Object: a, Message: "may not be patched"}}
	const first, second = "  1  Kustomization flux-system/a\n     Kustomization flux-system/b\n", "  2  Kustomization flux-system/c   after Kustomization flux-system/a, Kustomization flux-system/b\n"
	const blocked = "Nothing was triggered. Blockers:\n  Kustomization flux-system/c: it is suspended\n    resume it\n  Kustomization flux-system/a: may not be patched\n"
	for name, c := range map[string]struct {
		options style.Options
		plan    Plan
		want    string
	}{
		"Waves":        {style.Options{}, Plan{Waves: waves}, first + second},
		"Problems":     {style.Options{}, Plan{Waves: waves[:1], Problems: problems}, first + "\n" + blocked},
		"Narrow":       {style.Options{Width: 44}, Plan{Waves: waves[1:]}, "  1  Kustomization flux-system/c after\n       Kustomization flux-system/a,\n       Kustomization flux-system/b\n"},
		"NarrowSecond": {style.Options{Width: 44}, Plan{Waves: [][]PlanNode{{{Object: a}, {Object: c, After: []facts.Ref{a}}}}}, "  1  Kustomization flux-system/a\n     Kustomization flux-system/c after\n       Kustomization flux-system/a\n"},
		"Coloured":     {style.Options{Color: true}, Plan{Problems: problems[1:]}, "\n\x1b[1;31mNothing was triggered. Blockers:\x1b[0m\n  Kustomization flux-system/a: may not be patched\n"},
	} {
		var out strings.Builder
		if err := WritePlan(c.options, &out, c.plan); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	var out strings.Builder
	if err := WriteProblems(style.Options{}, &out, Plan{Waves: waves, Problems: problems}); err != nil || out.String() != blocked {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// TestWritersFail where their pipe does: a result that was not delivered is no success.
func TestWritersFail(t *testing.T) {
	t.Parallel()
	pipe, end := io.Pipe()
	_ = pipe.Close()
	for name, err := range map[string]error{
		"Plan":     WritePlan(style.Options{}, end, Plan{}),
		"Problems": WriteProblems(style.Options{}, end, Plan{}),
		"Step":     WriteStepJSON(end, Step{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "write") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPlanDocument: the data form of a plan has its identity, and lists that are never null.
func TestPlanDocument(t *testing.T) {
	t.Parallel()
	a, b := printerstest.Kustomization("a"), printerstest.Kustomization("b")
	const objectA, objectB = `{"plane":"control","group":"kustomize.toolkit.fluxcd.io","kind":"Kustomization","namespace":"flux-system","name":"a"}`, `{"plane":"control","group":"kustomize.toolkit.fluxcd.io","kind":"Kustomization","namespace":"flux-system","name":"b"}`
	for name, c := range map[string]struct {
		plan Plan
		want string
	}{
		"Empty": {Plan{}, `"waves":[],"problems":[]`},
		"Nodes": {
			Plan{Waves: [][]PlanNode{{{Object: a, Revision: "r", Fetches: true}}, {{Object: b, After: []facts.Ref{a}, Target: "r", Current: true}}}},
			`"waves":[[{"object":` + objectA + `,"revision":"r","fetches":true}],[{"object":` + objectB + `,"after":[` + objectA + `],"target":"r","current":true}]],"problems":[]`,
		},
		"Problems": {
			Plan{Problems: []PlanProblem{{Object: a, Problem: "Suspended", Message: "m"}, {Object: b, Message: "n", Hint: "h"}}},
			`"waves":[],"problems":[{"object":` + objectA + `,"problem":"Suspended","message":"m"},{"object":` + objectB + `,"problem":"","message":"n","hint":"h"}]`,
		},
	} {
		got := printerstest.Written(t, func(w io.Writer) error { return data.WriteLine(w, c.plan.Document()) })
		if diff := cmp.Diff(`{"apiVersion":"kubectl-choreo.dev/v1alpha1","kind":"ReconcilePlan",`+c.want+"}\n", got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
