package engine_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func withSpec(spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
}

// TestDuration: a field without a positive duration of Go counts as missing.
func TestDuration(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spec map[string]any
		want time.Duration
	}{
		"First":      {map[string]any{"retryInterval": "30s", "interval": "1m"}, 30 * time.Second},
		"Second":     {map[string]any{"interval": "1m30s"}, 90 * time.Second},
		"Zero":       {map[string]any{"retryInterval": "0s", "interval": "1m"}, time.Minute},
		"Negative":   {map[string]any{"retryInterval": "-1s", "interval": "1m"}, time.Minute},
		"Malformed":  {map[string]any{"retryInterval": "soon", "interval": "1m"}, time.Minute},
		"NoText":     {map[string]any{"retryInterval": int64(30)}, 0},
		"OtherField": {map[string]any{"timeout": "1m"}, 0},
	} {
		if got := engine.Duration(withSpec(c.spec), "retryInterval", "interval"); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := engine.Duration(nil, "interval"); got != 0 {
		t.Errorf("nothing has the duration %v", got)
	}
}

// TestNone: an object that delivers nothing has the timeout and the suspension of its spec, and nothing else.
func TestNone(t *testing.T) {
	t.Parallel()
	none := engine.None{}
	for name, c := range map[string]struct {
		spec    map[string]any
		runTime time.Duration
		paused  string
	}{
		"Default":   {map[string]any{}, 5 * time.Minute, ""},
		"Timeout":   {map[string]any{"timeout": "90s"}, 90 * time.Second, ""},
		"Suspended": {map[string]any{"suspend": true}, 5 * time.Minute, "spec.suspend: true"},
		"Resumed":   {map[string]any{"suspend": false}, 5 * time.Minute, ""},
		"NoBoolean": {map[string]any{"suspend": "true"}, 5 * time.Minute, ""},
	} {
		if got := none.RunTime(withSpec(c.spec)); got != c.runTime {
			t.Errorf("%s: a run takes %v, want %v", name, got, c.runTime)
		}
		if got := none.PausedBy(withSpec(c.spec)); got != c.paused {
			t.Errorf("%s: paused by %q, want %q", name, got, c.paused)
		}
	}
	u := withSpec(map[string]any{"interval": "1m"})
	if none.Interval(u) != 0 || none.Restores(u) || none.IsStatic(u) || none.HasPrunedAll(u) || none.Revision(u) != "" || !none.LastChange(u).IsZero() {
		t.Error("an object that delivers nothing runs")
	}
	if _, fetched := none.Fetched(u); fetched || len(none.Contents(u))+len(none.AppliedBy(u))+len(none.Inventory(u))+len(none.Sources(u))+len(none.DependsOn(u))+len(none.History(u)) > 0 {
		t.Error("an object that delivers nothing has content")
	}
	if none.Runs(u) != (engine.Runs{}) || len(none.Properties().Kinds) > 0 {
		t.Error("an object that delivers nothing has runs or kinds")
	}
}

func TestRef(t *testing.T) {
	t.Parallel()
	want := facts.Ref{Plane: facts.Control, Group: "g.example.com", Kind: "K", Namespace: "shop", Name: "a"}
	if got := engine.Ref(kinds.Reference{Group: "g.example.com", Kind: "K", Namespace: "shop", Name: "a"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
