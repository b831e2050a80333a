package assess

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// onPlanes are the objects that were read from data planes.
func (w world) onPlanes() []facts.Object {
	return slices.DeleteFunc(w.Objects(), func(o facts.Object) bool { return o.Ref.Plane == facts.Control })
}

// summaries are what the rungs of the first environment say, by rung.
func summaries(t *trace.Trace) map[trace.RungID]string {
	said := map[trace.RungID]string{}
	for _, r := range t.Environments[0].Rungs {
		said[r.ID] = r.Summary
	}
	return said
}

// elsewhere: the cluster that was asked is another installation's, with the same names and everything broken.
func (w world) elsewhere() {
	w.t.Helper()
	w.waiting("CrashLoopBackOff")
	for _, o := range w.onPlanes() {
		labels := o.Body.GetLabels()
		if labels[kinds.LabelRenderedReleaseUID] != "" {
			labels[kinds.LabelRenderedReleaseUID] = "00000000-0000-0000-0000-000000000000"
			o.Body.SetLabels(labels)
		}
		w.set(o, w.TakenAt.Add(-hour).UTC().Format("2006-01-02T15:04:05Z"), "metadata", "deletionTimestamp")
	}
	for _, r := range w.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		for _, item := range kinds.Items(r.Body, "spec", "resources") {
			body, _, _ := unstructured.NestedMap(item, "object")
			if object := (&unstructured.Unstructured{Object: body}); object.GetKind() == "HTTPRoute" {
				w.Put(facts.Object{
					Ref:     facts.Ref{Plane: "default", Group: kinds.GatewayAPI, Kind: "HTTPRoute", Namespace: object.GetNamespace(), Name: object.GetName()},
					Outcome: facts.Absent,
				})
			}
		}
	}
}

