package assesstest

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Cell is the namespace of an environment on its plane.
func (w World) Cell(environment string) string {
	return kinds.Text(w.One("ProjectReleaseBinding", "-"+environment).Body, "status", "namespace")
}

// DevPod is the pod of development.
func (w World) DevPod() facts.Object {
	w.T.Helper()
	for _, o := range w.Objects() {
		if o.Ref.Kind == "Pod" && o.Ref.Namespace == w.Cell("development") {
			return o
		}
	}
	w.T.Fatal("there is no pod in development")
	return facts.Object{}
}

// Waiting has the container of the pod of development wait for a reason.
func (w World) Waiting(reason string) {
	w.T.Helper()
	w.Condition(w.DevPod(), 0, "Ready", "False", "ContainersNotReady", "containers with unready status: [main]")
	w.Set(w.DevPod(), []any{map[string]any{"name": "main", "image": "x", "state": map[string]any{"waiting": map[string]any{"reason": reason, "message": "no"}}}}, "status", "containerStatuses")
}

// Report adds an object to what was rendered for development, with the status that OpenChoreo reports.
func (w World) Report(group, kind string, status map[string]any) {
	w.T.Helper()
	r := w.One("RenderedRelease", "greeter-service-development")
	rendered, _, _ := unstructured.NestedSlice(r.Body.Object, "spec", "resources")
	reported, _, _ := unstructured.NestedSlice(r.Body.Object, "status", "resources")
	object := map[string]any{"apiVersion": group + "/v1", "kind": kind, "metadata": map[string]any{"name": "x", "namespace": w.Cell("development")}}
	w.Set(r, append(rendered, map[string]any{"id": "x", "object": object}), "spec", "resources")
	w.Set(r, append(reported, map[string]any{"id": "x", "group": group, "kind": kind, "name": "x", "status": status, "healthStatus": "Healthy"}), "status", "resources")
	w.Condition(r, time.Hour, "ResourcesApplied", "True", "ApplySucceeded", "")
}

// Releases adds an object to the release in development, read from the plane or as reported.
func (w World) Releases(text string, live bool) facts.Ref {
	w.T.Helper()
	o := w.PlaneObject(text)
	id := strings.ToLower(o.Ref.Kind) + "-" + o.Ref.Name
	r := w.One("RenderedRelease", "greeter-service-development")
	rendered, _, _ := unstructured.NestedSlice(r.Body.Object, "spec", "resources")
	reported, _, _ := unstructured.NestedSlice(r.Body.Object, "status", "resources")
	entry := map[string]any{"id": id, "group": o.Ref.Group, "kind": o.Ref.Kind, "name": o.Ref.Name, "healthStatus": "Healthy"}
	if status, there := o.Live.Body.Object["status"]; there {
		entry["status"] = status
	}
	w.Set(r, append(rendered, map[string]any{"id": id, "object": o.Declared.Object}), "spec", "resources")
	w.Set(r, append(reported, entry), "status", "resources")
	if live {
		w.Put(o.Live)
	}
	return o.Ref
}

// OnPlanes are the objects that were read from data planes.
func (w World) OnPlanes() []facts.Object {
	return slices.DeleteFunc(w.Objects(), func(o facts.Object) bool { return o.Ref.Plane == facts.Control })
}

// ForeignPlane replaces the data plane by the cluster of another installation, with the same names and everything broken.
func ForeignPlane(w World) {
	w.T.Helper()
	w.Waiting("CrashLoopBackOff")
	for _, o := range w.OnPlanes() {
		labels := o.Body.GetLabels()
		if labels[kinds.LabelRenderedReleaseUID] != "" {
			labels[kinds.LabelRenderedReleaseUID] = "00000000-0000-0000-0000-000000000000"
			o.Body.SetLabels(labels)
		}
		w.Set(o, w.TakenAt.Add(-time.Hour).UTC().Format("2006-01-02T15:04:05Z"), "metadata", "deletionTimestamp")
	}
	for _, r := range w.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		for _, item := range kinds.Items(r.Body, "spec", "resources") {
			body, _, _ := unstructured.NestedMap(item, "object")
			if object := (&unstructured.Unstructured{Object: body}); object.GetKind() == "HTTPRoute" {
				w.Put(facts.Object{
					Ref:     facts.Ref{Plane: "default", Group: kinds.GatewayAPI, Kind: "HTTPRoute", Namespace: object.GetNamespace(), Name: object.GetName()},
					Outcome: facts.Absent,
				})
			}
		}
	}
}

// The images of a workload: as rendered, an older one of the component, and one of another program.
const (
	AppImage  = "registry.example.com/acme/greeter-service:1.0.0"
	OldImage  = "registry.example.com/acme/greeter-service:0.9.0"
	SomeImage = "docker.io/istio/proxyv2:1.27.0"
)

// Digests of images.
var (
	DigestOne = "@sha256:" + strings.Repeat("1", 64)
	DigestTwo = "@sha256:" + strings.Repeat("2", 64)
)

// Deployment is that of development.
func (w World) Deployment() facts.Object {
	w.T.Helper()
	for _, o := range w.Objects() {
		if o.Ref.Kind == "Deployment" && o.Ref.Namespace == w.Cell("development") {
			return o
		}
	}
	w.T.Fatal("there is no Deployment in development")
	return facts.Object{}
}

// Image sets that of the component's container, in the pod or in the template of a workload.
func (w World) Image(o facts.Object, image string) {
	w.T.Helper()
	path := []string{"spec", "containers"}
	if o.Ref.Kind != "Pod" {
		path = []string{"spec", "template", "spec", "containers"}
	}
	list := kinds.Items(o.Body, path...)
	for i := range list {
		if list[i]["name"] == "main" {
			list[i]["image"] = image
		}
	}
}

// Render adds a workload to the release and to the plane. Its container has the name main as well.
func (w World) Render(kind, group, name, image string, status map[string]any) {
	w.T.Helper()
	template := map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"name": "main", "image": image}}}}
	spec := map[string]any{"template": template}
	if kind == "CronJob" {
		spec = map[string]any{"schedule": "0 * * * *", "jobTemplate": map[string]any{"spec": map[string]any{"template": template}}}
	}
	body := map[string]any{
		"apiVersion": group + "/v1", "kind": kind, "spec": spec,
		"metadata": map[string]any{"name": name, "namespace": w.Cell("development")},
	}
	r := w.One("RenderedRelease", "greeter-service-development")
	for _, list := range []struct {
		path  string
		entry map[string]any
	}{{"spec", map[string]any{"id": name, "object": body}}, {"status", map[string]any{"id": name, "kind": kind, "status": status}}} {
		have, _, _ := unstructured.NestedSlice(r.Body.Object, list.path, "resources")
		w.Set(r, append([]any{list.entry}, have...), list.path, "resources")
	}
	live := (&unstructured.Unstructured{Object: body}).DeepCopy()
	live.Object["status"] = status
	w.Put(facts.Object{
		Ref:     facts.Ref{Plane: "default", Group: group, Kind: kind, Namespace: w.Cell("development"), Name: name},
		Outcome: facts.Found, Body: live,
	})
}
