package assess

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// before12 takes away what OpenChoreo 1.2 brought: the cluster does not know a ProjectReleaseBinding.
func before12(w assesstest.World) {
	for _, l := range w.Lists() {
		if l.Query.Kind == "ProjectReleaseBinding" {
			l.Outcome, l.Items = facts.NoKind, nil
			w.PutList(l, nil)
		}
	}
	w.DropWhere(func(o facts.Object) bool { return o.Ref.Kind == "ProjectReleaseBinding" || o.Ref.Kind == "Namespace" })
}

// elsewhere makes the data plane another cluster: the one that was asked has none of its objects.
func onAnotherCluster(w assesstest.World) {
	for _, l := range w.Lists() {
		if l.Query.Plane != facts.Control {
			l.Items = nil
			w.PutList(l, nil)
		}
	}
	w.DropWhere(func(o facts.Object) bool { return o.Ref.Plane != facts.Control })
}

// byHand takes away Flux and its labels; the answer to the list of Kustomizations is the given one.
func byHand(w assesstest.World, answer facts.Outcome) {
	for _, l := range w.Lists() {
		if l.Query.Kind == "Kustomization" {
			l.Outcome, l.Items = answer, nil
			w.PutList(l, nil)
		}
	}
	w.DropWhere(func(o facts.Object) bool {
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

func TestOtherInstallations(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const dev = "development"
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   assesstest.Outcome
		words  string // in the summary or a hint of some rung
	}{
		"Before12":               {func(w assesstest.World) { before12(w) }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "created with the release"},
		"AnotherCluster":         {func(w assesstest.World) { onAnotherCluster(w) }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "no object on this cluster shows that it is data plane"},
		"Before12AnotherCluster": {func(w assesstest.World) { before12(w); onAnotherCluster(w) }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "no object on this cluster shows that it is data plane"},
		"Before12NamespaceDeleted": {
			func(w assesstest.World) { before12(w); w.ApplyFailed(time.Hour) },
			assesstest.Failed(trace.RungRendered, dev, trace.CodeApplyFailed, "RenderedRelease"),
			"before each apply",
		},
		"Before12PodsNotMade": {func(w assesstest.World) {
			before12(w)
			w.DropWhere(func(o facts.Object) bool { return o.Ref.Kind == "Deployment" || o.Ref.Kind == "Pod" })
			w.Put(serviceOf(w, dev))
		}, assesstest.Failed(trace.RungResource, dev, trace.CodeResourceNotFound, "Deployment"), "none: its Deployment does not exist"},
		"ByHand":      {func(w assesstest.World) { byHand(w, facts.Found) }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "none: applied by hand"},
		"WithoutFlux": {func(w assesstest.World) { byHand(w, facts.NoKind) }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "none: applied by hand"},
		"ByHandButWanted": {func(w assesstest.World) {
			byHand(w, facts.Found)
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromFlag}
		}, assesstest.Outcome{Verdict: trace.VerdictUnknown}, "its revision is unknown"},
		"PerhapsByHand":    {func(w assesstest.World) { byHand(w, facts.Forbidden) }, assesstest.Outcome{Verdict: trace.VerdictUnknown}, "not readable: forbidden"},
		"PerhapsNotByHand": {func(w assesstest.World) { byHand(w, facts.Unreachable) }, assesstest.Outcome{Verdict: trace.VerdictUnknown}, "no source reports"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if strings.Contains(name, "ByHand") && got.Current != trace.CurrencyUnknown {
				t.Errorf("current is %v, want unknown", got.Current)
			}
			if all := assesstest.Summaries(got); !strings.Contains(all, c.words) {
				t.Errorf("no rung says %q:\n%s", c.words, all)
			}
		})
	}
}

// serviceOf is an object of the release that is on the plane still, so that this is known to be the plane.
func serviceOf(w assesstest.World, environment string) facts.Object {
	w.T.Helper()
	r := w.One("RenderedRelease", "greeter-service-"+environment)
	for _, o := range w.Objects() {
		if o.Ref.Kind == "ClusterDataPlane" {
			body := r.Body.DeepCopy()
			body.SetLabels(map[string]string{kinds.LabelRenderedReleaseUID: string(r.Body.GetUID())})
			return facts.Object{Ref: facts.Ref{Plane: facts.Plane(o.Ref.Name), Kind: "Service", Namespace: "x", Name: "x"}, Outcome: facts.Found, Body: body}
		}
	}
	w.T.Fatal("there is no data plane")
	return facts.Object{}
}
