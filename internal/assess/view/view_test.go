package view_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func names(objects []facts.Object) []string {
	var all []string
	for _, o := range objects {
		all = append(all, o.Ref.Name)
	}
	return all
}

// TestOwningProject: the Component says which project owns it. Without it, the command line does, then a Workload, then a binding.
func TestOwningProject(t *testing.T) {
	t.Parallel()
	const workload = "{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: w, namespace: acme}, spec: {owner: {projectName: of-workload, componentName: shop}}}"
	const others = "{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: w, namespace: acme}, spec: {owner: {projectName: else, componentName: other}}}"
	for name, c := range map[string]struct {
		documents []string
		subject   string
		want      string
	}{
		"Component":           {[]string{component, workload, binding}, "named", "web"},
		"CommandLine":         {[]string{workload, binding}, "named", "named"},
		"Workload":            {[]string{workload, binding}, "", "of-workload"},
		"Binding":             {[]string{binding}, "", "web"},
		"OfAnotherComponent":  {[]string{others}, "", ""},
		"OfAnotherNamespace":  {[]string{strings.Replace(workload, "namespace: acme", "namespace: other", 1)}, "", ""},
		"ComponentWithoutOne": {[]string{strings.Replace(component, "web", "''", 1), binding}, "", "web"},
	} {
		s := newCluster(t, c.documents...)
		s.Subject.Project = c.subject
		if got := s.component().ProjectName; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestEnvironmentNames: those of the pipeline in its order, then those that have a binding by name, then those of the command line.
func TestEnvironmentNames(t *testing.T) {
	t.Parallel()
	const project = "{apiVersion: openchoreo.dev/v1alpha1, kind: Project, metadata: {name: web, namespace: acme}, spec: {deploymentPipelineRef: {name: main}}}"
	const pipeline = `{apiVersion: openchoreo.dev/v1alpha1, kind: DeploymentPipeline, metadata: {name: main, namespace: acme},
		spec: {promotionPaths: [{sourceEnvironmentRef: {name: test}, targetEnvironmentRefs: [{name: production}]}]}}`
	first := map[string]string{"zone": "a-", "edge": "b-"} // the bindings are in another order than their environments
	bound := func(environment string) string {
		return strings.Replace(strings.Replace(binding, "environment: development", "environment: "+environment, 1), "name: shop-development", "name: "+first[environment]+environment, 1)
	}
	for name, c := range map[string]struct {
		documents, asked, want []string
	}{
		"Pipeline":        {[]string{component, project, pipeline, bound("production")}, nil, []string{"test", "production"}},
		"NotInIt":         {[]string{component, project, pipeline, bound("zone"), bound("edge")}, nil, []string{"test", "production", "edge", "zone"}},
		"WithoutPipeline": {[]string{component, project, bound("production")}, nil, []string{"production"}},
		"WithoutProject":  {[]string{component, pipeline, bound("production")}, nil, []string{"production"}},
		"Named":           {[]string{component, project, pipeline, bound("edge")}, []string{"lab", "test", "edge"}, []string{"test", "production", "edge", "lab"}},
		"BoundTwice":      {[]string{component, bound("edge"), strings.Replace(bound("edge"), "name: b-edge", "name: b-edge-2", 1)}, nil, []string{"edge"}},
	} {
		s := newCluster(t, c.documents...)
		s.Subject.Environments = c.asked
		if diff := cmp.Diff(c.want, s.component().EnvironmentNames); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestBindings are those of the component, of its project and of one environment.
func TestBindings(t *testing.T) {
	t.Parallel()
	s := newCluster(
		t, component, binding,
		strings.NewReplacer("name: shop-development", "name: production", "environment: development", "environment: production").Replace(binding),
		strings.NewReplacer("name: shop-development", "name: other-project", "projectName: web", "projectName: old").Replace(binding),
		strings.NewReplacer("name: shop-development", "name: other-component", "componentName: shop", "componentName: cart").Replace(binding),
	)
	v := s.component()
	for environment, want := range map[string][]string{"": {"production", "shop-development"}, "production": {"production"}, "lab": nil} {
		if diff := cmp.Diff(want, names(v.Bindings(environment))); diff != "" {
			t.Errorf("%q (-want +got)\n%s", environment, diff)
		}
	}
	if got := s.component().EnvironmentOf("production").Binding.Ref.Name; got != "production" {
		t.Errorf("the binding of production is %q", got)
	}
	if got := s.component().EnvironmentOf("lab").Binding.Outcome; got != facts.NotAsked {
		t.Errorf("the binding of an environment without one is %s", got)
	}
}

// TestTypeRef resolves the type of a component: the kind may be left out, and the name has the kind of workload in front.
func TestTypeRef(t *testing.T) {
	t.Parallel()
	v := newCluster(t).component()
	for spec, want := range map[string]facts.Ref{
		"{name: deployment/service}": choreo("ComponentType", "service"),
		"{name: service}":            choreo("ComponentType", "service"),
		"{kind: ClusterComponentType, name: deployment/service}": choreo("ClusterComponentType", "service"),
		"{kind: ComponentType, name: cronjob/task}":              choreo("ComponentType", "task"),
	} {
		o := object(t, facts.Control, "{apiVersion: openchoreo.dev/v1alpha1, kind: Component, metadata: {name: shop}, spec: {componentType: "+spec+"}}")
		if diff := cmp.Diff(want, v.TypeRef(o)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", spec, diff)
		}
	}
}

// TestWithin: an unknown time is not recent, and the limit itself is over.
func TestWithin(t *testing.T) {
	t.Parallel()
	v := newCluster(t).component()
	for name, c := range map[string]struct {
		at   time.Time
		want bool
	}{
		"Recent": {before(time.Minute - time.Second), true}, "AtTheLimit": {before(time.Minute), false}, "Before": {before(time.Hour), false},
		"Unknown": {time.Time{}, false}, "Ahead": {before(-time.Hour), true},
	} {
		if got := v.Within(c.at, time.Minute); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

// TestInventoryHas: an inventory does not say on which plane an object is.
func TestInventoryHas(t *testing.T) {
	t.Parallel()
	const applier = `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: apps, namespace: flux-system},
		status: {inventory: {entries: [{id: acme_shop_openchoreo.dev_Component, v: v1alpha1}]}}}`
	v := newCluster(t).component()
	o := object(t, facts.Control, applier)
	remote := choreo("Component", "shop")
	remote.Plane = "eu"
	for ref, want := range map[facts.Ref]bool{choreo("Component", "shop"): true, remote: true, choreo("Component", "cart"): false, choreo("Workload", "shop"): false} {
		for range 2 { // once more from what is kept
			if got := v.InventoryHas(o, ref); got != want {
				t.Errorf("%s: %t, want %t", ref, got, want)
			}
		}
	}
}

// TestOfIsNotShared: a caller may drop objects from what it was given.
func TestOfIsNotShared(t *testing.T) {
	t.Parallel()
	v := newCluster(t, component, strings.Replace(component, "name: shop", "name: cart", 1)).component()
	first := v.Of(facts.Control, kinds.OpenChoreo, "Component")
	first[0] = facts.Object{}
	if diff := cmp.Diff([]string{"cart", "shop"}, names(v.Of(facts.Control, kinds.OpenChoreo, "Component"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLatest is the last of some times, in whatever order.
func TestLatest(t *testing.T) {
	t.Parallel()
	if got := view.Latest(before(time.Hour), before(time.Minute), time.Time{}, before(2*time.Hour)); !got.Equal(before(time.Minute)) {
		t.Errorf("%s, want %s", got, before(time.Minute))
	}
}
