package compare_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// applyAll puts all rendered objects of development on the plane, with labels of the plane.
func applyAll(w assesstest.World) {
	w.T.Helper()
	for _, o := range w.Development().PlaneObjects() {
		if o.Live.Outcome == facts.Found {
			continue
		}
		body := o.Declared.DeepCopy()
		body.SetUID("live")
		body.SetLabels(map[string]string{"openchoreo.dev/managed-by": "test"})
		for key, value := range o.Declared.GetLabels() {
			w.Set(facts.Object{Body: body}, value, "metadata", "labels", key)
		}
		w.Put(facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: body})
	}
}

// liveObject is the live object of a kind.
func liveObject(w assesstest.World, kind string) facts.Object {
	w.T.Helper()
	for _, o := range w.Development().PlaneObjects() {
		if o.Ref.Kind == kind {
			return o.Live
		}
	}
	w.T.Fatalf("no %s is rendered", kind)
	return facts.Object{}
}

// container changes the container of the live Deployment.
func container(w assesstest.World, change func(map[string]any)) {
	w.T.Helper()
	o := liveObject(w, "Deployment")
	all, _, _ := unstructured.NestedSlice(o.Body.Object, "spec", "template", "spec", "containers")
	change(all[0].(map[string]any))
	w.Set(o, all, "spec", "template", "spec", "containers")
}

// differences are the objects that differ, each with the paths.
func differences(all []compare.Object) map[string][]string {
	found := map[string][]string{}
	for _, o := range all {
		switch o.State {
		case compare.Changed:
			found[o.Ref.Kind] = drift.Paths(o.Fields)
		case compare.OnlyFrom:
			found[o.Ref.Kind] = []string{"only live"}
		case compare.OnlyTo:
			found[o.Ref.Kind] = []string{"only declared"}
		case compare.NotCompared:
			found[o.Ref.Kind] = []string{o.Reason}
		case compare.Same:
		}
	}
	return found
}

const template = "spec.template.spec.containers[main]"

// plantedLive are faults of the plane. A case without a difference is one that must be excused.
var plantedLive = map[string]struct {
	change func(w assesstest.World)
	want   map[string][]string
}{
	"Nothing":  {func(assesstest.World) {}, map[string][]string{}},
	"Replicas": {func(w assesstest.World) { w.Set(liveObject(w, "Deployment"), int64(3), "spec", "replicas") }, map[string][]string{"Deployment": {"spec.replicas"}}},
	"Image":    {func(w assesstest.World) { container(w, func(c map[string]any) { c["image"] = assesstest.OldImage }) }, map[string][]string{"Deployment": {template + ".image"}}},
	"Limit": {func(w assesstest.World) {
		container(w, func(c map[string]any) {
			c["resources"].(map[string]any)["limits"] = map[string]any{"cpu": "2", "memory": "256Mi"}
		})
	}, map[string][]string{"Deployment": {template + ".resources.limits.cpu"}}},
	"ReferenceRemoved": {func(w assesstest.World) { container(w, func(c map[string]any) { delete(c, "envFrom") }) }, map[string][]string{"Deployment": {template + ".envFrom"}}},
	"ContainerRenamed": {func(w assesstest.World) { container(w, func(c map[string]any) { c["name"] = "other" }) }, map[string][]string{"Deployment": {template}}},
	"ConfigMapEdited":  {func(w assesstest.World) { w.Set(liveObject(w, "ConfigMap"), "by hand", "data", "GREETING") }, map[string][]string{"ConfigMap": {"data.GREETING"}}},
	"ServicePort": {func(w assesstest.World) {
		w.Set(liveObject(w, "Service"), []any{map[string]any{"name": "http", "port": int64(9090), "protocol": "TCP", "targetPort": int64(8080)}}, "spec", "ports")
	}, map[string][]string{"Service": {"spec.ports[9090/TCP].targetPort"}}},
	"ServiceSelector": {func(w assesstest.World) {
		w.Set(liveObject(w, "Service"), "other", "spec", "selector", "openchoreo.dev/component")
	}, map[string][]string{"Service": {"spec.selector.openchoreo.dev/component"}}},
	"Hostname": {func(w assesstest.World) {
		w.Set(liveObject(w, "HTTPRoute"), []any{"other.example.com"}, "spec", "hostnames")
	}, map[string][]string{"HTTPRoute": {"spec.hostnames"}}},
	"PolicyOpened": {func(w assesstest.World) {
		w.Set(liveObject(w, "NetworkPolicy"), []any{map[string]any{}}, "spec", "ingress")
	}, map[string][]string{"NetworkPolicy": {"spec.ingress"}}},
	"LabelRemoved": {func(w assesstest.World) {
		unstructured.RemoveNestedField(liveObject(w, "Service").Body.Object, "metadata", "labels", "openchoreo.dev/project")
	}, map[string][]string{"Service": {"metadata.labels.openchoreo.dev/project"}}},
	"Deleted": {func(w assesstest.World) { w.Answer(liveObject(w, "Service"), facts.Absent) }, map[string][]string{"Service": {"only declared"}}},
	"NoLongerRendered": {func(w assesstest.World) {
		o := liveObject(w, "Deployment")
		left := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
		left.Ref.Group, left.Ref.Kind, left.Ref.Name = "apps", "StatefulSet", "before"
		w.Put(left)
	}, map[string][]string{"StatefulSet": {"only live"}}},
	"Forbidden": {func(w assesstest.World) { w.Answer(liveObject(w, "ConfigMap"), facts.Forbidden) }, map[string][]string{"ConfigMap": {"forbidden: so the test says"}}},

	"SidecarAndDefaults": {func(w assesstest.World) {
		o := liveObject(w, "Deployment")
		all, _, _ := unstructured.NestedSlice(o.Body.Object, "spec", "template", "spec", "containers")
		w.Set(o, append([]any{map[string]any{"name": "istio-proxy", "image": "proxy:1"}}, all...), "spec", "template", "spec", "containers")
		w.Set(o, "RollingUpdate", "spec", "strategy", "type")
		w.Set(liveObject(w, "Service"), "10.0.0.1", "spec", "clusterIP")
	}, map[string][]string{}},
	"PinnedImage": {func(w assesstest.World) {
		container(w, func(c map[string]any) { c["image"] = assesstest.AppImage + assesstest.DigestOne })
	}, map[string][]string{}},
	"Autoscaler": {func(w assesstest.World) {
		o := liveObject(w, "Deployment")
		w.Set(o, int64(7), "spec", "replicas")
		w.Set(o, []any{
			map[string]any{"manager": "openchoreo", "operation": "Apply", "fieldsV1": map[string]any{"f:spec": map[string]any{"f:template": map[string]any{}}}},
			map[string]any{"manager": "kube-controller-manager", "subresource": "scale", "fieldsV1": map[string]any{"f:spec": map[string]any{"f:replicas": map[string]any{}}}},
		}, "metadata", "managedFields")
		facts.Clean(o.Body)
	}, map[string][]string{}},
}

