package compare_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// rendered changes what is rendered of a kind in staging.
func rendered(w assesstest.World, kind string, change func(object map[string]any)) {
	w.T.Helper()
	o := w.One("RenderedRelease", "greeter-service-staging")
	resources, _, _ := unstructured.NestedSlice(o.Body.Object, "spec", "resources")
	for _, item := range resources {
		if object := item.(map[string]any)["object"].(map[string]any); object["kind"] == kind {
			change(object)
		}
	}
	w.Set(o, resources, "spec", "resources")
}

// inStaging sets a field of what is rendered.
func inStaging(kind string, value any, path ...string) func(w assesstest.World) {
	return func(w assesstest.World) {
		w.T.Helper()
		rendered(w, kind, func(object map[string]any) {
			if err := unstructured.SetNestedField(object, value, path...); err != nil {
				w.T.Fatal(err)
			}
		})
	}
}

// containerInStaging sets a field of the rendered container.
func containerInStaging(value any, field string) func(w assesstest.World) {
	return func(w assesstest.World) {
		w.T.Helper()
		rendered(w, "Deployment", func(object map[string]any) {
			all, _, _ := unstructured.NestedSlice(object, "spec", "template", "spec", "containers")
			all[0].(map[string]any)[field] = value
			if err := unstructured.SetNestedSlice(object, all, "spec", "template", "spec", "containers"); err != nil {
				w.T.Fatal(err)
			}
		})
	}
}

const first = "spec.template.spec.containers[0]"

// plantedEnvironments are differences of staging.
var plantedEnvironments = map[string]struct {
	change func(w assesstest.World)
	want   map[string][]string
}{
	"Nothing": {func(assesstest.World) {}, map[string][]string{}},
	"Release": {func(w assesstest.World) {
		o := w.One("ComponentRelease", "greeter-service-20261121-1")
		next := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
		next.Ref.Name = "greeter-service-20261122-1"
		w.Put(next)
		w.Set(next, assesstest.OldImage, "spec", "workload", "container", "image")
		w.Set(w.One("ReleaseBinding", "-staging"), next.Ref.Name, "spec", "releaseName")
	}, map[string][]string{"ReleaseBinding": {"spec.releaseName"}, "ComponentRelease": {"spec.workload.container.image"}}},
	"ReleaseNotRead": {func(w assesstest.World) {
		w.Set(w.One("ReleaseBinding", "-staging"), "greeter-service-20261122-1", "spec", "releaseName")
	}, map[string][]string{"ReleaseBinding": {"spec.releaseName"}, "ComponentRelease": {"not read"}}},
	"Override": {func(w assesstest.World) {
		w.Set(w.One("ReleaseBinding", "-staging"), int64(3), "spec", "componentTypeEnvironmentConfigs", "replicas")
	}, map[string][]string{"ReleaseBinding": {"spec.componentTypeEnvironmentConfigs"}}},
	"Undeployed": {func(w assesstest.World) { w.Set(w.One("ReleaseBinding", "-staging"), "Undeploy", "spec", "state") }, map[string][]string{"ReleaseBinding": {"spec.state"}}},
	"Replicas":   {inStaging("Deployment", int64(3), "spec", "replicas"), map[string][]string{"Deployment": {"spec.replicas"}}},
	"Image":      {containerInStaging(assesstest.OldImage, "image"), map[string][]string{"Deployment": {first + ".image"}}},
	"Command":    {containerInStaging([]any{"sh"}, "command"), map[string][]string{"Deployment": {first + ".command"}}},
	"Config":     {inStaging("ConfigMap", "Hi", "data", "GREETING"), map[string][]string{"ConfigMap": {"data.GREETING"}}},
	"Hostname": {
		inStaging("HTTPRoute", []any{"staging.example.com"}, "spec", "hostnames"), map[string][]string{"HTTPRoute": {"spec.hostnames[0]"}},
	},
	"Service": {inStaging("Service", "LoadBalancer", "spec", "type"), map[string][]string{"Service": {"spec.type"}}},
	"OnlyInStaging": {func(w assesstest.World) {
		rendered(w, "Service", func(object map[string]any) { object["kind"] = "Ingress" })
	}, map[string][]string{"Service": {"only live"}, "Ingress": {"only declared"}}},
	"NotRendered": {func(w assesstest.World) { w.Drop(w.One("RenderedRelease", "greeter-service-staging").Ref) }, map[string][]string{"RenderedRelease": {"not rendered, or not read"}}},
}

func TestEnvironments(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range plantedEnvironments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			v := w.Component()
			got := differences(compare.Environments(mask.ForCredentials(false), v.EnvironmentOf("development"), v.EnvironmentOf("staging")))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestNamesOfEnvironments: what is generated from the name of an environment is no difference, also where a component has a name that
// contains it; the same word elsewhere is one.
func TestNamesOfEnvironments(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Set(w.One("RenderedRelease", "greeter-service-development"), "development", "spec", "environmentName")
	for _, environment := range []string{"development", "staging"} {
		o := w.One("RenderedRelease", "greeter-service-"+environment)
		resources, _, _ := unstructured.NestedSlice(o.Body.Object, "spec", "resources")
		for _, item := range resources {
			if object := item.(map[string]any)["object"].(map[string]any); object["kind"] == "ConfigMap" {
				object["data"] = map[string]any{
					"OWN":      "http://greeter-service." + w.Cell(environment) + ".svc",
					"PROVIDER": "http://till.dp-healthy-shop-" + environment + "-0123abcd.svc",
					"MODE":     environment,
				}
			}
		}
		w.Set(o, resources, "spec", "resources")
	}
	v := w.Component()
	got := differences(compare.Environments(mask.ForCredentials(false), v.EnvironmentOf("development"), v.EnvironmentOf("staging")))
	if diff := cmp.Diff(map[string][]string{"ConfigMap": {"data.MODE"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReleases: two ComponentReleases are compared as a whole; one that was not found is not the same.
func TestReleases(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	from := w.One("ComponentRelease", "")
	to := facts.Object{Ref: from.Ref, Outcome: facts.Found, Body: from.Body.DeepCopy()}
	to.Ref.Name = "greeter-service-20261122-1"
	to.Body.SetName(to.Ref.Name)
	to.Body.SetUID("another")
	if c := compare.Releases(mask.ForCredentials(false), from, to); c.State != compare.Same {
		t.Errorf("%v: %v", c.State, c.Fields)
	}
	w.Set(to, "hunter2", "spec", "workload", "container", "password")
	c := compare.Releases(mask.ForCredentials(false), from, to)
	if diff := cmp.Diff(map[string][]string{"ComponentRelease": {"spec.workload.container.password"}}, differences([]compare.Object{c})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if strings.Contains(strings.Join(values(c.To), " "), "hunter2") {
		t.Error("a password is shown")
	}
	for outcome, want := range map[facts.Outcome]string{facts.Absent: "not found", facts.Forbidden: "forbidden"} {
		if c := compare.Releases(mask.ForCredentials(false), from, facts.Object{Ref: to.Ref, Outcome: outcome}); c.State != compare.NotCompared || c.Reason != want {
			t.Errorf("%s: %v, %q", outcome, c.State, c.Reason)
		}
	}
}
