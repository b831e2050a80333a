package dataplane_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestJobThatIsGone: work that is finished is not missing, however it went away.
func TestJobThatIsGone(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	finished := func(name string) map[string]any {
		return map[string]any{"conditions": []any{map[string]any{"type": name, "status": "True", "message": "as it says"}}}
	}
	const dev = "development"
	for name, c := range map[string]struct {
		status map[string]any
		ttl    bool
		age    time.Duration // of the report
		want   assesstest.Outcome
	}{
		"Complete":             {finished("Complete"), true, time.Hour, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"CompleteWithoutTTL":   {finished("Complete"), false, time.Hour, assesstest.Outcome{Verdict: trace.VerdictHealthy}},
		"Failed":               {finished("Failed"), true, time.Hour, assesstest.Failed(trace.RungResource, dev, trace.CodeJobFailed, "Job")},
		"Running":              {map[string]any{"active": int64(1)}, false, time.Minute, assesstest.Failed(trace.RungResource, dev, trace.CodeResourceNotFound, "Job")},
		"MayHaveFinished":      {map[string]any{"active": int64(1)}, true, time.Minute, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"ReportedAgoAsRunning": {map[string]any{"active": int64(1)}, true, time.Hour, assesstest.Failed(trace.RungResource, dev, trace.CodeResourceNotFound, "Job")},
		"NothingReported":      {nil, true, time.Hour, assesstest.Failed(trace.RungResource, dev, trace.CodeResourceNotFound, "Job")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Render("Job", kinds.Batch, "migrate", assesstest.OldImage, c.status)
			r := w.One("RenderedRelease", "greeter-service-development")
			if c.ttl {
				w.Set(facts.Object{Body: r.Body}, withTTL(w, r), "spec", "resources")
			}
			w.Set(facts.Object{Body: r.Body}, observedAt(w, r, c.age), "status", "resources")
			job := w.One("Job", "migrate")
			w.Answer(job, facts.Absent)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(assess.Assess(w.Snapshot, w.TakenAt))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// withTTL are the rendered objects of a release, of which the first gets ttlSecondsAfterFinished.
func withTTL(_ assesstest.World, r facts.Object) []any {
	var all []any
	for i, item := range kinds.Items(r.Body, "spec", "resources") {
		if i == 0 {
			kinds.Fields(item, "object", "spec")["ttlSecondsAfterFinished"] = int64(60)
		}
		all = append(all, item)
	}
	return all
}

// observedAt are the reports of a release, of which the first is so old.
func observedAt(w assesstest.World, r facts.Object, age time.Duration) []any {
	var all []any
	for i, item := range kinds.Items(r.Body, "status", "resources") {
		if i == 0 {
			item["lastObservedTime"] = w.Ago(age)
		}
		all = append(all, item)
	}
	return all
}

// deploymentStatus is the status of a Deployment with n replicas, or with none.
func deploymentStatus(n int64, available, progressing string) map[string]any {
	s := map[string]any{"observedGeneration": int64(1), "conditions": []any{
		map[string]any{"type": "Available", "status": available, "lastTransitionTime": "2026-11-21T09:00:00Z"},
		map[string]any{"type": "Progressing", "status": "True", "reason": progressing, "lastTransitionTime": "2026-11-21T09:00:00Z"},
	}}
	for _, field := range []string{"replicas", "readyReplicas", "updatedReplicas", "availableReplicas"} {
		if n > 0 {
			s[field] = n
		}
	}
	return s
}

// unreachablePlanes makes each read from a data plane fail.
func unreachablePlanes(w assesstest.World) {
	for _, o := range w.OnPlanes() {
		w.Answer(o, facts.Unreachable)
	}
	for _, l := range w.Lists() {
		if l.Query.Plane != facts.Control {
			w.PutList(facts.List{Query: l.Query, Outcome: facts.Unreachable, Reason: "no route"}, nil)
		}
	}
}

// reportDeployment sets what OpenChoreo rendered and reports for the Deployment. replicas is nil if spec.replicas is not set.
func reportDeployment(w assesstest.World, replicas any, status map[string]any) {
	r := w.One("RenderedRelease", "greeter-service-development")
	for _, item := range kinds.Items(r.Body, "spec", "resources") {
		if spec := kinds.Fields(item, "object", "spec"); kinds.String(item, "object", "kind") == "Deployment" {
			if spec["replicas"] = replicas; replicas == nil {
				delete(spec, "replicas")
			}
		}
	}
	for _, item := range kinds.Items(r.Body, "status", "resources") {
		if item["kind"] == "Deployment" {
			item["status"] = status
		}
	}
}

// TestReplicasOfAnUnseenPlane: where only OpenChoreo's report is known, the number that an autoscaler set is the wanted one.
func TestReplicasOfAnUnseenPlane(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		status   map[string]any
		replicas any    // spec.replicas as rendered
		scaler   string // its target
		summary  string
	}{
		"ScaledToZero":           {deploymentStatus(0, "True", "NewReplicaSetAvailable"), nil, "self", "Deployment scaled to 0"},
		"LeftOutAndScaledToZero": {deploymentStatus(0, "True", "NewReplicaSetAvailable"), nil, "", "Deployment scaled to 0"},
		"ScaledDown":             {deploymentStatus(1, "True", "NewReplicaSetAvailable"), int64(3), "self", "Deployment 1/1"},
		"AutoscalerOfAnother":    {deploymentStatus(1, "True", "NewReplicaSetAvailable"), int64(3), "another", "Deployment 1/3 ready, 1 updated"},
		"NotAvailable":           {deploymentStatus(0, "False", "NewReplicaSetAvailable"), nil, "self", "Deployment 0/1 ready, 0 updated"},
		"RollingOut":             {deploymentStatus(0, "True", "ReplicaSetUpdated"), nil, "self", "Deployment 0/1 ready, 0 updated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			deployment := w.Deployment().Ref.Name
			unreachablePlanes(w)
			reportDeployment(w, c.replicas, c.status)
			if c.scaler != "" {
				scaler(w, "ScaledObject", strings.ReplaceAll(c.scaler, "self", deployment))
			}
			for _, rung := range assess.Assess(w.Snapshot, w.TakenAt).Environments[0].Rungs {
				for _, part := range rung.Parts {
					if part.Object.Kind == "Deployment" && part.Summary != c.summary {
						t.Errorf("%q, want %q", part.Summary, c.summary)
					}
				}
			}
		})
	}
}
