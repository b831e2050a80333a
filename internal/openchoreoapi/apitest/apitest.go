// Package apitest is, for tests, an openchoreo-api that answers from a Snapshot. It follows openchoreo v1.2.3
// internal/openchoreo-api/services/k8sresources/service.go and the schemas of openapi/openchoreo-api.yaml.
package apitest

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// API answers requests for the k8sresources of ReleaseBindings. The zero value has none.
type API struct {
	Control []facts.Object                                    // ReleaseBindings and RenderedReleases
	Plane   []facts.Object                                    // what is on the data plane
	Logs    []facts.Log                                       // of the current runs
	Refuse  func(w http.ResponseWriter, r *http.Request) bool // answers instead, and returns true; may be nil
	Edit    func(tree map[string]any)                         // changes a tree before it is sent; may be nil
	Hidden  []string                                          // the kinds of the control plane that the user may not view
	Pages   bool                                              // lists have one object on their first page

	mu       sync.Mutex
	requests []string
}

// Of returns an API with the objects of a Snapshot.
func Of(s *facts.Snapshot) *API {
	a := &API{}
	for _, o := range s.Objects() {
		switch {
		case o.Outcome != facts.Found:
		case o.Ref.Plane == facts.Control:
			a.Control = append(a.Control, o)
		default:
			a.Plane = append(a.Plane, o)
		}
	}
	for _, l := range s.Logs() {
		if l.Outcome == facts.Found && !l.Query.Previous {
			a.Logs = append(a.Logs, l)
		}
	}
	return a
}

// Requests returns the path and query of each request, in the order of arrival.
func (a *API) Requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.requests...)
}

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.requests = append(a.requests, r.URL.RequestURI())
	a.mu.Unlock()
	if a.Refuse != nil && a.Refuse(w, r) {
		return
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if r.Method == http.MethodGet && len(parts) < 8 && parts[0] == "api" {
		a.serveControl(w, parts[2:], r.URL.Query())
		return
	}
	if r.Method != http.MethodGet || len(parts) != 8 || parts[1] != "v1" || parts[4] != "releasebindings" || parts[6] != "k8sresources" {
		http.NotFound(w, r)
		return
	}
	bound, found := a.control("ReleaseBinding", parts[3], parts[5])
	if !found {
		Fail(w, http.StatusNotFound, "NOT_FOUND", "ReleaseBinding not found")
		return
	}
	switch parts[7] {
	case "tree":
		tree := a.tree(bound)
		if a.Edit != nil {
			a.Edit(tree)
		}
		send(w, http.StatusOK, tree)
	case "events":
		send(w, http.StatusOK, map[string]any{"events": a.events(r.URL.Query().Get("kind"), r.URL.Query().Get("name"))})
	case "logs":
		send(w, http.StatusOK, map[string]any{"logEntries": a.log(r.URL.Query().Get("podName"), r.URL.Query().Get("container"))})
	default:
		http.NotFound(w, r)
	}
}

// Fail sends an ErrorResponse.
func Fail(w http.ResponseWriter, status int, code, text string) {
	send(w, status, map[string]any{"code": code, "error": text})
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (a *API) control(kind, namespace, name string) (facts.Object, bool) {
	for _, o := range a.Control {
		if o.Ref.Kind == kind && o.Ref.Namespace == namespace && o.Ref.Name == name {
			return o, true
		}
	}
	return facts.Object{}, false
}

func (a *API) tree(bound facts.Object) map[string]any {
	releases := []any{}
	for _, o := range a.Control {
		for _, owner := range o.Body.GetOwnerReferences() {
			if o.Ref.Kind == "RenderedRelease" && owner.UID == bound.Body.GetUID() && owner.Controller != nil && *owner.Controller {
				releases = append(releases, map[string]any{
					"name": o.Ref.Name, "targetPlane": "dataplane", "nodes": a.nodes(o), "renderedRelease": bare(o),
				})
			}
		}
	}
	return map[string]any{"renderedReleases": releases}
}

// nodes are what OpenChoreo applied and is there, with the Jobs and the pods of it.
func (a *API) nodes(rendered facts.Object) []any {
	nodes := []any{}
	for _, entry := range kinds.Items(rendered.Body, "status", "resources") {
		for _, o := range a.Plane {
			if o.Ref.Group == kinds.String(entry, "group") && o.Ref.Kind == kinds.String(entry, "kind") &&
				o.Ref.Namespace == kinds.String(entry, "namespace") && o.Ref.Name == kinds.String(entry, "name") {
				nodes = append(nodes, node(o))
				nodes = append(nodes, a.children(o)...)
			}
		}
	}
	return nodes
}

func (a *API) children(of facts.Object) []any {
	var nodes []any
	for _, o := range a.Plane {
		for _, owner := range o.Body.GetOwnerReferences() {
			switch {
			case of.Ref.Kind == "Deployment" && o.Ref.Kind == "Pod" && owner.Kind == "ReplicaSet" && owner.Name == of.Ref.Name+"-"+kinds.Label(o.Body, "pod-template-hash"),
				of.Ref.Kind == "Job" && o.Ref.Kind == "Pod" && owner.UID == of.Body.GetUID():
				nodes = append(nodes, node(o))
			case of.Ref.Kind == "CronJob" && o.Ref.Kind == "Job" && owner.UID == of.Body.GetUID():
				nodes = append(append(nodes, node(o)), a.children(o)...)
			}
		}
	}
	return nodes
}

func node(o facts.Object) map[string]any {
	gvk := o.Body.GroupVersionKind()
	n := map[string]any{
		"version": gvk.Version, "kind": gvk.Kind, "name": o.Ref.Name, "uid": string(o.Body.GetUID()), "object": o.Body.Object,
	}
	for key, value := range map[string]string{"group": gvk.Group, "namespace": o.Ref.Namespace} {
		if value != "" {
			n[key] = value
		}
	}
	return n
}

func (a *API) events(kind, name string) []any {
	events := []any{}
	for _, o := range a.Plane {
		if o.Ref.Kind != "Event" || kinds.Text(o.Body, "involvedObject", "kind") != kind || kinds.Text(o.Body, "involvedObject", "name") != name {
			continue
		}
		event := map[string]any{"type": kinds.Text(o.Body, "type"), "reason": kinds.Text(o.Body, "reason"), "message": kinds.Text(o.Body, "message")}
		if n, ok := kinds.Number(o.Body, "count"); ok {
			event["count"] = n
		}
		first := firstOf(o.Body, []string{"firstTimestamp"}, []string{"eventTime"})
		last := firstOf(o.Body, []string{"lastTimestamp"})
		if last == "" {
			last = first
		}
		for key, value := range map[string]string{"firstTimestamp": first, "lastTimestamp": last, "source": firstOf(o.Body, []string{"source", "component"}, []string{"reportingComponent"})} {
			if value != "" {
				event[key] = value
			}
		}
		events = append(events, event)
	}
	return events
}

func firstOf(u *unstructured.Unstructured, paths ...[]string) string {
	for _, path := range paths {
		if s := kinds.Text(u, path...); s != "" {
			return s
		}
	}
	return ""
}

func (a *API) log(pod, container string) []any {
	entries := []any{}
	for _, l := range a.Logs {
		if l.Query.Pod.Name != pod || l.Query.Container != container {
			continue
		}
		for i, line := range l.Lines {
			at := time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC).Format(time.RFC3339Nano)
			entries = append(entries, map[string]any{"timestamp": at, "log": line, "container": container})
		}
	}
	return entries
}
