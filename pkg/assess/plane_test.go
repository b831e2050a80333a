package assess

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// summaries are what the rungs of the first environment say, by rung.
func summaries(t *trace.Trace) map[trace.RungID]string {
	said := map[trace.RungID]string{}
	for _, r := range t.Environments[0].Rungs {
		said[r.ID] = r.Summary
	}
	return said
}

// TestAnotherClusterIsNotBelieved: whatever a cluster says that is not the plane, the trace ends at OpenChoreo's report.
func TestAnotherClusterIsNotBelieved(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, change := range map[string]func(w assesstest.World){
		"WithTheSameNames": assesstest.ForeignPlane,
		"WithNothing": func(w assesstest.World) {
			for _, o := range w.OnPlanes() {
				w.Drop(o.Ref)
				if o.Ref.Kind == "Namespace" {
					w.Answer(o, facts.Absent)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(assesstest.Outcome{Verdict: trace.VerdictHealthy}, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			said := summaries(got)
			if !strings.Contains(said[trace.RungResource], "as last reported by OpenChoreo") || said[trace.RungPod] != "not read: no object on this cluster shows that it is data plane default" {
				t.Errorf("resource: %s\npod: %s", said[trace.RungResource], said[trace.RungPod])
			}
		})
	}
}

// TestPodsAreBelievedWhereNothingElseMayBeRead: nothing shows whether the cluster is the plane, and nothing speaks
// against it.
func TestPodsAreBelievedWhereNothingElseMayBeRead(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Waiting("CrashLoopBackOff")
	for _, o := range w.OnPlanes() {
		if o.Ref.Kind != "Pod" {
			w.Answer(o, facts.Forbidden)
		}
	}
	for _, l := range w.Lists() {
		if l.Query.Kind == "Deployment" {
			w.PutList(facts.List{Query: l.Query, Outcome: facts.Forbidden, Reason: "no"}, nil)
		}
	}
	want := assesstest.Failed(trace.RungPod, "development", trace.CodeCrashLoopBackOff, "Pod")
	if diff := cmp.Diff(want, assesstest.OutcomeOf(Assess(w.Snapshot, w.TakenAt))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUnreachablePlaneSaysWhy(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	for _, o := range w.OnPlanes() {
		w.Answer(o, facts.Unreachable)
	}
	for _, l := range w.Lists() {
		if l.Query.Plane != facts.Control {
			w.PutList(facts.List{Query: l.Query, Outcome: facts.Unreachable, Reason: "dial tcp 192.0.2.1:6443: i/o timeout"}, nil)
		}
	}
	got := Assess(w.Snapshot, w.TakenAt)
	if got.Verdict != trace.VerdictHealthy || summaries(got)[trace.RungPod] != "not read: as last reported by OpenChoreo" {
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
func beforeCells(w assesstest.World) {
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
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   assesstest.Outcome
		pod    string
	}{
		"Healthy": {func(assesstest.World) {}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "1 running greeter-service:1.0.0"},
		"PodCrashes": {func(w assesstest.World) {
			w.Waiting("CrashLoopBackOff")
		}, assesstest.Failed(trace.RungPod, "development", trace.CodeCrashLoopBackOff, "Pod"), "CrashLoopBackOff"},
		"ScaledToZero": {func(w assesstest.World) {
			d := w.One("Deployment", "")
			for _, field := range []string{"replicas", "readyReplicas", "availableReplicas", "updatedReplicas"} {
				w.Set(d, int64(0), "status", field)
			}
			w.Set(d, int64(0), "spec", "replicas")
			w.Drop(w.DevPod().Ref)
		}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "none, scaled to 0"},
		"OnAnotherCluster": {func(w assesstest.World) {
			for _, o := range w.OnPlanes() {
				w.Drop(o.Ref)
			}
		}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, "not read: no object on this cluster shows that it is data plane default"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			beforeCells(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
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
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		namespace facts.Outcome
		others    int
		agent     facts.Outcome
		want      assesstest.Outcome
	}{
		"WithItsNamespace":         {facts.Absent, 1, facts.NotAsked, assesstest.Failed(trace.RungCell, "development", trace.CodeCellNamespaceNotFound, "Namespace")},
		"NamespaceMayNotBeRead":    {facts.Forbidden, 1, facts.NotAsked, assesstest.Failed(trace.RungResource, "development", trace.CodeResourceNotFound, "Deployment")},
		"OnNoDataPlane":            {facts.Absent, 0, facts.Absent, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"AgentMayNotBeRead":        {facts.Absent, 0, facts.Forbidden, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"DeletedOrOtherDataPlane":  {facts.Absent, 0, facts.Found, assesstest.Outcome{Verdict: trace.VerdictUnknown}},
		"WithItsNamespaceAndAgent": {facts.Absent, 1, facts.Found, assesstest.Failed(trace.RungCell, "development", trace.CodeCellNamespaceNotFound, "Namespace")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			for _, o := range w.OnPlanes() {
				w.Drop(o.Ref)
				if o.Ref.Kind == "Namespace" {
					w.Answer(o, c.namespace)
				}
			}
			uid := string(w.One("Environment", "development").Body.GetUID())
			proof := facts.List{Query: facts.Query{
				Plane: "default", Group: kinds.Apps, Kind: "Deployment", Names: true, Labels: kinds.LabelEnvironmentUID + "=" + uid,
			}, Outcome: facts.Found}
			for range c.others {
				proof.Items = append(proof.Items, facts.Ref{Plane: "default", Group: kinds.Apps, Kind: "Deployment", Namespace: "dp-other", Name: "other"})
			}
			w.PutList(proof, nil)
			agent := facts.Object{Ref: view.AgentOn("default"), Outcome: c.agent}
			if c.agent == facts.Found {
				agent.Body = &unstructured.Unstructured{Object: map[string]any{}}
			}
			w.Put(agent)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(Assess(w.Snapshot, w.TakenAt))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
