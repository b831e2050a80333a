package binding_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestApplyFailed: the tail of the message says whose the failure is (openchoreo v1.2.3 internal/cluster-gateway/server.go).
func TestApplyFailed(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const prefix = "Failed to apply resources to target plane: failed to apply resource deployment-x: "
	for tail, c := range map[string]struct {
		causedBy trace.RungID
		hint     string
	}{
		`namespaces "dp-x" is being terminated`:                    {"", "the cell's namespace is being deleted"},
		`HTTP tunnel request timeout`:                              {"", "the plane's API server does not answer within 30 s"},
		`x509: certificate has expired`:                            {"", "restart both after a rotation"},
		`tls: bad certificate`:                                     {"", "restart both after a rotation"},
		`dial tcp 127.0.0.1:1: i/o timeout`:                        {"", "does not reach its cluster-gateway"},
		`connection refused`:                                       {"", "does not reach its cluster-gateway"},
		`.spec.x: field not declared in schema`:                    {"", "CustomResourceDefinition is older than what deployment-x renders"},
		`the server could not find the requested resource`:         {"", "does not know the kind of deployment-x"},
		`no matches for kind "X"`:                                  {"", "does not know the kind of deployment-x"},
		`pods "x" is forbidden: violates PodSecurity "restricted"`: {"", "a PodSecurity level that deployment-x does not meet"},
		`is forbidden: exceeded quota: q`:                          {"", "a ResourceQuota of the cell's namespace is used up"},
		`admission webhook "w" denied the request`:                 {"", "an admission webhook of the plane refuses deployment-x"},
		`spec.selector: Invalid value: {"openchoreo.dev/component-uid":"1"}: field is immutable`: {"", "deployment-x still has the selector of a Component that was deleted"},
		`spec.template: Invalid value: {"openchoreo.dev/component-uid":"1"}: field is immutable`: {"", "deployment-x cannot be changed in this field"},
		`spec.clusterIP: field is immutable`:                                                     {"", "deployment-x cannot be changed in this field"},
		`Forbidden: updates to statefulset spec for fields other than`:                           {"", "a StatefulSet cannot be changed in this field"},
		`Deployment.apps "x" is invalid: spec.replicas: -1`:                                      {"", "the plane refuses deployment-x as rendered"},
		`User "agent" cannot patch resource "deployments"`:                                       {"", "the agent's ClusterRole on the plane lacks the right"},
		`deployments "x" is forbidden: a policy`:                                                 {"", "a policy of the plane refuses deployment-x"},
		`something else`:                                                                         {"", "the apply stops at the first object that is refused"},
		`no agents found for plane dataplane/default`:                                            {trace.RungEnvironment, "no agent takes orders for this plane"},
		`agent not authorized for CR default`:                                                    {trace.RungEnvironment, "spec.clusterAgent.clientCA of the plane does not match"},
	} {
		w := healthy.Copy(t)
		w.Condition(w.One("RenderedRelease", bound), time.Minute, "ResourcesApplied", "False", "ApplyFailed", prefix+tail)
		want := []string{"Failed not applied: deployment-x", "error ApplyFailed of RenderedRelease " + bound + ": " + prefix + tail}
		r := binding.AssessRendered(w.Development())
		check(t, tail, r, want, c.causedBy, c.hint)
		if r.Current != trace.Behind {
			t.Errorf("%s: current %d, want behind", tail, r.Current)
		}
	}
}

// TestAgentIsBack: the failure outlives the agent's return by the controller's back-off.
func TestAgentIsBack(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const message = "no agents found for plane dataplane/default"
	for name, c := range map[string]struct {
		since time.Duration // of the agent's connection
		code  string
		hint  string
	}{
		"Since":  {time.Minute, "StaleApplyFailed", "the agent is back since"},
		"Before": {2 * time.Hour, "ApplyFailed", "no agent takes orders"},
	} {
		w := healthy.Copy(t)
		w.Condition(w.One("RenderedRelease", bound), time.Hour, "ResourcesApplied", "False", "ApplyFailed", message)
		w.Set(w.One("ClusterDataPlane", ""), w.Ago(c.since), "status", "agentConnection", "lastConnectedTime")
		check(t, name, binding.AssessRendered(w.Development()), []string{"Failed not applied", "error " + c.code + " of RenderedRelease " + bound + ": " + message}, trace.RungEnvironment, c.hint)
	}
}

