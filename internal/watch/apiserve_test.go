package watch

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
)

func answerStatus(code int32, reason metav1.StatusReason, message string) *metav1.Status {
	return &metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: "Failure", Code: code, Reason: reason, Message: message,
		Details: &metav1.StatusDetails{},
	}
}

func reply(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

func (a *api) get(w http.ResponseWriter, path, plural, name string) {
	a.mu.Lock()
	u := a.objects[path]
	a.mu.Unlock()
	if u != nil {
		reply(w, 200, u)
		return
	}
	group := strings.Split(path, "/")[2]
	if strings.HasPrefix(path, "/api/") {
		group = ""
	}
	status := answerStatus(404, metav1.StatusReasonNotFound, fmt.Sprintf("%s %q not found", strings.TrimSuffix(plural+"."+group, "."), name))
	status.Details.Name = name
	reply(w, 404, status)
}

// member reports whether the object at that path belongs to a collection. The collection covers one namespace or all.
func member(collection, path string) bool {
	if strings.HasPrefix(path, collection+"/") {
		return true
	}
	base, plural := collection[:strings.LastIndex(collection, "/")], collection[strings.LastIndex(collection, "/"):]
	rest, ok := strings.CutPrefix(path, base+"/namespaces/")
	parts := strings.Split(rest, "/")
	return ok && len(parts) == 3 && "/"+parts[1] == plural
}

// selection is the collection, the selectors and the options of a request.
type selection struct {
	collection string
	labels     labels.Selector
	fields     fields.Selector
}

func selected(r *http.Request, collection string) selection {
	l, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if err != nil {
		panic(err)
	}
	return selection{collection, l, fields.ParseSelectorOrDie(r.URL.Query().Get("fieldSelector"))}
}

func (s selection) has(path string, u *unstructured.Unstructured) bool {
	return u != nil && member(s.collection, path) && s.labels.Matches(labels.Set(u.GetLabels())) && s.fields.Matches(fieldsOf{u})
}

// fieldsOf makes every field selectable.
type fieldsOf struct{ *unstructured.Unstructured }

func (f fieldsOf) Get(path string) string {
	v, _, _ := unstructured.NestedString(f.Object, strings.Split(path, ".")...)
	return v
}

func (f fieldsOf) Has(path string) bool { return f.Get(path) != "" }

func (a *api) list(w http.ResponseWriter, r *http.Request, collection, verb string) {
	s := selected(r, collection)
	a.mu.Lock()
	var items []*unstructured.Unstructured
	for path, u := range a.objects {
		if s.has(path, u) {
			items = append(items, u)
		}
	}
	version := strconv.Itoa(a.version)
	a.mu.Unlock()
	slices.SortFunc(items, func(a, b *unstructured.Unstructured) int { return strings.Compare(pathOf(a), pathOf(b)) })
	if verb == "LIST" {
		metadata := map[string]any{"resourceVersion": version}
		if limit, _ := strconv.Atoi(r.URL.Query().Get("limit")); limit > 0 && len(items) > limit {
			metadata["continue"], items = "more", items[:limit]
		}
		reply(w, 200, map[string]any{"kind": "List", "apiVersion": "v1", "metadata": metadata, "items": append([]*unstructured.Unstructured{}, items...)})
		return
	}
	rows := []any{}
	for _, u := range items {
		owner, _, _ := unstructured.NestedString(u.Object, "spec", "owner", "componentName")
		rows = append(rows, map[string]any{"cells": []any{u.GetName(), owner}, "object": map[string]any{
			"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": map[string]any{"name": u.GetName(), "namespace": u.GetNamespace()},
		}})
	}
	reply(w, 200, map[string]any{
		"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": map[string]any{"resourceVersion": version},
		"columnDefinitions": []any{map[string]any{"name": "Name"}, map[string]any{"name": "Component"}}, "rows": rows,
	})
}

// watch writes the changes since the requested version, then each new change, and a bookmark every minute.
func (a *api) watch(w http.ResponseWriter, r *http.Request, collection string) {
	s := selected(r, collection)
	from, err := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	if err != nil || from == 0 {
		panic("a watch without a version")
	}
	seconds, _ := strconv.Atoi(r.URL.Query().Get("timeoutSeconds"))
	end := time.NewTimer(time.Duration(seconds) * time.Second)
	defer end.Stop()
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(200)
	_ = http.NewResponseController(w).Flush()
	a.mu.Lock()
	cuts := a.cuts
	a.mu.Unlock()
	for {
		lines, now, wake, over := a.since(s, from, cuts)
		if wake == nil {
			<-r.Context().Done()
			return
		}
		for _, line := range lines {
			_ = json.NewEncoder(w).Encode(line)
		}
		_ = http.NewResponseController(w).Flush()
		if from = now; over {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-end.C:
			return
		case <-minute.C:
			_ = json.NewEncoder(w).Encode(event("BOOKMARK", &unstructured.Unstructured{Object: map[string]any{
				"kind": "Bookmark", "apiVersion": "v1", "metadata": map[string]any{"resourceVersion": strconv.Itoa(now)},
			}}))
		case <-wake:
		}
	}
}

func event(kind string, object any) any { return map[string]any{"type": kind, "object": object} }

// since returns the lines that a watch must write, the version after them, and whether the watch ends then. wake is nil for a
// frozen watch.
func (a *api) since(s selection, from, cuts int) (lines []any, now int, wake chan struct{}, over bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.frozen {
		return nil, 0, nil, false
	}
	if from < a.compacted {
		return []any{event("ERROR", answerStatus(410, metav1.StatusReasonExpired, "too old resource version"))}, a.version, a.wake, true
	}
	for _, c := range a.history {
		if c.version <= from {
			continue
		}
		switch was, is := s.has(c.path, c.before), s.has(c.path, c.after); {
		case is && was:
			lines = append(lines, event("MODIFIED", c.after))
		case is:
			lines = append(lines, event("ADDED", c.after))
		case was:
			gone := c.before.DeepCopy()
			gone.SetResourceVersion(strconv.Itoa(c.version))
			lines = append(lines, event("DELETED", gone))
		}
	}
	return lines, a.version, a.wake, cuts != a.cuts
}
