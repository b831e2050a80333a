package binding_test

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestRungs breaks what stands between a release and its plane.
func TestRungs(t *testing.T) {
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
		"CellNotReady": {Change: func(w assesstest.World) {
			w.Condition(w.One("ProjectReleaseBinding", "-development"), time.Hour, "Ready", "False", "RenderingFailed", "x")
			w.Condition(w.One("ProjectReleaseBinding", "-development"), time.Hour, "Synced", "False", "RenderingFailed", "Failed to render manifests")
		}, Want: assesstest.Failed(trace.RungCell, dev, trace.CodeProjectReleaseBindingNotReady, "ProjectReleaseBinding")},
		"CellNamespaceGoneUnderAReadyBinding": {Change: func(w assesstest.World) {
			w.Answer(w.One("Namespace", strings.TrimPrefix(w.Cell("development"), "dp")), facts.Absent)
		}, Want: assesstest.Failed(trace.RungCell, dev, trace.CodeCellNamespaceNotFound, "Namespace")},
		"StaleNotFoundOfAnEnvironment": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Minute, "ReleaseSynced", "False", "EnvironmentNotFound", `Environment "development" not found`)
		}, Want: assesstest.Failed(trace.RungBinding, dev, trace.CodeStaleNotFound, "ReleaseBinding")},
		"RenderingFails": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Hour, "ReleaseSynced", "False", "RenderingFailed", "Failed to render resources: …")
		}, Want: assesstest.Failed(trace.RungBinding, dev, trace.CodeRenderingFailed, "ReleaseBinding")},
		"ConnectionsPendingForAWhile": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Second, "ConnectionsResolved", "False", "ConnectionsPending", "1 connections pending")
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"ConnectionsPendingForEver": {Change: func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "-development"), time.Hour, "ConnectionsResolved", "False", "ConnectionsPending", "1 connections pending")
		}, Want: assesstest.Failed(trace.RungBinding, dev, trace.CodeConnectionsPending, "ReleaseBinding")},
		"ApplyFails": {Change: func(w assesstest.World) {
			w.Condition(w.One("RenderedRelease", "greeter-service-development"), time.Hour, "ResourcesApplied", "False", "ApplyFailed", "Failed to apply resources to target plane: failed to apply resource deployment-x: Deployment.apps \"x\" is invalid: spec: no")
		}, Want: assesstest.Failed(trace.RungRendered, dev, trace.CodeApplyFailed, "RenderedRelease")},
		"OldGenerationUnderAReadyBinding": {Change: func(w assesstest.World) {
			r := w.One("RenderedRelease", "greeter-service-development")
			w.Set(r, int64(2), "metadata", "generation")
			changedAnHourAgo(w)
		}, Want: assesstest.Failed(trace.RungRendered, dev, trace.CodeGenerationNotApplied, "RenderedRelease")},
		"AppliedAMomentBeforeItsNamespace": {Change: func(w assesstest.World) { w.ApplyFailed(time.Second) }, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"AppliedBeforeItsNamespaceCameLate": {Change: func(w assesstest.World) {
			w.NamespaceReady(10 * time.Second)
			w.ApplyFailed(40 * time.Second)
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"AppliedAMinuteBeforeItsNamespace": {Change: func(w assesstest.World) {
			w.NamespaceReady(30 * time.Second)
			w.ApplyFailed(90 * time.Second)
		}, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
		"NotAppliedThoughItWasDue": {Change: func(w assesstest.World) {
			w.NamespaceReady(70 * time.Second)
			w.ApplyFailed(80 * time.Second)
		}, Want: assesstest.Failed(trace.RungRendered, dev, trace.CodeStaleApplyFailed, "RenderedRelease")},
		"AppliesAgainMuchLater": {Change: func(w assesstest.World) {
			w.NamespaceReady(time.Second)
			w.ApplyFailed(3 * time.Minute)
		}, Want: assesstest.Failed(trace.RungRendered, dev, trace.CodeStaleApplyFailed, "RenderedRelease")},
		"ApplyFailedOutlivesItsCause": {Change: func(w assesstest.World) { w.ApplyFailed(time.Hour) }, Want: assesstest.Failed(trace.RungRendered, dev, trace.CodeStaleApplyFailed, "RenderedRelease")},
		"AppliedButNothingListed": {Change: func(w assesstest.World) {
			nothingListed(w)
			changedAnHourAgo(w)
		}, Want: assesstest.Failed(trace.RungRendered, dev, trace.CodeAppliedButNotListed, "RenderedRelease")},
		"AppliedAgainAMomentAgo": {Change: nothingListed, Want: assesstest.Outcome{Verdict: trace.VerdictProgressing}},
	})
}

// nothingListed: the objects of the present generation are applied, but not listed. The condition has been True for an hour.
func nothingListed(w assesstest.World) {
	r := w.One("RenderedRelease", "greeter-service-development")
	w.Condition(r, time.Hour, "ResourcesApplied", "True", "ApplySucceeded", "")
	unstructured.RemoveNestedField(r.Body.Object, "status", "resources")
}

func changedAnHourAgo(w assesstest.World) {
	for _, o := range []facts.Object{w.One("RenderedRelease", "greeter-service-development"), w.One("ReleaseBinding", "-development"), w.One("ComponentRelease", "")} {
		w.Set(o, w.TakenAt.Add(-time.Hour).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
	}
	w.Condition(w.One("Kustomization", "-projects"), time.Hour, "Ready", "True", "ReconciliationSucceeded", "")
}
