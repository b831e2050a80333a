package openchoreoapi_test

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

func text(o facts.Object, path ...string) string { return kinds.Text(o.Body, path...) }

func nodesOf(tree map[string]any) []any {
	for _, release := range tree["renderedReleases"].([]any) {
		if nodes := release.(map[string]any)["nodes"].([]any); len(nodes) > 0 {
			return nodes
		}
	}
	return nil
}

// TestNodesThatLie: a node whose object is another one, or that no cluster can have, is as good as not there; so what it stands for is
// unknown.
func TestNodesThatLie(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	for name, edit := range map[string]func(node map[string]any){
		"OtherName":      func(n map[string]any) { n["name"] = "other" },
		"Path":           func(n map[string]any) { n["name"] = "../../secrets/db" },
		"OtherNamespace": func(n map[string]any) { n["namespace"] = "kube-system" },
		"OtherKind":      func(n map[string]any) { n["kind"] = "ConfigMap" },
		"Secret":         func(n map[string]any) { n["kind"], n["group"], n["version"] = "Secret", "", "v1" },
		"UnknownKind":    func(n map[string]any) { n["kind"] = "Gadget" },
		"OtherVersion":   func(n map[string]any) { n["version"] = "v9" },
		"OtherObject": func(n map[string]any) {
			object := maps.Clone(n["object"].(map[string]any))
			object["metadata"] = maps.Clone(object["metadata"].(map[string]any))
			object["metadata"].(map[string]any)["name"] = "other"
			n["object"] = object
		},
		"NoObject":     func(n map[string]any) { delete(n, "object") },
		"Text":         func(n map[string]any) { n["object"] = "x" },
		"NameIsNumber": func(n map[string]any) { n["name"] = 5 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := apitest.Of(s)
			api.Edit = func(tree map[string]any) {
				for _, n := range nodesOf(tree) {
					edit(n.(map[string]any))
				}
			}
			source := noted(s, sourceOf(api))
			workloads := podsOf(t, s)
			workloads.Group, workloads.Kind = kinds.Apps, "Deployment"
			for _, q := range []facts.Query{podsOf(t, s), workloads} {
				l, objects := source.List(t.Context(), q)
				if l.Outcome != facts.Unreachable || !facts.IsLeftOut(l.Reason) || len(objects) > 0 {
					t.Errorf("%s: %s %s, %d objects", q.Kind, l.Outcome, l.Reason, len(objects))
				}
			}
		})
	}
}

// TestFewerPodsThanCounted: a list of pods that the API could not read is left out in silence.
func TestFewerPodsThanCounted(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	api.Edit = func(tree map[string]any) {
		for _, release := range tree["renderedReleases"].([]any) {
			var kept []any
			for _, n := range release.(map[string]any)["nodes"].([]any) {
				if n.(map[string]any)["kind"] != "Pod" {
					kept = append(kept, n)
				}
			}
			release.(map[string]any)["nodes"] = kept
		}
	}
	l, _ := noted(s, sourceOf(api)).List(t.Context(), podsOf(t, s))
	if l.Outcome != facts.Unreachable || !strings.HasPrefix(l.Reason, "openchoreo-api: left out: 1 of 1 pods of Deployment ") {
		t.Errorf("%s %s", l.Outcome, l.Reason)
	}
}

// TestNothingElseIsRequested: names that cannot exist, kinds that are never read and pods of others make no request.
func TestNothingElseIsRequested(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	source := noted(s, sourceOf(api))
	cell := podsOf(t, s).Namespace
	for _, c := range []struct {
		ref  facts.Ref
		want facts.Outcome
	}{
		{facts.Ref{Plane: "default", Kind: "Secret", Namespace: cell, Name: "db"}, facts.NoKind},
		{facts.Ref{Plane: "default", Kind: "Gadget", Namespace: cell, Name: "db"}, facts.NoKind},
		{facts.Ref{Plane: "default", Kind: "Pod", Namespace: cell, Name: "../secrets/db"}, facts.Invalid},
		{facts.Ref{Plane: "default", Kind: "Namespace", Name: cell}, facts.Unreachable},
		{facts.Ref{Plane: "default", Kind: "Node", Name: "a"}, facts.Unreachable},
		{facts.Ref{Plane: "default", Kind: "Pod", Namespace: cell, Name: "other"}, facts.Unreachable},
	} {
		if o := source.Get(t.Context(), c.ref); o.Outcome != c.want || o.Reason == "" {
			t.Errorf("%s: %s %s, want %s", c.ref, o.Outcome, o.Reason, c.want)
		}
	}
	for _, q := range []facts.LogQuery{
		{Pod: facts.Ref{Plane: "default", Kind: "Pod", Namespace: cell, Name: "other"}, Container: "main"},
		{Pod: facts.Ref{Plane: "default", Kind: "Pod", Namespace: cell, Name: "a&b"}, Container: "main"},
		{Pod: facts.Ref{Plane: "default", Kind: "Pod", Namespace: cell, Name: "other"}, Container: "main", Previous: true},
	} {
		if l := source.Log(t.Context(), q); l.Outcome == facts.Found || l.Outcome == facts.Absent {
			t.Errorf("%+v: %s", q, l.Outcome)
		}
	}
	if got := api.Requests(); len(got) > 0 {
		t.Errorf("requests %v", got)
	}
}

