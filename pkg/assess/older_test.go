package assess

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// before12 takes away what OpenChoreo 1.2 brought: the cluster does not know a ProjectReleaseBinding.
func (w world) before12() {
	for _, l := range w.Lists() {
		if l.Query.Kind == "ProjectReleaseBinding" {
			l.Outcome, l.Items = facts.NoKind, nil
			w.PutList(l, nil)
		}
	}
	w.drop(func(o facts.Object) bool { return o.Ref.Kind == "ProjectReleaseBinding" || o.Ref.Kind == "Namespace" })
}

// elsewhere makes the data plane another cluster: the one that was asked has none of its objects.
func (w world) onAnotherCluster() {
	for _, l := range w.Lists() {
		if l.Query.Plane != facts.Control {
			l.Items = nil
			w.PutList(l, nil)
		}
	}
	w.drop(func(o facts.Object) bool { return o.Ref.Plane != facts.Control })
}

// byHand takes away Flux and its labels; the answer to the list of Kustomizations is the given one.
func (w world) byHand(answer facts.Outcome) {
	for _, l := range w.Lists() {
		if l.Query.Kind == "Kustomization" {
			l.Outcome, l.Items = answer, nil
			w.PutList(l, nil)
		}
	}
	w.drop(func(o facts.Object) bool {
		return o.Ref.Group == kinds.FluxKustomize || o.Ref.Group == kinds.FluxSource
	})
	for _, o := range w.Objects() {
		if o.Body == nil {
			continue
		}
		labels := o.Body.GetLabels()
		delete(labels, kinds.FluxKustomize+"/name")
		delete(labels, kinds.FluxKustomize+"/namespace")
		o.Body.SetLabels(labels)
	}
}

func (w world) drop(when func(facts.Object) bool) {
	for _, o := range w.Objects() {
		if when(o) {
			w.Drop(o.Ref)
		}
	}
}

func TestOtherInstallations(t *testing.T) {
	t.Parallel()
	const dev = "development"
	for name, c := range map[string]struct {
		change func(w world)
		want   outcome
		words  string // in the summary or a hint of some rung
	}{
		"Before12":               {func(w world) { w.before12() }, outcome{Verdict: trace.VerdictHealthy}, "made with the release"},
		"AnotherCluster":         {func(w world) { w.onAnotherCluster() }, outcome{Verdict: trace.VerdictHealthy}, "nothing on this cluster shows that it is plane"},
		"Before12AnotherCluster": {func(w world) { w.before12(); w.onAnotherCluster() }, outcome{Verdict: trace.VerdictHealthy}, "nothing on this cluster shows that it is plane"},
		"Before12NamespaceDeleted": {
			func(w world) { w.before12(); w.applyFailed(hour) },
			outcome{trace.VerdictFailed, trace.RungRendered, dev, trace.CodeApplyFailed, "RenderedRelease"},
			"each time before it applies",
		},
		"Before12PodsNotMade": {func(w world) {
			w.before12()
			w.drop(func(o facts.Object) bool { return o.Ref.Kind == "Deployment" || o.Ref.Kind == "Pod" })
			w.Put(w.serviceOf(dev))
		}, outcome{trace.VerdictFailed, trace.RungResource, dev, trace.CodeResourceNotFound, "Deployment"}, "none, without its Deployment"},
		"ByHand":      {func(w world) { w.byHand(facts.Found) }, outcome{Verdict: trace.VerdictHealthy}, "none: applied by hand"},
		"WithoutFlux": {func(w world) { w.byHand(facts.NoKind) }, outcome{Verdict: trace.VerdictHealthy}, "none: applied by hand"},
		"ByHandButWanted": {func(w world) {
			w.byHand(facts.Found)
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromFlag}
		}, outcome{Verdict: trace.VerdictUnknown}, "nothing says which revision runs"},
		"PerhapsByHand":    {func(w world) { w.byHand(facts.Forbidden) }, outcome{Verdict: trace.VerdictUnknown}, "could not look: forbidden"},
		"PerhapsNotByHand": {func(w world) { w.byHand(facts.Unreachable) }, outcome{Verdict: trace.VerdictUnknown}, "no source says"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if strings.Contains(name, "ByHand") && got.Current != trace.CurrencyUnknown {
				t.Errorf("current is %v, want unknown", got.Current)
			}
			if all := said(got); !strings.Contains(all, c.words) {
				t.Errorf("no rung says %q:\n%s", c.words, all)
			}
		})
	}
}

// serviceOf is an object of the release that is on the plane still, so that this is known to be the plane.
func (w world) serviceOf(environment string) facts.Object {
	w.t.Helper()
	r := w.one("RenderedRelease", "greeter-service-"+environment)
	for _, o := range w.Objects() {
		if o.Ref.Kind == "ClusterDataPlane" {
			body := r.Body.DeepCopy()
			body.SetLabels(map[string]string{kinds.LabelRenderedReleaseUID: string(r.Body.GetUID())})
			return facts.Object{Ref: facts.Ref{Plane: facts.Plane(o.Ref.Name), Kind: "Service", Namespace: "x", Name: "x"}, Outcome: facts.Found, Body: body}
		}
	}
	w.t.Fatal("there is no data plane")
	return facts.Object{}
}

func said(t *trace.Trace) string {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	var lines []string
	for _, r := range rungs {
		lines = append(lines, string(r.ID)+": "+r.Summary)
		for _, f := range r.Findings {
			lines = append(lines, "  "+f.Hint)
		}
	}
	return strings.Join(lines, "\n")
}
