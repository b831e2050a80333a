package pods

import (
	"slices"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
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

// TestLogTail: the log of the run that crashed counts more than that of the next run. An empty log, and one that was not read, show nothing.
func TestLogTail(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	c := container{status: map[string]any{"name": "main"}}
	log := func(previous bool, outcome facts.Outcome, lines ...string) facts.Log {
		return facts.Log{Query: facts.LogQuery{Pod: healthy.DevPod().Ref, Container: "main", Previous: previous}, Outcome: outcome, Lines: lines}
	}
	for name, one := range map[string]struct {
		logs []facts.Log
		want string // "" for no evidence
	}{
		"Both":      {[]facts.Log{log(true, facts.Found, "panic:", "it crashed"), log(false, facts.Found, "starts")}, "panic:\nit crashed"},
		"Present":   {[]facts.Log{log(false, facts.Found, "starts")}, "starts"},
		"Empty":     {[]facts.Log{log(true, facts.Found), log(false, facts.Found, "starts")}, "starts"},
		"Forbidden": {[]facts.Log{log(true, facts.Forbidden, "x")}, ""},
		"NotRead":   {nil, ""},
	} {
		w := healthy.Copy(t)
		for _, l := range one.logs {
			w.PutLog(l)
		}
		got := logTail(w.Development(), w.DevPod(), c)
		if (len(got) == 0) != (one.want == "") || len(got) > 0 && (got[0].Value != one.want || got[0].Path != "log of main") {
			t.Errorf("%s: %+v, want %q", name, got, one.want)
		}
	}
}