func TestRendered(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	rendered := func(w assesstest.World) facts.Object { return w.One("RenderedRelease", bound) }
	generation := func(n int64) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.Aged(time.Hour)
			w.Set(rendered(w), n, "metadata", "generation")
		}
	}
	without := func(w assesstest.World) {
		w.Aged(time.Hour)
		w.Drop(rendered(w).Ref)
		w.ClearOwners("RenderedRelease")
	}
	for name, c := range map[string]struct {
		change   func(w assesstest.World)
		want     []string
		causedBy trace.RungID
		hint     string
	}{
		"Healthy": {func(assesstest.World) {}, []string{"OK 5 objects applied"}, "", ""},
		"OfAnEarlierRelease": {func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", bound), time.Hour, "ReleaseSynced", "False", "RenderingFailed", "no")
		}, []string{"OK 5 objects applied, of an earlier release"}, "", ""},
		"NeverApplied": {both(generation(1), func(w assesstest.World) {
			unstructured.RemoveNestedField(rendered(w).Body.Object, "status", "conditions")
		}), []string{"Failed rendered, but never applied to the plane", "error GenerationNotApplied of RenderedRelease " + bound + ": rendered, but never applied to the plane"}, "", "may be down"},
		"OlderApplied": {generation(7), []string{
			"Failed rendered generation 7, but the plane has generation 1", "error GenerationNotApplied of RenderedRelease " + bound + ": rendered generation 7, but the plane has generation 1",
		}, "", "the older release still runs"},
		"OlderAppliedWithTheAgentAway": {both(generation(7), func(w assesstest.World) {
			w.Set(w.One("ClusterDataPlane", ""), false, "status", "agentConnection", "connected")
		}), []string{
			"Failed rendered generation 7, but the plane has generation 1", "error GenerationNotApplied of RenderedRelease " + bound + ": rendered generation 7, but the plane has generation 1",
		}, trace.RungEnvironment, "the older release still runs"},
		"AppliedSoon": {both(generation(7), func(w assesstest.World) { w.Set(rendered(w), w.Ago(time.Minute), "metadata", "creationTimestamp") }), []string{
			"Progressing rendered generation 7, but the plane has generation 1",
		}, "", ""},
		"None": {without, []string{"Failed none", "error RenderedReleaseNotFound of RenderedRelease " + bound + ": ReleaseBinding healthy/" + bound + " owns no RenderedRelease"}, "", ""},
		"NoneYet": {both(without, func(w assesstest.World) {
			w.Set(w.One("ReleaseBinding", bound), w.Ago(time.Minute), "metadata", "creationTimestamp")
		}), []string{"Progressing not rendered yet"}, "", ""},
		"NoneAsUndeployed": {both(without, func(w assesstest.World) { w.Set(w.One("ReleaseBinding", bound), "Undeploy", "spec", "state") }), []string{"Unknown none"}, "", ""},
		"NoneAsNotBound":   {both(without, func(w assesstest.World) { w.Drop(w.One("ReleaseBinding", bound).Ref) }), []string{"Unknown none"}, "", ""},
		"CleanupFailed": {func(w assesstest.World) {
			w.Deleted(rendered(w), time.Minute)
			w.Condition(rendered(w), time.Minute, "Finalizing", "True", "CleanupFailed", "no agent")
		}, []string{"Failed cannot be taken off the plane", "error CleanupFailed of RenderedRelease " + bound + ": no agent"}, "", "so the object stays"},
		"BeingDeleted": {func(w assesstest.World) { w.Deleted(rendered(w), time.Minute) }, []string{"Progressing " + bound + " is being deleted"}, "", ""},
	} {
		w := healthy.Copy(t)
		c.change(w)
		check(t, name, binding.AssessRendered(w.Development()), c.want, c.causedBy, c.hint)
	}
}
