package facts

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// podAt is a Pod with times of its cluster at status, and times that people wrote at spec.
func podAt(status, spec string) map[string]any {
	return map[string]any{
		"kind": "Pod",
		"metadata": map[string]any{
			"creationTimestamp": status,
			"annotations":       map[string]any{"restartedAt": spec},
			"labels":            map[string]any{"at": spec},
			"managedFields":     []any{map[string]any{"time": status}},
		},
		"spec":   map[string]any{"notBefore": spec},
		"status": map[string]any{"message": "at " + spec, "restarts": int64(2), "conditions": []any{map[string]any{"lastTransitionTime": status}}},
		// as of an Event
		"lastTimestamp": status,
	}
}

func TestInControlTime(t *testing.T) {
	t.Parallel()
	const noon, later = "2026-11-26T12:00:00Z", "2026-11-26T12:05:00Z"
	for name, c := range map[string]struct {
		skew Skew
		want string // what noon of the plane becomes
	}{
		"NotCompared":          {nil, noon},
		"ControlPlaneUnknown":  {Skew{"eu": 5 * time.Minute}, noon},
		"PlaneUnknown":         {Skew{Control: 5 * time.Minute}, noon},
		"TheSameClock":         {Skew{Control: 5 * time.Minute, "eu": 5*time.Minute + 400*time.Millisecond}, noon},
		"PlaneIsBehind":        {Skew{Control: -time.Minute, "eu": 4*time.Minute + 300*time.Millisecond}, later},
		"ControlPlaneIsBehind": {Skew{Control: 5 * time.Minute, "eu": 0}, "2026-11-26T11:55:00Z"},
		"OnlyAnother":          {Skew{Control: 0, "eu": 0, "us": time.Hour}, noon},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := New(Subject{}, time.Time{})
			s.Skew = c.skew
			onControl := Ref{Plane: Control, Kind: "Pod", Namespace: "shop", Name: "a"}
			for _, ref := range []Ref{pod("a"), onControl} {
				s.Put(Object{Ref: ref, Outcome: Found, Body: &unstructured.Unstructured{Object: podAt(noon, noon)}})
			}
			s.Put(Object{Ref: pod("gone"), Outcome: Absent})
			got := s.InControlTime()
			if diff := cmp.Diff(podAt(c.want, noon), got.Object(pod("a")).Body.Object); diff != "" {
				t.Errorf("on the plane (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(podAt(noon, noon), got.Object(onControl).Body.Object); diff != "" {
				t.Errorf("on the control plane (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(podAt(noon, noon), s.Object(pod("a")).Body.Object); diff != "" {
				t.Errorf("the Snapshot was changed (-want +got)\n%s", diff)
			}
			if again := got.InControlTime(); again != got {
				t.Error("converted times are converted again")
			}
			if o := got.Object(pod("gone")); o.Outcome != Absent {
				t.Errorf("an absent object became %v", o.Outcome)
			}
		})
	}
}