// TestReleasesThatLie: the names in a RenderedRelease come from the control plane, and become a part of a request only if they can exist.
func TestReleasesThatLie(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	source := sourceOf(api)
	for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		o.Body = o.Body.DeepCopy()
		owners := o.Body.GetOwnerReferences()
		for i := range owners {
			owners[i].Name = "../../../../secrets/db?x="
		}
		o.Body.SetOwnerReferences(owners)
		source.Note(o)
	}
	if l, _ := source.List(t.Context(), podsOf(t, s)); l.Outcome != facts.Invalid || len(api.Requests()) > 0 {
		t.Errorf("%s %s, requests %v", l.Outcome, l.Reason, api.Requests())
	}
}

// TestConfigMapsAreMasked: the API returns their data as they are.
func TestConfigMapsAreMasked(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	ref := facts.Ref{Plane: "default", Kind: "ConfigMap", Namespace: podsOf(t, s).Namespace, Name: "settings"}
	api.Plane = append(api.Plane, facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": ref.Name, "namespace": ref.Namespace, "uid": "1"},
		"data": map[string]any{"DB_PASSWORD": "hunter2-hunter2"},
	}}})
	source := sourceOf(api)
	for _, list := range [][]facts.Object{api.Control} {
		for i, o := range list {
			if o.Ref.Kind == "RenderedRelease" {
				o.Body = o.Body.DeepCopy()
				items, _, _ := unstructured.NestedSlice(o.Body.Object, "status", "resources")
				items = append(items, map[string]any{"id": "c", "version": "v1", "kind": "ConfigMap", "namespace": ref.Namespace, "name": ref.Name})
				_ = unstructured.SetNestedSlice(o.Body.Object, items, "status", "resources")
				list[i] = o
				source.Note(o)
			}
		}
	}
	read := source.Get(t.Context(), ref)
	if read.Outcome != facts.Found || text(read, "data", "DB_PASSWORD") != "hunter2-hunter2" {
		t.Fatalf("%s %s", read.Outcome, read.Reason)
	}
	through := facts.New(s.Subject, s.TakenAt)
	through.Put(read)
	var file bytes.Buffer
	if err := snapshotfile.Write(&file, through, snapshotfile.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(file.String(), "hunter2") || !strings.Contains(file.String(), "settings") {
		t.Errorf("the file has the value:\n%s", file.String())
	}
}

// TestLogs: the last lines, as many as kubectl would print; a line cannot forge another.
func TestLogs(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "healthy")
	api := apitest.Of(s)
	source := noted(s, sourceOf(api))
	l, objects := source.List(t.Context(), podsOf(t, s))
	if l.Outcome != facts.Found || len(objects) == 0 {
		t.Fatalf("%s %s", l.Outcome, l.Reason)
	}
	query := facts.LogQuery{Pod: objects[0].Ref, Container: "main"}
	var lines []string
	for i := range 30 {
		lines = append(lines, strings.Repeat("x", i+1))
	}
	lines = append(lines, "one\ntwo", strings.Repeat("y", 20_000))
	api.Logs = []facts.Log{{Query: query, Lines: lines}}
	got := source.Log(t.Context(), query)
	if got.Outcome != facts.Found || len(got.Lines) != 1 || len(got.Lines[0]) > 16<<10 {
		t.Errorf("%s, %d lines", got.Outcome, len(got.Lines))
	}
	api.Logs[0].Lines = lines[:31]
	got = source.Log(t.Context(), query)
	if len(got.Lines) != 20 || got.Lines[19] != "one two" || got.Lines[18] != lines[29] {
		t.Errorf("%d lines, the last %q", len(got.Lines), got.Lines[len(got.Lines)-1])
	}
	tail := int64(1)
	body, err := source.OpenLog(t.Context(), query, podlog.Options{Tail: &tail, Timestamps: true})
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	if _, err := printed.ReadFrom(body); err != nil || printed.String() != "2026-01-01T00:00:30Z one two\n" {
		t.Errorf("%q, %v", printed.String(), err)
	}
	_ = body.Close()
	if _, err := source.OpenLog(t.Context(), query, podlog.Options{Follow: true}); err == nil || !strings.Contains(err.Error(), "leave out --follow") {
		t.Errorf("error %v", err)
	}
	api.Refuse = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/logs") {
			return false
		}
		_, _ = w.Write([]byte(`{"logEntries":[{"timestamp":"2026-01-01T00:00:00Z","log":"cut`))
		return true
	}
	if got := source.Log(t.Context(), query); got.Outcome != facts.Unreachable || len(got.Lines) > 0 {
		t.Errorf("%s %v", got.Outcome, got.Lines)
	}
}
