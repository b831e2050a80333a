package view

import (
	"maps"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// SelectsEnvironment reports whether a query selects the objects of an Environment, by its uid.
func SelectsEnvironment(q facts.Query) bool {
	return strings.HasPrefix(q.Labels, kinds.LabelEnvironmentUID+"=")
}

// HasReleasedObjects reports whether an object of the plane carries the uid of a RenderedRelease, or of an Environment where all of the
// release was deleted.
func HasReleasedObjects(s *facts.Snapshot, plane facts.Plane) bool {
	for l := range s.EachList() {
		if l.Query.Plane == plane && SelectsEnvironment(l.Query) && len(l.Items) > 0 {
			return true
		}
	}
	ours := map[string]bool{}
	for _, rendered := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		ours[string(rendered.Body.GetUID())] = true
	}
	for o := range s.Each() {
		if o.Ref.Plane != plane || o.Outcome != facts.Found {
			continue
		}
		if uid := kinds.Label(o.Body, kinds.LabelRenderedReleaseUID); uid != "" && ours[uid] {
			return true
		}
	}
	return false
}

// AgentOn is the agent of OpenChoreo on a data plane.
func AgentOn(plane facts.Plane) facts.Ref {
	agent := kinds.DataPlaneAgent()
	return facts.Ref{Plane: plane, Group: kinds.Apps, Kind: "Deployment", Namespace: agent.Namespace, Name: agent.Deployment}
}

// IsExpectedPlane reports whether the cluster that was read is this environment's data plane: only then does
// it carry an object with the uid of a RenderedRelease which OpenChoreo applied to it.
func (p *Environment) IsExpectedPlane() bool { return HasReleasedObjects(p.Snapshot, p.Plane()) }

// PodNamespace is where the component's objects go on the plane. Before OpenChoreo 1.2 no cell reports it, only the objects
// themselves.
func (p *Environment) PodNamespace() string {
	for _, o := range p.PlaneObjects() {
		if RunsPods(o.Ref) {
			return o.Ref.Namespace
		}
	}
	return kinds.Text(FirstBody(p.Cells), "status", "namespace")
}

// PlaneObject is one object that the RenderedRelease puts on the plane.
type PlaneObject struct {
	Ref      facts.Ref
	Declared *unstructured.Unstructured // as rendered
	Live     facts.Object               // as read from the plane; NotAsked if it was not read
	Reported map[string]any             // OpenChoreo's entry in status.resources; nil before its first look
}

// PlaneObjects joins what was rendered with what the plane and OpenChoreo say of it. Objects on the plane carry the
// id of their entry in a label (openchoreo v1.2.3 renderedrelease/controller.go:293).
func (p *Environment) PlaneObjects() []PlaneObject {
	if p.objects == nil {
		p.objects = p.joinObjects()
	}
	return p.objects
}

func (p *Environment) joinObjects() []PlaneObject {
	objects := []PlaneObject{}
	for _, item := range kinds.Items(p.Rendered.Body, "spec", "resources") {
		declared := &unstructured.Unstructured{Object: kinds.Fields(item, "object")}
		o := PlaneObject{Declared: declared, Reported: p.reportedEntry(kinds.String(item, "id"))}
		o.Ref = facts.Ref{
			Plane: p.Plane(), Group: declared.GroupVersionKind().Group, Kind: declared.GetKind(),
			Namespace: declared.GetNamespace(), Name: declared.GetName(),
		}
		o.Live = p.LiveObject(o.Ref)
		objects = append(objects, o)
	}
	return objects
}

// TemplateOf is the object with the pod template of a workload: a Rollout may take it from another workload (spec.workloadRef;
// argo-rollouts v1.9.1 utils/rollout/rolloututil.go). If that one was not rendered with it, TemplateOf returns the Rollout.
func (p *Environment) TemplateOf(workload PlaneObject) PlaneObject {
	if workload.Ref.Group != kinds.ArgoCD || workload.Ref.Kind != "Rollout" {
		return workload
	}
	kind, name := kinds.Text(workload.Declared, "spec", "workloadRef", "kind"), kinds.Text(workload.Declared, "spec", "workloadRef", "name")
	for _, o := range p.PlaneObjects() {
		if o.Ref.Namespace == workload.Ref.Namespace && o.Ref.Kind == kind && o.Ref.Name == name {
			return o
		}
	}
	return workload
}

func (p *Environment) reportedEntry(id string) map[string]any {
	for _, entry := range kinds.Items(p.Rendered.Body, "status", "resources") {
		if kinds.String(entry, "id") == id {
			return entry
		}
	}
	return nil
}

// LiveObject is the object itself, if the cluster that was read is the plane. A list without it is then an absence.
func (p *Environment) LiveObject(ref facts.Ref) facts.Object {
	if o := p.Object(ref); o.Outcome != facts.NotAsked {
		return o
	}
	l := p.Listed(ref.Plane, ref.Group, ref.Kind, ref.Namespace)
	if l.Outcome == facts.Found && (l.Truncated || !p.IsExpectedPlane()) {
		return facts.Object{Ref: ref}
	}
	if l.Outcome == facts.Found {
		return facts.Object{Ref: ref, Outcome: facts.Absent}
	}
	return facts.Object{Ref: ref, Outcome: l.Outcome, Reason: l.Reason}
}

// RunsPods reports whether objects of the kind run pods.
func RunsPods(ref facts.Ref) bool {
	return kinds.RunsPods(schema.GroupKind{Group: ref.Group, Kind: ref.Kind})
}

// reportedReplicas is how many replicas a workload has by its reported status, where what was rendered does not say how many it should
// have: because an autoscaler sets the number, or because it was left out. Nothing may be under way: a number that is on its
// way to another shows nothing about that one.
func (p *Environment) reportedReplicas(o PlaneObject, body *unstructured.Unstructured) (int64, bool) {
	_, rendered := kinds.Number(o.Declared, "spec", "replicas")
	if o.Ref.Group != kinds.Apps || rendered && !p.Autoscaled(o) {
		return 0, false
	}
	n, _ := kinds.Number(body, "status", "replicas")
	ready, _ := kinds.Number(body, "status", "readyReplicas")
	switch o.Ref.Kind {
	case "Deployment":
		return n, kinds.ConditionOf(body, appsv1.DeploymentAvailable).True() && kinds.ConditionOf(body, appsv1.DeploymentProgressing).Reason == kinds.ReasonNewReplicaSetAvailable
	case "StatefulSet":
		return n, n == ready && (n > 0 || p.Autoscaled(o))
	}
	return 0, false
}

// AsReported is the object as far as OpenChoreo knows it: what it rendered, with the status that it last saw. Its own word
// on health is not taken: it knows four kinds, and calls any other Healthy once it exists (openchoreo v1.2.3
// renderedrelease/controller_status.go:204).
func (p *Environment) AsReported(o PlaneObject) facts.Object {
	body := &unstructured.Unstructured{Object: map[string]any{}} // what was rendered may be no object at all
	maps.Copy(body.Object, o.Declared.Object)
	delete(body.Object, "status")
	if status, ok := o.Reported["status"]; ok {
		body.Object["status"] = status
	}
	if n, known := p.reportedReplicas(o, body); known {
		body.Object["spec"] = maps.Clone(kinds.Fields(body.Object, "spec"))
		body.Object["spec"].(map[string]any)["replicas"] = n
	}
	return facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: body}
}
