package conditions_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	moment = 5 * time.Second
	hour   = time.Hour
)

// environment is one whose release was made, and last delivered, that long ago.
func environment(age time.Duration) *view.Environment {
	binding := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"creationTimestamp": ago(age)}}}
	p := view.New(facts.New(facts.Subject{Namespace: "default", Component: "shop"}, noon()), noon(), nil).EnvironmentOf("development")
	p.Binding = facts.Object{Outcome: facts.Found, Body: binding}
	return p
}

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func ago(age time.Duration) string { return noon().Add(-age).Format(time.RFC3339) }

// widget is an object of a group, in its third generation, made that long ago; no time means that it is only reported.
func widget(group string, age time.Duration, status map[string]any) facts.Object {
	meta := map[string]any{"name": "w", "namespace": "cell", "generation": int64(3)}
	if age != 0 {
		meta["creationTimestamp"] = ago(age)
	}
	body := &unstructured.Unstructured{Object: map[string]any{"apiVersion": group + "/v1", "kind": "Widget", "metadata": meta}}
	if status != nil {
		body.Object["status"] = status
	}
	return facts.Object{Ref: facts.Ref{Plane: "default", Group: group, Kind: "Widget", Namespace: "cell", Name: "w"}, Outcome: facts.Found, Body: body}
}

// condition is one of the current generation, without a time if the age is 0.
func condition(name, status, reason string, age time.Duration) map[string]any {
	c := map[string]any{"type": name, "status": status, "reason": reason, "observedGeneration": int64(3)}
	if age != 0 {
		c["lastTransitionTime"] = ago(age)
	}
	return c
}

func with(all ...map[string]any) map[string]any {
	list := []any{}
	for _, c := range all {
		list = append(list, c)
	}
	return map[string]any{"conditions": list}
}

// of changes a field.
func of(m map[string]any, field string, value any) map[string]any {
	m[field] = value
	return m
}

// outcome is what counts of a Result.
type outcome struct {
	State    trace.State
	Summary  string
	Findings []string
}

func outcomeOf(j *result.Result) outcome {
	o := outcome{State: j.State, Summary: j.Summary}
	for _, f := range j.Findings {
		o.Findings = append(o.Findings, string(f.Severity)+" "+string(f.Code)+": "+f.Message)
	}
	return o
}

type row struct {
	object   facts.Object
	released time.Duration // before now; an hour if it is 0
	want     outcome
}

func check(t *testing.T, assess func(*view.Environment, *result.Result, facts.Object) *result.Result, rows map[string]row) {
	t.Helper()
	for name, c := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.released == 0 {
				c.released = hour
			}
			got := assess(environment(c.released), result.New(trace.RungResource, c.object.Ref), c.object)
			if diff := cmp.Diff(c.want, outcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

const gadgets = "gadgets.example.com"

func failed(message string) outcome {
	return outcome{trace.Failed, "Widget: ResourceNotReady", []string{"error ResourceNotReady: " + message}}
}

func waits(summary string) outcome { return outcome{State: trace.Progressing, Summary: summary} }

func ok(findings ...string) outcome { return outcome{trace.OK, "Widget", findings} }
