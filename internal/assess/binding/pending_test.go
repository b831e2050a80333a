package binding_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const notResolved = "endpoint is not resolved"

// needs has a binding wait, for an hour, for the endpoint http of these components.
func needs(suffix string, components ...string) func(w assesstest.World) {
	return func(w assesstest.World) {
		var pending []any
		for _, component := range components {
			pending = append(pending, map[string]any{"component": component, "endpoint": "http", "reason": notResolved})
		}
		w.Set(w.One("ReleaseBinding", suffix), pending, "status", "pendingConnections")
		w.Condition(w.One("ReleaseBinding", suffix), time.Hour, "ConnectionsResolved", "False", "ConnectionsPending", "as the condition has it")
	}
}

// deploys adds a component with a release in development that declares these endpoints.
func deploys(component string, endpoints ...string) func(w assesstest.World) {
	return func(w assesstest.World) {
		w.PutYAML("{apiVersion: openchoreo.dev/v1alpha1, kind: Component, metadata: {name: " + component + ", namespace: healthy}}")
		declared := map[string]any{}
		for _, name := range endpoints {
			declared[name] = endpoint(80, "HTTP")
		}
		provide(w, component+"-development", "development", declared)
		w.Set(w.One("ReleaseBinding", component+"-development"), component, "spec", "owner", "componentName")
	}
}

func names(refs []facts.Ref) []string {
	var all []string
	for _, ref := range refs {
		all = append(all, ref.Name)
	}
	return all
}

