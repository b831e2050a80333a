package problem

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestProblemOf: a failure has its rung, in its environment, with the objects on the way to the cause. Where nothing has failed, all rungs
// count that are not healthy.
func TestProblemOf(t *testing.T) {
	t.Parallel()
	ref := func(name string) facts.Ref { return facts.Ref{Kind: "Thing", Name: name} }
	rung := func(id trace.RungID, state trace.State, object string, parts ...string) trace.Rung {
		r := trace.Rung{ID: id, State: state, Object: ref(object)}
		for _, part := range parts {
			r.Parts = append(r.Parts, trace.Part{Object: ref(part)})
		}
		return r
	}
	finding := trace.Finding{Object: ref("cause"), Path: []facts.Ref{ref("symptom"), {}}}
	failing := &trace.Failure{Rung: trace.RungPod, Environment: "dev", Finding: finding}
	withFinding := rung(trace.RungPod, trace.Failed, "pods", "p1", "p2")
	withFinding.Findings = []trace.Finding{{Object: ref("cause"), Path: []facts.Ref{ref("symptom")}}}
	environments := []trace.Environment{
		{Name: "dev", Rungs: []trace.Rung{rung(trace.RungBinding, trace.Progressing, "b"), withFinding}}, {Name: "prod", Rungs: []trace.Rung{rung(trace.RungPod, trace.Failed, "other")}},
	}
	for name, c := range map[string]struct {
		trace   *trace.Trace
		places  []string
		objects []string
	}{
		"Fails":   {&trace.Trace{Failing: failing, Environments: environments}, []string{"pod (dev)"}, []string{"cause", "symptom", "pods", "p1", "p2"}},
		"Waits":   {&trace.Trace{Rungs: []trace.Rung{rung(trace.RungGit, trace.OK, "g"), rung(trace.RungSource, trace.Progressing, "s")}}, []string{"source"}, []string{"s"}},
		"Unknown": {&trace.Trace{Rungs: []trace.Rung{rung(trace.RungSource, trace.Unknown, "s"), rung(trace.RungDelivery, trace.Blocked, "d")}}, []string{"source"}, []string{"s"}},
		"Unclear": {&trace.Trace{Environments: environments}, []string{"binding (dev)", "pod (dev)", "pod (prod)"}, []string{"b", "cause", "symptom", "pods", "p1", "p2", "other"}},
		"Healthy": {&trace.Trace{Rungs: []trace.Rung{rung(trace.RungGit, trace.OK, "g"), rung(trace.RungSource, trace.Suspended, "s")}}, nil, nil},
	} {
		p := problemOf(c.trace)
		var objects []string
		for _, o := range p.objects {
			objects = append(objects, o.Name)
		}
		if diff := cmp.Diff([][]string{c.places, c.objects}, [][]string{p.places, objects}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
