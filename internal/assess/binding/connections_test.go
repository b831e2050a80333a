package binding_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// connect resolves a connection of the binding of development to the endpoint http of till in another project.
func connect(w assesstest.World, project, visibility string) {
	w.Set(w.One("ReleaseBinding", bound), []any{
		map[string]any{"project": project, "component": "till", "endpoint": "http", "visibility": visibility},
	}, "status", "resolvedConnections")
}

// provide binds a release of till, with these endpoints, to an environment.
func provide(w assesstest.World, binding, environment string, endpoints map[string]any) {
	put := func(kind, name string, spec map[string]any) {
		o := facts.Object{Ref: w.One("ReleaseBinding", bound).Ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"metadata": map[string]any{"name": name}, "spec": spec,
		}}}
		o.Ref.Kind, o.Ref.Name = kind, name
		w.Put(o)
	}
	owner := map[string]any{"projectName": "shop", "componentName": "till"}
	put("ReleaseBinding", binding, map[string]any{"owner": owner, "environment": environment, "releaseName": binding})
	put("ComponentRelease", binding, map[string]any{"owner": owner, "workload": map[string]any{"endpoints": endpoints}})
}

func endpoint(port int64, kind string, visibility ...any) map[string]any {
	return map[string]any{"port": port, "type": kind, "visibility": visibility}
}

// TestBlockedConnections: the provider's NetworkPolicy follows the visibility of the provider's endpoints alone, and admits ports
// (openchoreo v1.2.3 internal/networkpolicy/networkpolicy.go:136-185).
func TestBlockedConnections(t *testing.T) {
	t.Parallel()
	const message = "endpoint http of till in project shop is not visible to other projects"
	ok := []string{"OK " + bound}
	blocked := []string{"OK " + bound, "warning ConnectionBlocked of ReleaseBinding " + bound + ": " + message}
	only := func(e map[string]any) map[string]any { return map[string]any{"http": e} }
	to := func(visibility string, endpoints map[string]any) func(assesstest.World) {
		return func(w assesstest.World) {
			connect(w, "shop", visibility)
			provide(w, "till-development", "development", endpoints)
		}
	}
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []string
	}{
		"NotVisible":              {to("project", only(endpoint(80, "HTTP"))), blocked},
		"NotVisibleToNamespace":   {to("namespace", only(endpoint(80, "HTTP"))), blocked},
		"VisibleOutsideOnly":      {to("project", only(endpoint(80, "HTTP", "external", "internal"))), blocked},
		"VisibleInNamespace":      {to("namespace", only(endpoint(80, "HTTP", "external", "namespace"))), ok},
		"VisibleConsumedAsOwn":    {to("project", only(endpoint(80, "HTTP", "namespace"))), ok},
		"ThroughTheGateway":       {to("external", only(endpoint(80, "HTTP", "external"))), ok},
		"AnotherEndpointOnPort":   {to("project", map[string]any{"http": endpoint(80, "HTTP"), "api": endpoint(80, "GraphQL", "namespace")}), ok},
		"AnotherProtocolOnPort":   {to("project", map[string]any{"http": endpoint(80, "HTTP"), "dns": endpoint(80, "UDP", "namespace")}), blocked},
		"AnotherPort":             {to("project", map[string]any{"http": endpoint(80, "HTTP"), "api": endpoint(81, "HTTP", "namespace")}), blocked},
		"EndpointNotInTheRelease": {to("project", map[string]any{"api": endpoint(80, "HTTP")}), ok},
		"BindingNotRead":          {func(w assesstest.World) { connect(w, "shop", "project") }, ok},
		"ReleaseNotReadable": {both(to("project", only(endpoint(80, "HTTP"))), func(w assesstest.World) {
			w.Answer(w.One("ComponentRelease", "till-development"), facts.Forbidden)
		}), ok},
		"ReleaseNotSynced": {both(to("project", only(endpoint(80, "HTTP"))), func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "till-development"), time.Hour, "ReleaseSynced", "False", "RenderingFailed", "no")
		}), ok},
		"BoundElsewhere": {func(w assesstest.World) {
			connect(w, "shop", "project")
			provide(w, "till-staging", "staging", only(endpoint(80, "HTTP")))
		}, ok},
		"BoundTwice": {both(to("project", only(endpoint(80, "HTTP"))), func(w assesstest.World) {
			provide(w, "till-again", "development", only(endpoint(80, "HTTP")))
		}), ok},
		"OwnProject": {func(w assesstest.World) {
			connect(w, "demo", "project")
			provide(w, "till-development", "development", only(endpoint(80, "HTTP")))
		}, ok},
		"OfNoProject": {func(w assesstest.World) {
			connect(w, "", "project")
			provide(w, "till-development", "development", only(endpoint(80, "HTTP")))
		}, ok},
	} {
		w := healthy.Copy(t)
		c.change(w)
		hint := ""
		if len(c.want) > 1 {
			hint = "add namespace to the visibility"
		}
		check(t, name, binding.AssessBinding(w.Development()), c.want, "", hint)
	}
}