// TestPendingConnections: a connection resolves when the provider's binding in the same environment has the endpoint (openchoreo v1.2.3
// internal/controller/releasebinding/controller.go:683-709), so the cause is whatever is missing on the way to it.
func TestPendingConnections(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const (
		waits  = "Failed " + bound + " waits for component till"
		needed = ": ReleaseBinding healthy/" + bound + " needs endpoint http of till: " + notResolved
	)
	provider := func(field string, value any, path ...string) func(w assesstest.World) {
		return func(w assesstest.World) { w.Set(w.One("ReleaseBinding", "till-"+field), value, path...) }
	}
	unknown := func(name string, outcome facts.Outcome) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.Answer(facts.Object{Ref: w.Component().Ref("Component", name)}, outcome)
		}
	}
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []string
		path   []string
		hint   string
	}{
		"NoProvider": {unknown("till", facts.Absent), []string{waits, "error ProviderNotFound of Component till" + needed}, []string{bound}, "Component healthy/till does not exist: commit it, or remove the dependency from the Workload"},
		"ProviderForbidden": {
			unknown("till", facts.Forbidden),
			[]string{waits, "error ConnectionsPending of ReleaseBinding " + bound + ": till: " + notResolved},
			nil, "the environment variables of this dependency are not set in its pods",
		},
		// The key of a provider is its project, name and environment (controller_connections.go:81).
		"OfAnotherProject": {
			both(deploys("till", "http"), func(w assesstest.World) {
				w.Set(w.One("Component", "till"), map[string]any{"projectName": "shop"}, "spec", "owner")
				w.Set(w.One("ReleaseBinding", bound), []any{map[string]any{"project": "demo", "component": "till", "endpoint": "http", "reason": notResolved}}, "status", "pendingConnections")
			}),
			[]string{waits, "error ProviderNotFound of Component till" + needed},
			[]string{bound},
			"Component healthy/till belongs to project shop, not to demo: correct project in spec.dependencies.endpoints of the Workload",
		},
		"OfThatProject": {
			both(deploys("till", "http"), func(w assesstest.World) {
				w.Set(w.One("Component", "till"), map[string]any{"projectName": "shop"}, "spec", "owner")
				w.Set(w.One("ReleaseBinding", bound), []any{map[string]any{"project": "shop", "component": "till", "endpoint": "http", "reason": notResolved}}, "status", "pendingConnections")
			}),
			[]string{waits, "error ProviderNotReady of ReleaseBinding till-development" + needed},
			[]string{bound},
			"has not resolved the endpoint",
		},
		"NotBound":       {both(deploys("till", "http"), provider("development", "staging", "spec", "environment")), []string{waits, "error ProviderNotBound of Component till" + needed}, []string{bound}, "no ReleaseBinding binds till to development"},
		"BoundTwice":     {both(deploys("till"), func(w assesstest.World) { provide(w, "till-again", "development", nil) }), []string{waits, "error MultipleReleaseBindings of ReleaseBinding till-again" + needed}, []string{bound}, "several ReleaseBindings bind till to development"},
		"Undeployed":     {both(deploys("till", "http"), provider("development", "Undeploy", "spec", "state")), []string{waits, "error ProviderUndeployed of ReleaseBinding till-development" + needed}, []string{bound}, "ReleaseBinding healthy/till-development is undeployed"},
		"NoSuchEndpoint": {deploys("till", "api", "admin"), []string{waits, "error ProviderEndpointNotFound of ComponentRelease till-development" + needed}, []string{bound}, `the deployed release of till has no endpoint "http", only admin, api:`},
		"NoEndpoint":     {deploys("till"), []string{waits, "error ProviderEndpointNotFound of ComponentRelease till-development" + needed}, []string{bound}, `has no endpoint "http", only none:`},
		"NotResolvedYet": {deploys("till", "http"), []string{waits, "error ProviderNotReady of ReleaseBinding till-development" + needed}, []string{bound}, "ReleaseBinding healthy/till-development has not resolved the endpoint for this visibility"},
		"ReleaseNotRead": {both(deploys("till"), answer("ComponentRelease", "till-development", facts.Unreachable)), []string{waits, "error ProviderNotReady of ReleaseBinding till-development" + needed}, []string{bound}, "has not resolved the endpoint"},
		"NotSynced": {both(deploys("till", "api"), func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "till-development"), time.Hour, "ReleaseSynced", "False", "RenderingFailed", "a template is broken")
		}), []string{waits, "error ProviderNotReady of ReleaseBinding till-development" + needed}, []string{bound}, "ReleaseBinding healthy/till-development is not ready: a template is broken"},
		// What the provider waits for is another failure, unless the way leads back.
		"ProviderWaits": {both(deploys("till", "http"), needs("till-development", "bank"), unknown("bank", facts.Absent)), []string{waits, "error ProviderNotReady of ReleaseBinding till-development" + needed}, []string{bound}, "has not resolved the endpoint"},
		"Cycle": {
			both(deploys("till", "http"), needs("till-development", "greeter-service")),
			[]string{waits + ", which waits for greeter-service", "error ConnectionCycle of ReleaseBinding " + bound + ": greeter-service needs endpoint http of till, and till needs endpoint http of greeter-service: " + notResolved},
			[]string{bound, "till-development"},
			"remove one dependency from spec.dependencies.endpoints of",
		},
		"LongCycle": {
			both(deploys("till", "http"), deploys("bank", "http"), needs("till-development", "bank"), needs("bank-development", "greeter-service")),
			[]string{waits, "error ConnectionCycle of ReleaseBinding " + bound + ": greeter-service needs endpoint http of till, and till needs endpoint http of bank, and bank needs endpoint http of greeter-service: " + notResolved},
			[]string{bound, "till-development", "bank-development"},
			"the components depend on each other",
		},
		"CycleOfOthers": {
			both(deploys("till", "http"), deploys("bank", "http"), needs("till-development", "bank"), needs("bank-development", "till")),
			[]string{waits, "error ConnectionCycle of ReleaseBinding till-development: till needs endpoint http of bank, and bank needs endpoint http of till: " + notResolved},
			[]string{bound, "till-development", "bank-development"},
			"spec.dependencies.endpoints of the Workload of bank or the Workload of till in Git",
		},
		"CycleOfUndeclared": {
			both(deploys("till"), needs("till-development", "greeter-service")),
			[]string{waits + ", which waits for greeter-service", "error ConnectionCycle of ReleaseBinding " + bound + ": greeter-service needs endpoint http of till, and till needs endpoint http of greeter-service: " + notResolved},
			[]string{bound, "till-development"},
			"declare endpoint http in spec.endpoints of the Workload of till in Git",
		},
		// A release that cannot be rendered comes first: its connections are those of an earlier generation.
		"CycleUnderAFailure": {both(deploys("till", "http"), needs("till-development", "greeter-service"), func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", "till-development"), time.Hour, "ReleaseSynced", "False", "RenderingFailed", "no")
		}), []string{waits, "error ProviderNotReady of ReleaseBinding till-development" + needed}, []string{bound}, "is not ready: no"},
		"FirstThatIsKnown": {
			both(needs(bound, "bank", "till", "till"), unknown("bank", facts.Forbidden), unknown("till", facts.Absent)),
			[]string{"Failed " + bound + " waits for component bank, till", "error ProviderNotFound of Component till" + needed},
			[]string{bound},
			"healthy/till does not exist",
		},
		"NotListed": {
			needs(bound),
			[]string{"Failed " + bound + " waits for another component", "error ConnectionsPending of ReleaseBinding " + bound + ": as the condition has it"},
			nil, "the release is applied",
		},
		"ForAMinute": {func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", bound), time.Minute, "ConnectionsResolved", "False", "ConnectionsPending", "no")
		}, []string{"Progressing " + bound + ": till: " + notResolved}, nil, ""},
	} {
		w := healthy.Copy(t)
		both(needs(bound, "till"), c.change)(w)
		r := binding.AssessBinding(w.Development())
		check(t, name, r, c.want, "", c.hint)
		if len(r.Findings) > 0 {
			if diff := cmp.Diff(c.path, names(r.Findings[0].Path)); diff != "" {
				t.Errorf("%s: the path (-want +got)\n%s", name, diff)
			}
		}
	}
}

