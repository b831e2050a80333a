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

// TestReplicasOfAnUnseenPlane: where only OpenChoreo's report is known, the number that an autoscaler set is the wanted one.
func TestReplicasOfAnUnseenPlane(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	status := func(n int64, available, progressing string) map[string]any {
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
	for name, c := range map[string]struct {
		status  map[string]any
		left    bool   // spec.replicas is left out of what was rendered
		scaler  string // its target
		summary string
	}{
		"ScaledToZero":           {status(0, "True", "NewReplicaSetAvailable"), true, "self", "Deployment scaled to 0"},
		"LeftOutAndScaledToZero": {status(0, "True", "NewReplicaSetAvailable"), true, "", "Deployment scaled to 0"},
		"ScaledDown":             {status(1, "True", "NewReplicaSetAvailable"), false, "self", "Deployment 1/1"},
		"AutoscalerOfAnother":    {status(1, "True", "NewReplicaSetAvailable"), false, "another", "Deployment 1/3 ready, 1 updated"},
		"NotAvailable":           {status(0, "False", "NewReplicaSetAvailable"), true, "self", "Deployment 0/1 ready, 0 updated"},
		"RollingOut":             {status(0, "True", "ReplicaSetUpdated"), true, "self", "Deployment 0/1 ready, 0 updated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			name := w.Deployment().Ref.Name
			for _, o := range w.OnPlanes() {
				w.Answer(o, facts.Unreachable)
			}
			for _, l := range w.Lists() {
				if l.Query.Plane != facts.Control {
					w.PutList(facts.List{Query: l.Query, Outcome: facts.Unreachable, Reason: "no route"}, nil)
				}
			}
			r := w.One("RenderedRelease", "greeter-service-development")
			for _, item := range kinds.Items(r.Body, "spec", "resources") {
				if spec := kinds.Fields(item, "object", "spec"); kinds.String(item, "object", "kind") == "Deployment" {
					if spec["replicas"] = int64(3); c.left {
						delete(spec, "replicas")
					}
				}
			}
			for _, item := range kinds.Items(r.Body, "status", "resources") {
				if item["kind"] == "Deployment" {
					item["status"] = c.status
				}
			}
			if c.scaler != "" {
				scaler(w, "ScaledObject", strings.ReplaceAll(c.scaler, "self", name))
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
