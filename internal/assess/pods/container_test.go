package pods

import (
	"slices"
	"testing"
)

// TestContainers: init containers run first, and a sentence names them as such.
func TestContainers(t *testing.T) {
	t.Parallel()
	pod := podOf(nil, map[string]any{
		"containerStatuses": []any{map[string]any{"name": "main"}}, "initContainerStatuses": []any{map[string]any{"name": "migrate"}},
	})
	var got []string
	for _, c := range containers(pod) {
		got = append(got, c.displayName(), c.path())
	}
	want := []string{"init container migrate", "status.initContainerStatuses[migrate]", "container main", "status.containerStatuses[main]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestLastTermination: the run before the restart explains a crash loop, and not the present state.
func TestLastTermination(t *testing.T) {
	t.Parallel()
	ended := func(code int64) map[string]any { return map[string]any{"terminated": map[string]any{"exitCode": code}} }
	for name, c := range map[string]struct {
		status map[string]any
		want   any
	}{
		"Both":    {map[string]any{"lastState": ended(1), "state": ended(2)}, int64(1)},
		"Present": {map[string]any{"lastState": map[string]any{}, "state": ended(2)}, int64(2)},
		"Runs":    {map[string]any{"state": map[string]any{"running": map[string]any{}}}, nil},
	} {
		if got := lastTermination(container{status: c.status})["exitCode"]; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestMemoryLimit(t *testing.T) {
	t.Parallel()
	pod := podOf(map[string]any{"containers": []any{
		map[string]any{"name": "proxy", "resources": map[string]any{"limits": map[string]any{"memory": "32Mi"}}},
		map[string]any{"name": "main", "resources": map[string]any{"limits": map[string]any{"memory": "64Mi"}}},
		map[string]any{"name": "free"},
	}}, nil)
	for name, want := range map[string]string{"main": " (64Mi)", "proxy": " (32Mi)", "free": "", "other": ""} {
		if got := memoryLimit(pod, container{status: map[string]any{"name": name}}); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
