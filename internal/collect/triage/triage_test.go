package triage_test

import (
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/triage"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

type fields = map[string]any

func conditions(pairs ...string) []any {
	var all []any
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, fields{"type": pairs[i], "status": pairs[i+1]})
	}
	return all
}

func pod(spec, status fields) facts.Object {
	return facts.Object{Outcome: facts.Found, Body: &unstructured.Unstructured{Object: fields{"spec": spec, "status": status}}}
}

// TestReportedUnhealthy: a claim must be bound, no gateway may reject a route, and other kinds need their conditions.
func TestReportedUnhealthy(t *testing.T) {
	t.Parallel()
	parents := func(all ...any) fields { return fields{"parents": all} }
	for name, c := range map[string]struct {
		kind   string
		status fields
		want   bool
	}{
		"Bound":              {"PersistentVolumeClaim", fields{"phase": "Bound"}, false},
		"Pending":            {"PersistentVolumeClaim", fields{"phase": "Pending"}, true},
		"ClaimWithoutPhase":  {"PersistentVolumeClaim", fields{}, true},
		"RouteRejectedByOne": {"HTTPRoute", parents(fields{"conditions": conditions("Accepted", "True")}, fields{"conditions": conditions("Accepted", "False")}), true},
		"RouteAccepted":      {"HTTPRoute", parents(fields{"conditions": conditions("Accepted", "True")}), true}, // for its Gateway
		"RouteWithoutParent": {"HTTPRoute", parents(), false},
		"Ready":              {"Thing", fields{"conditions": conditions("Ready", "True")}, false},
		"NotReady":           {"Thing", fields{"conditions": conditions("Ready", "False")}, true},
		"Unknown":            {"Thing", fields{"conditions": conditions("Ready", "Unknown")}, true},
		"SecondFails":        {"Thing", fields{"conditions": conditions("Ready", "True", "Synced", "False")}, true},
		"NormallyFalse":      {"Certificate", fields{"conditions": conditions("Ready", "True", "Issuing", "False")}, false},
		"Scaling":            {"HorizontalPodAutoscaler", fields{"conditions": conditions("ScalingActive", "False")}, true},
		"ScalingFull":        {"HorizontalPodAutoscaler", fields{"conditions": conditions("ScalingLimited", "False")}, false},
		"NoStatus":           {"Thing", nil, false},
	} {
		if got := triage.IsReportedUnhealthy(c.kind, fields{"kind": c.kind, "status": c.status}); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestIsHealthy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status fields
		want   bool
	}{
		"Ready":     {fields{"phase": "Running", "conditions": conditions("Ready", "True")}, true},
		"Succeeded": {fields{"phase": "Succeeded", "conditions": conditions("Ready", "False")}, true},
		"NotReady":  {fields{"phase": "Running", "conditions": conditions("Ready", "False")}, false},
		"Pending":   {fields{"phase": "Pending"}, false},
		"Failed":    {fields{"phase": "Failed"}, false},
	} {
		if got := triage.IsHealthy(pod(nil, c.status)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestCrashedContainers: a container that has been restarted has crashed, also if it runs again; one that ended with 0 has not.
func TestCrashedContainers(t *testing.T) {
	t.Parallel()
	ended := func(code int64) fields { return fields{"terminated": fields{"exitCode": code}} }
	status := func(name string, state, last fields) any {
		return fields{"name": name, "state": state, "lastState": last}
	}
	got := triage.CrashedContainers(pod(nil, fields{
		"containerStatuses":     []any{status("runs", fields{"running": fields{}}, nil), status("restarted", fields{"running": fields{}}, ended(0)), status("failed", ended(1), nil), status("done", ended(0), nil)},
		"initContainerStatuses": []any{status("init", ended(2), nil)},
	}))
	if want := []string{"init", "restarted", "failed"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestHasUnmetGate(t *testing.T) {
	t.Parallel()
	gates := fields{"readinessGates": []any{fields{"conditionType": "a"}, fields{"conditionType": "b"}}}
	for name, c := range map[string]struct {
		spec fields
		met  []any
		want bool
	}{
		"Met":     {gates, conditions("a", "True", "b", "True"), false},
		"OneLeft": {gates, conditions("a", "True"), true},
		"False":   {gates, conditions("a", "True", "b", "False"), true},
		"None":    {nil, nil, false},
	} {
		if got := triage.HasUnmetGate(pod(c.spec, fields{"conditions": c.met})); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