func TestLive(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	applyAll(healthy)
	for name, c := range plantedLive {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			got := differences(compare.Live(mask.ForCredentials(false), w.Development()))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestWhoChanged: the manager that set a field that differs is named, with the time.
func TestWhoChanged(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	o := w.Deployment()
	w.Set(o, int64(3), "spec", "replicas")
	w.Set(o, []any{
		map[string]any{"manager": "openchoreo", "operation": "Apply", "fieldsV1": map[string]any{"f:spec": map[string]any{"f:template": map[string]any{}}}},
		map[string]any{"manager": "kubectl-edit", "time": "2026-11-21T09:00:00Z", "fieldsV1": map[string]any{"f:spec": map[string]any{"f:replicas": map[string]any{}}}},
	}, "metadata", "managedFields")
	facts.Clean(o.Body)
	for _, c := range compare.Live(mask.ForCredentials(false), w.Development()) {
		if c.State == compare.Changed && c.Reason != "field manager kubectl-edit set spec.replicas at 2026-11-21 09:00:00 UTC" {
			t.Errorf("reason %q", c.Reason)
		}
	}
}

// TestNoValueOfASecret: what was rendered into a Secret is never shown, nor a variable that is named like a credential.
func TestNoValueOfASecret(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	applyAll(w)
	rendered := w.One("RenderedRelease", "greeter-service-development")
	resources, _, _ := unstructured.NestedSlice(rendered.Body.Object, "spec", "resources")
	resources = append(resources, map[string]any{"id": "s", "object": map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "s", "namespace": "n"}, "stringData": map[string]any{"k": "hunter2"},
	}})
	w.Set(rendered, resources, "spec", "resources")
	w.Set(liveObject(w, "ConfigMap"), "hunter2", "data", "DB_PASSWORD")
	for _, item := range resources {
		if object := item.(map[string]any)["object"].(map[string]any); object["kind"] == "ConfigMap" {
			object["data"] = map[string]any{"DB_PASSWORD": "hunter3"}
		}
	}
	w.Set(rendered, resources, "spec", "resources")
	found := false
	for _, c := range compare.Live(mask.ForCredentials(false), w.Development()) {
		if text := strings.Join(append(values(c.From), values(c.To)...), " "); strings.Contains(text, "hunter") {
			t.Errorf("%s shows %s", c.Ref, text)
		}
		for _, f := range c.Fields {
			found = found || f.Path == "data.DB_PASSWORD" && f.Live == "masked-2" && f.Declared == "masked-1"
		}
		if c.Ref.Kind == "Secret" && (c.State != compare.NotCompared || c.Reason != "Secrets are not read") {
			t.Errorf("the Secret is %v: %s", c.State, c.Reason)
		}
	}
	if !found {
		t.Error("two passwords that differ are not reported")
	}
}

// values are all texts in a value.
func values(v any) []string {
	var all []string
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			all = append(all, values(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, values(inner)...)
		}
	case string:
		return []string{v}
	}
	return all
}
