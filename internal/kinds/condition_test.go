package kinds

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestConditionsAreReadPessimistically(t *testing.T) {
	t.Parallel()
	u := object(t, `
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: a, generation: 2}
status:
  conditions:
    - {type: Ready, status: "True", observedGeneration: 1, lastTransitionTime: "2026-11-21T04:00:00Z"}
    - {type: Odd, status: "true"}
    - broken
`)
	ready := ConditionOf(u, "Ready")
	if !ready.True() || ready.Current(u) || !ready.LastTransitionTime.Equal(time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)) {
		t.Errorf("Ready = %+v; want True, of the older generation", ready)
	}
	if odd := ConditionOf(u, "Odd"); odd.True() || odd.False() || !odd.Current(u) {
		t.Errorf("a status that is no status reads as %+v", odd)
	}
	if none := ConditionOf(u, "Absent"); none.Present() || none.True() || none.False() || none.Current(u) {
		t.Errorf("an absent condition reads as %+v", none)
	}
	if got := ConditionOf(nil, "Ready"); got.Present() {
		t.Errorf("a condition of nothing: %+v", got)
	}
}

// TestConditions expects all fields, in the order of the status. Gateway API's defaults of 1970 are not a time.
func TestConditions(t *testing.T) {
	t.Parallel()
	u := object(t, `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: a, generation: 3}
status:
  conditions:
    - {type: Programmed, status: Unknown, reason: Pending, message: Waiting for controller, lastTransitionTime: "1970-01-01T00:00:00Z"}
    - {type: Accepted, status: "False", reason: Invalid, message: no listener, observedGeneration: 3, lastTransitionTime: "2026-11-21T04:00:00Z"}
    - {type: Ready, status: "True", timestamp: "2026-11-21T05:00:00Z"}
    - {type: Odd, status: "True", lastTransitionTime: yesterday}
`)
	want := []Condition{
		{Type: "Programmed", Status: "Unknown", Reason: "Pending", Message: "Waiting for controller"},
		{Type: "Accepted", Status: "False", Reason: "Invalid", Message: "no listener", ObservedGeneration: 3, LastTransitionTime: time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)},
		{Type: "Ready", Status: "True", LastTransitionTime: time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)},
		{Type: "Odd", Status: "True"},
	}
	if diff := cmp.Diff(want, Conditions(u)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := Conditions(nil); len(got) != 0 {
		t.Errorf("conditions of nothing: %v", got)
	}
}

// TestStatusOfACondition expects that absent, Unknown and False differ, and that none of them is True.
func TestStatusOfACondition(t *testing.T) {
	t.Parallel()
	type answers struct{ Present, True, False, Unknown bool }
	for c, want := range map[Condition]answers{
		{}:                                  {},
		{Type: "Ready"}:                     {Present: true},
		{Type: "Ready", Status: "True"}:     {Present: true, True: true},
		{Type: "Ready", Status: "False"}:    {Present: true, False: true},
		{Type: "Ready", Status: "Unknown"}:  {Present: true, Unknown: true},
		{Type: "Ready", Status: "Unknown "}: {Present: true},
	} {
		if diff := cmp.Diff(want, answers{c.Present(), c.True(), c.False(), c.Unknown()}); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", c, diff)
		}
	}
}

func TestCurrentConditions(t *testing.T) {
	t.Parallel()
	second := object(t, "{apiVersion: v1, kind: Pod, metadata: {name: a, generation: 2}}")
	for name, c := range map[string]struct {
		condition Condition
		want      bool
	}{
		"Absent":      {Condition{ObservedGeneration: 2}, false},
		"NotRecorded": {Condition{Type: "Ready"}, true},
		"Older":       {Condition{Type: "Ready", ObservedGeneration: 1}, false},
		"Same":        {Condition{Type: "Ready", ObservedGeneration: 2}, true},
		"Newer":       {Condition{Type: "Ready", ObservedGeneration: 3}, true}, // than the generation of the object, which was read earlier
	} {
		if got := c.condition.Current(second); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if !(Condition{Type: "Ready", ObservedGeneration: 1}).Current(nil) {
		t.Error("without an object there is no other generation")
	}
}
