package binding_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestAgentGrace: OpenChoreo polls once a minute, so an agent that has reconnected is still reported as gone for that long.
func TestAgentGrace(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		since   time.Duration // 0: OpenChoreo has never seen it connected
		created time.Duration // age of the plane
		want    assesstest.Outcome
	}{
		"BetweenTwoPolls":   {40 * time.Second, time.Hour, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"AtTheNextPoll":     {75 * time.Second, time.Hour, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"AwayAtTheNextPoll": {2 * time.Minute, time.Hour, assesstest.Failed(trace.RungEnvironment, "development", trace.CodeAgentDisconnected, "ClusterDataPlane")},
		"NeverSeen":         {0, time.Hour, assesstest.Failed(trace.RungEnvironment, "development", trace.CodeAgentDisconnected, "ClusterDataPlane")},
		"PlaneCreatedNow":   {0, 40 * time.Second, assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	} {
		w := healthy.Copy(t)
		plane := w.One("ClusterDataPlane", "")
		w.Set(plane, false, "status", "agentConnection", "connected")
		w.Set(plane, w.TakenAt.Add(-c.created).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
		unstructured.RemoveNestedField(plane.Body.Object, "status", "agentConnection", "lastDisconnectedTime")
		if c.since > 0 {
			w.Set(plane, w.TakenAt.Add(-c.since).UTC().Format(time.RFC3339), "status", "agentConnection", "lastDisconnectedTime")
		}
		if got := assesstest.OutcomeOf(assess.Assess(w.Snapshot, w.TakenAt)); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestDefaultPlane: only where the namespace is known to have no DataPlane is its Environment on the cluster's.
func TestDefaultPlane(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		own, shared facts.Outcome
		synced      string // the reason for which the binding is not in sync; "": it is
		want        assesstest.Outcome
		named       string // the kind that the environment rung's first finding is about
	}{
		"Absent":                {facts.Absent, facts.Found, "", assesstest.Outcome{Verdict: trace.VerdictHealthy}, ""},
		"NotInstalled":          {facts.NoKind, facts.Found, "", assesstest.Outcome{Verdict: trace.VerdictHealthy}, ""},
		"BothAbsent":            {facts.Absent, facts.Absent, "", assesstest.Failed(trace.RungEnvironment, "development", trace.CodeDataPlaneNotFound, "ClusterDataPlane"), "ClusterDataPlane"},
		"Forbidden":             {facts.Forbidden, facts.Found, "", assesstest.Outcome{Verdict: trace.VerdictUnknown}, "DataPlane"},
		"ForbiddenAndNoShared":  {facts.Forbidden, facts.Absent, "", assesstest.Outcome{Verdict: trace.VerdictUnknown}, "DataPlane"},
		"UnreachableAndNone":    {facts.Unreachable, facts.Absent, "", assesstest.Outcome{Verdict: trace.VerdictUnknown}, "DataPlane"},
		"SharedForbidden":       {facts.Absent, facts.Forbidden, "", assesstest.Outcome{Verdict: trace.VerdictUnknown}, "ClusterDataPlane"},
		"ForbiddenAndNotSynced": {facts.Forbidden, facts.Absent, "DataPlaneNotFound", assesstest.Outcome{Verdict: trace.VerdictUnknown}, "DataPlane"},
	} {
		w := healthy.Copy(t)
		w.Subject.Environments = []string{"development"}
		unstructured.RemoveNestedField(w.One("Environment", "development").Body.Object, "spec", "dataPlaneRef")
		own := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "DataPlane", Namespace: w.Subject.Namespace, Name: "default"}
		w.Answer(facts.Object{Ref: own}, c.own)
		if c.shared != facts.Found {
			w.Answer(w.One("ClusterDataPlane", ""), c.shared)
		}
		if c.synced != "" {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Hour, "ReleaseSynced", "False", c.synced, "not found")
		}
		tr := assess.Assess(w.Snapshot, w.TakenAt)
		if got := assesstest.OutcomeOf(tr); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		for _, r := range tr.Environments[0].Rungs {
			if r.ID == trace.RungEnvironment && (len(r.Findings) > 0 || c.named != "") && (len(r.Findings) == 0 || r.Findings[0].Object.Kind != c.named) {
				t.Errorf("%s: the findings are %+v, want one about %s", name, r.Findings, c.named)
			}
		}
	}
}

// TestEnvironmentFails breaks the Environment, its data plane, and the agent.
func TestEnvironmentFails(t *testing.T) {
	t.Parallel()
	const dev = "development"
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
		"EnvironmentAbsent": {Change: func(w assesstest.World) { w.Answer(w.One("Environment", "development"), facts.Absent) }, Want: assesstest.Failed(trace.RungEnvironment, dev, trace.CodeEnvironmentNotFound, "Environment")},
		"PlaneAbsent":       {Change: func(w assesstest.World) { w.Answer(w.One("ClusterDataPlane", ""), facts.Absent) }, Want: assesstest.Failed(trace.RungEnvironment, dev, trace.CodeDataPlaneNotFound, "ClusterDataPlane")},
		"AgentAway": {Change: func(w assesstest.World) {
			w.Set(w.One("ClusterDataPlane", ""), false, "status", "agentConnection", "connected")
		}, Want: assesstest.Failed(trace.RungEnvironment, dev, trace.CodeAgentDisconnected, "ClusterDataPlane")},
		"AgentSilentIsAWarning": {Change: func(w assesstest.World) {
			w.Set(w.One("ClusterDataPlane", ""), w.TakenAt.Add(-time.Hour).UTC().Format(time.RFC3339), "status", "agentConnection", "lastHeartbeatTime")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictHealthy}},
	})
}