// TestAnotherClusterIsNotBelieved: whatever a cluster says that is not the plane, the trace ends at OpenChoreo's report.
func TestAnotherClusterIsNotBelieved(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w world){
		"WithTheSameNames": func(w world) { w.elsewhere() },
		"WithNothing": func(w world) {
			for _, o := range w.onPlanes() {
				w.Drop(o.Ref)
				if o.Ref.Kind == "Namespace" {
					w.answer(o, facts.Absent)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(outcome{Verdict: trace.VerdictHealthy}, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			said := summaries(got)
			if !strings.Contains(said[trace.RungResource], "as last reported by OpenChoreo") || said[trace.RungPod] != "not seen: nothing on this cluster shows that it is plane default" {
				t.Errorf("resource: %s\npod: %s", said[trace.RungResource], said[trace.RungPod])
			}
		})
	}
}

// TestPodsAreBelievedWhereNothingElseMayBeRead: nothing shows whether the cluster is the plane, and nothing speaks
// against it.
func TestPodsAreBelievedWhereNothingElseMayBeRead(t *testing.T) {
	t.Parallel()
	w := healthyWorld(t)
	w.waiting("CrashLoopBackOff")
	for _, o := range w.onPlanes() {
		if o.Ref.Kind != "Pod" {
			w.answer(o, facts.Forbidden)
		}
	}
	for _, l := range w.Lists() {
		if l.Query.Kind == "Deployment" {
			w.PutList(facts.List{Query: l.Query, Outcome: facts.Forbidden, Reason: "no"}, nil)
		}
	}
	want := outcome{trace.VerdictFailed, trace.RungPod, "development", trace.CodeCrashLoopBackOff, "Pod"}
	if diff := cmp.Diff(want, of(Assess(w.Snapshot, w.TakenAt))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUnreachablePlaneSaysWhy(t *testing.T) {
	t.Parallel()
	w := healthyWorld(t)
	for _, o := range w.onPlanes() {
		w.answer(o, facts.Unreachable)
	}
	for _, l := range w.Lists() {
		if l.Query.Plane != facts.Control {
			w.PutList(facts.List{Query: l.Query, Outcome: facts.Unreachable, Reason: "dial tcp 192.0.2.1:6443: i/o timeout"}, nil)
		}
	}
	got := Assess(w.Snapshot, w.TakenAt)
	if got.Verdict != trace.VerdictHealthy || summaries(got)[trace.RungPod] != "not visible from here: as last reported by OpenChoreo" {
		t.Errorf("verdict %s, pod: %s", got.Verdict, summaries(got)[trace.RungPod])
	}
	for _, r := range got.Environments[0].Rungs {
		if r.ID == trace.RungPod && (len(r.Findings) != 1 || r.Findings[0].Message != "dial tcp 192.0.2.1:6443: i/o timeout") {
			t.Errorf("findings %+v", r.Findings)
		}
	}
}

// beforeCells makes the world one of OpenChoreo 1.0 or 1.1: there is no ProjectReleaseBinding, and nothing that is made
// for one.
func (w world) beforeCells() {
	for _, o := range w.Objects() {
		ofProject := o.Ref.Kind == "RenderedRelease" && o.Body.GetLabels()[kinds.LabelComponent] == ""
		if ofProject || o.Ref.Kind == "ProjectReleaseBinding" || o.Ref.Kind == "Namespace" {
			w.Drop(o.Ref)
		}
	}
	for _, l := range w.Lists() {
		switch {
		case l.Query.Kind == "ProjectReleaseBinding":
			w.PutList(facts.List{Query: l.Query, Outcome: facts.NoKind, Reason: "the server could not find the requested resource"}, nil)
		case strings.HasSuffix(l.Query.Labels, ",!"+kinds.LabelComponent):
			w.PutList(facts.List{Query: l.Query, Outcome: facts.Found}, nil)
		}
	}
}

// TestOpenChoreoBeforeCells: OpenChoreo 1.0 and 1.1 do not serve ProjectReleaseBinding.
func TestOpenChoreoBeforeCells(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(w world)
		want   outcome
		pod    string
	}{
		"Healthy": {func(world) {}, outcome{Verdict: trace.VerdictHealthy}, "1 running greeter-service:1.0.0"},
		"PodCrashes": {func(w world) {
			w.waiting("CrashLoopBackOff")
		}, outcome{trace.VerdictFailed, trace.RungPod, "development", trace.CodeCrashLoopBackOff, "Pod"}, "CrashLoopBackOff"},
		"ScaledToZero": {func(w world) {
			d := w.one("Deployment", "")
			for _, field := range []string{"replicas", "readyReplicas", "availableReplicas", "updatedReplicas"} {
				w.set(d, int64(0), "status", field)
			}
			w.set(d, int64(0), "spec", "replicas")
			w.Drop(w.devPod().Ref)
		}, outcome{Verdict: trace.VerdictHealthy}, "none, as asked"},
		"OnAnotherCluster": {func(w world) {
			for _, o := range w.onPlanes() {
				w.Drop(o.Ref)
			}
		}, outcome{Verdict: trace.VerdictHealthy}, "not seen: nothing on this cluster shows that it is plane default"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			w.beforeCells()
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if c.want.Verdict == trace.VerdictHealthy && got.Current != trace.Current {
				t.Errorf("current %v: the exit code is not 0", got.Current)
			}
			if said := summaries(got)[trace.RungPod]; said != c.pod {
				t.Errorf("pod: %q, want %q", said, c.pod)
			}
		})
	}
}

// TestDeletionOfEverythingIsSeen: nothing of the component and its cell is left on the plane, but other components of the
// Environment are.
func TestDeletionOfEverythingIsSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		namespace facts.Outcome
		others    int
		want      outcome
	}{
		"WithItsNamespace":        {facts.Absent, 1, outcome{trace.VerdictFailed, trace.RungCell, "development", trace.CodeCellNamespaceNotFound, "Namespace"}},
		"NamespaceMayNotBeRead":   {facts.Forbidden, 1, outcome{trace.VerdictFailed, trace.RungResource, "development", trace.CodeResourceNotFound, "Deployment"}},
		"NothingOfTheEnvironment": {facts.Absent, 0, outcome{Verdict: trace.VerdictHealthy}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			for _, o := range w.onPlanes() {
				w.Drop(o.Ref)
				if o.Ref.Kind == "Namespace" {
					w.answer(o, c.namespace)
				}
			}
			uid := string(w.one("Environment", "development").Body.GetUID())
			proof := facts.List{Query: facts.Query{
				Plane: "default", Group: kinds.Apps, Kind: "Deployment", Names: true, Labels: kinds.LabelEnvironmentUID + "=" + uid,
			}, Outcome: facts.Found}
			for range c.others {
				proof.Items = append(proof.Items, facts.Ref{Plane: "default", Group: kinds.Apps, Kind: "Deployment", Namespace: "dp-other", Name: "other"})
			}
			w.PutList(proof, nil)
			if diff := cmp.Diff(c.want, of(Assess(w.Snapshot, w.TakenAt))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