// TestPendingResources: OpenChoreo looks for a ResourceReleaseBinding of the Resource in the same environment, and reads its outputs when that
// is ready (openchoreo v1.2.3 internal/controller/releasebinding/controller_resourcedependencies.go:142-224).
func TestPendingResources(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const (
		waits   = "Failed " + bound + " waits for a resource"
		pending = "error ResourceDependenciesPending of "
		reason  = "outputs are not ready"
	)
	bind := func(environment, conditions string) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.PutYAML("{apiVersion: openchoreo.dev/v1alpha1, kind: ResourceReleaseBinding, metadata: {name: db-" + environment + ", namespace: healthy}, " +
				"spec: {owner: {projectName: demo, resourceName: db}, environment: " + environment + "}, status: {conditions: [" + conditions + "]}}")
		}
	}
	const synced, failed = "{type: Synced, status: 'True'}", "{type: ResourcesReady, status: 'False', reason: ResourceApplyFailed, message: refused}, {type: Ready, status: 'False', reason: NotReady, message: later}"
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		age    time.Duration
		want   []string
		hint   string
	}{
		"NoResource": {func(w assesstest.World) {
			w.Answer(facts.Object{Ref: w.Component().Ref("Resource", "db")}, facts.Absent)
		}, time.Hour, []string{waits, pending + "Resource db: " + reason}, "Resource healthy/db does not exist: commit it, or remove it from spec.dependencies.resources"},
		"NotBound":  {func(assesstest.World) {}, time.Hour, []string{waits, pending + "ReleaseBinding " + bound + ": " + reason}, "no ResourceReleaseBinding binds Resource db to Environment development: commit one"},
		"Elsewhere": {bind("staging", failed), time.Hour, []string{waits, pending + "ReleaseBinding " + bound + ": " + reason}, "binds Resource db to Environment development"},
		// The key of a ResourceReleaseBinding is the project of the consumer, the Resource and the environment (line 147).
		"OfAnotherProject": {both(bind("development", synced), func(w assesstest.World) {
			w.Set(w.One("ResourceReleaseBinding", "db-development"), "shop", "spec", "owner", "projectName")
		}), time.Hour, []string{waits, pending + "ReleaseBinding " + bound + ": " + reason}, "no ResourceReleaseBinding binds Resource db to Environment development"},
		"Failed":    {bind("development", synced+", "+failed), time.Hour, []string{waits, pending + "ResourceReleaseBinding db-development: " + reason}, "ResourceApplyFailed: refused"},
		"NotFailed": {bind("development", synced), time.Hour, []string{waits, pending + "ResourceReleaseBinding db-development: " + reason}, ""},
		"Recent":    {bind("development", failed), time.Minute, []string{"Progressing " + bound + ": " + reason}, ""},
		"NotListed": {func(w assesstest.World) {
			w.Set(w.One("ReleaseBinding", bound), []any{}, "status", "pendingResourceDependencies")
		}, time.Hour, []string{waits, pending + "ReleaseBinding " + bound + ": as the condition has it"}, ""},
	} {
		w := healthy.Copy(t)
		w.Set(w.One("ReleaseBinding", bound), []any{map[string]any{"resourceName": "db", "reason": reason}}, "status", "pendingResourceDependencies")
		w.Condition(w.One("ReleaseBinding", bound), c.age, kinds.ConditionResourceDependenciesReady, "False", "ResourceDependenciesPending", "as the condition has it")
		c.change(w)
		check(t, name, binding.AssessBinding(w.Development()), c.want, "", c.hint)
	}
}
