package binding_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
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
		`namespaces "dp-x" is being terminated`:                    {"", "the namespace is being deleted"},
		`HTTP tunnel request timeout`:                              {"", "the API server of the data plane does not respond within 30 s"},
		`x509: certificate has expired`:                            {"", "restart both after a rotation"},
		`tls: bad certificate`:                                     {"", "restart both after a rotation"},
		`dial tcp 127.0.0.1:1: i/o timeout`:                        {"", "cannot connect to its cluster-gateway"},
		`connection refused`:                                       {"", "cannot connect to its cluster-gateway"},
		`.spec.x: field not declared in schema`:                    {"", "CustomResourceDefinition on the data plane does not have this field of deployment-x: it is probably too old"},
		`the server could not find the requested resource`:         {"", "does not serve the kind of deployment-x"},
		`gizmos.example.com "other" not found`:                     {"", "OpenChoreo stops at the first object"},
		`gizmos.example.com "x" not found`:                         {"", "the data plane does not serve gizmos.example.com: install its CustomResourceDefinition there"},
		`no matches for kind "X"`:                                  {"", "does not serve the kind of deployment-x"},
		`pods "x" is forbidden: violates PodSecurity "restricted"`: {"", "a Pod Security level that deployment-x does not meet"},
		`is forbidden: exceeded quota: q`:                          {"", "a ResourceQuota of the namespace is exceeded"},
		`admission webhook "w" denied the request`:                 {"", "an admission webhook on the data plane rejects deployment-x"},
		`spec.selector: Invalid value: {"openchoreo.dev/component-uid":"1"}: field is immutable`: {"", "deployment-x still has the selector of a Component that was deleted"},
		`spec.template: Invalid value: {"openchoreo.dev/component-uid":"1"}: field is immutable`: {"", "the release changes an immutable field of deployment-x"},
		`spec.clusterIP: field is immutable`:                                                     {"", "the release changes an immutable field of deployment-x"},
		`Forbidden: updates to statefulset spec for fields other than`:                           {"", "the release changes an immutable field of deployment-x"},
		`Deployment.apps "x" is invalid: spec.replicas: -1`:                                      {"", "the API server of the data plane rejects deployment-x"},
		`User "agent" cannot patch resource "deployments"`:                                       {"", "the ClusterRole of the agent does not allow it"},
		`deployments "x" is forbidden: a policy`:                                                 {"", "a policy on the data plane rejects deployment-x"},
		`something else`:                                                                         {"", "OpenChoreo stops at the first object"},
		`no agents found for plane dataplane/default`:                                            {trace.RungEnvironment, "no agent of this data plane is connected"},
		`agent not authorized for CR default`:                                                    {trace.RungEnvironment, "spec.clusterAgent.clientCA of the data plane does not match"},
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

// TestImmutableField: the object that the API server refuses is named, with the command that lets OpenChoreo create it again.
func TestImmutableField(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	rendered := w.One("RenderedRelease", bound)
	id, name, namespace := "", "", ""
	for _, item := range kinds.Items(rendered.Body, "spec", "resources") {
		if kinds.String(item, "object", "kind") == "Deployment" {
			id, name, namespace = kinds.String(item, "id"), kinds.String(item, "object", "metadata", "name"), kinds.String(item, "object", "metadata", "namespace")
		}
	}
	w.Condition(rendered, time.Minute, "ResourcesApplied", "False", "ApplyFailed",
		"Failed to apply resources to target plane: failed to apply resource "+id+": spec.template: Invalid value: field is immutable")
	r := binding.AssessRendered(w.Development())
	if diff := cmp.Diff("not applied: Deployment "+name, r.Summary); diff != "" {
		t.Errorf("the summary (-want +got)\n%s", diff)
	}
	if f := r.Findings[0]; !strings.Contains(f.Hint, "an immutable field of Deployment "+name) {
		t.Errorf("the hint is %q", f.Hint)
	}
	want := []trace.NextStep{{Role: trace.RoleDataPlane, Plane: "default", Command: "kubectl delete deployments " + name + " -n " + namespace}}
	if diff := cmp.Diff(want, r.Findings[0].NextSteps); diff != "" {
		t.Errorf("the commands (-want +got)\n%s", diff)
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
		"Since":  {time.Minute, "StaleApplyFailed", "the agent has reconnected"},
		"Before": {2 * time.Hour, "ApplyFailed", "no agent of this data plane is connected"},
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
		}, []string{"OK 5 objects applied, from an earlier rendering"}, "", ""},
		"NeverApplied": {both(generation(1), func(w assesstest.World) {
			unstructured.RemoveNestedField(rendered(w).Body.Object, "status", "conditions")
		}), []string{"Failed rendered, but never applied to the data plane", "error GenerationNotApplied of RenderedRelease " + bound + ": rendered, but never applied to the data plane"}, "", "may be down"},
		"OlderApplied": {generation(7), []string{
			"Failed generation 7 is rendered, but the data plane has generation 1", "error GenerationNotApplied of RenderedRelease " + bound + ": generation 7 is rendered, but the data plane has generation 1",
		}, "", "the previous release still runs"},
		"OlderAppliedWithTheAgentAway": {both(generation(7), func(w assesstest.World) {
			w.Set(w.One("ClusterDataPlane", ""), false, "status", "agentConnection", "connected")
		}), []string{
			"Failed generation 7 is rendered, but the data plane has generation 1", "error GenerationNotApplied of RenderedRelease " + bound + ": generation 7 is rendered, but the data plane has generation 1",
		}, trace.RungEnvironment, "the previous release still runs"},
		"AppliedSoon": {both(generation(7), func(w assesstest.World) { w.Set(rendered(w), w.Ago(time.Minute), "metadata", "creationTimestamp") }), []string{
			"Progressing generation 7 is rendered, but the data plane has generation 1",
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
		}, []string{"Failed cannot be deleted from the data plane", "error CleanupFailed of RenderedRelease " + bound + ": no agent"}, "", "so the RenderedRelease stays"},
		"BeingDeleted": {func(w assesstest.World) { w.Deleted(rendered(w), time.Minute) }, []string{"Progressing " + bound + " is being deleted"}, "", ""},
	} {
		w := healthy.Copy(t)
		c.change(w)
		check(t, name, binding.AssessRendered(w.Development()), c.want, c.causedBy, c.hint)
	}
}

// TestRenderedFails breaks the RenderedRelease, or the namespace that it was applied to.
func TestRenderedFails(t *testing.T) {
	t.Parallel()
	const dev = "development"
	assesstest.Check(t, assess.Assess, map[string]assesstest.Case{
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
