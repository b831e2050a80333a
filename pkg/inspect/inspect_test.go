package inspect

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestInspect expects all data of one object, and none of others.
func TestInspect(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	pod := facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp", Name: "greeter"}
	other := facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp", Name: "other"}
	s := facts.New(facts.Subject{}, now)
	s.Put(facts.Object{Ref: pod, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
		"status": map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "False"}}},
	}}})
	event := func(name, kind string, about facts.Ref, age time.Duration) {
		s.Put(facts.Object{Ref: facts.Ref{Plane: "eu", Kind: "Event", Namespace: "dp", Name: name}, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{
			"type": kind, "reason": name, "involvedObject": map[string]any{"kind": about.Kind, "namespace": about.Namespace, "name": about.Name},
			"lastTimestamp": now.Add(-age).Format(time.RFC3339),
		}}})
	}
	event("Older", "Warning", pod, time.Minute)
	event("Newer", "Warning", pod, time.Second)
	event("Pulled", "Normal", pod, 0)
	event("Elsewhere", "Warning", other, 0)
	for _, p := range []facts.Ref{pod, other} {
		s.PutLog(facts.Log{Query: facts.LogQuery{Pod: p, Container: "main"}, Outcome: facts.Found, Lines: []string{p.Name}})
	}

	detail := Inspect(s, pod)
	var warnings []string
	for _, w := range detail.Warnings {
		warnings = append(warnings, w.Reason)
	}
	if diff := cmp.Diff([]string{"Newer", "Older"}, warnings); diff != "" {
		t.Errorf("warnings (-want +got)\n%s", diff)
	}
	if len(detail.Conditions) != 1 || len(detail.Logs) != 1 || detail.Logs[0].Lines[0] != "greeter" || detail.Object.Outcome != facts.Found {
		t.Errorf("got %+v", detail)
	}
	if detail := Inspect(s, facts.Ref{Kind: "Pod", Name: "unknown"}); detail.Object.Outcome != facts.NotAsked || len(detail.Conditions) > 0 {
		t.Errorf("of what is not known: %+v", detail)
	}
}
