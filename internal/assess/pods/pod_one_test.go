package pods

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func podOf(spec, status map[string]any) facts.Object {
	return facts.Object{Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{"spec": spec, "status": status}}}
}

func TestUnschedulableHint(t *testing.T) {
	t.Parallel()
	container := func(requests map[string]any) map[string]any {
		return map[string]any{"resources": map[string]any{"requests": requests}}
	}
	const compare = "compare its requests, node selector and tolerations with the nodes"
	for want, containers := range map[string][]any{
		"no node fits the pod: " + compare:                                                        {container(nil), map[string]any{}},
		"no node fits the pod, which requests cpu 80: " + compare:                                 {container(map[string]any{"cpu": "80"})},
		"no node fits the pod, which requests cpu 100m, memory 1Gi, nvidia.com/gpu 1: " + compare: {container(map[string]any{"memory": "1Gi", "cpu": "100m"}), container(map[string]any{"nvidia.com/gpu": "1"})},
	} {
		if got, _ := unschedulableHint(assesstest.Healthy(t).Component().EnvironmentOf("development"), podOf(map[string]any{"containers": containers}, nil)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestAllRunning: a pod has started with its last container, and not before each of them runs.
func TestAllRunning(t *testing.T) {
	t.Parallel()
	running := func(at string) any {
		return map[string]any{"state": map[string]any{"running": map[string]any{"startedAt": at}}}
	}
	waiting := map[string]any{"state": map[string]any{"waiting": map[string]any{}}}
	for name, c := range map[string]struct {
		statuses []any
		want     string // time of the day; "" for none
	}{
		"Last":       {[]any{running("2026-11-21T09:00:00Z"), running("2026-11-21T09:00:02Z"), running("2026-11-21T09:00:01Z")}, "09:00:02"},
		"OneWaits":   {[]any{running("2026-11-21T09:00:00Z"), waiting}, ""},
		"FirstWaits": {[]any{waiting, running("2026-11-21T09:00:00Z")}, ""},
		"None":       {nil, ""},
	} {
		got := ""
		if at := allRunning(podOf(nil, map[string]any{"containerStatuses": c.statuses})); !at.IsZero() {
			got = at.UTC().Format(time.TimeOnly)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestFirstOfEachCode: several pods fail for one reason, but each lost node is a reason of its own.
func TestFirstOfEachCode(t *testing.T) {
	t.Parallel()
	finding := func(code trace.Code, kind, name string) trace.Finding {
		return trace.Finding{Code: code, Object: facts.Ref{Kind: kind, Name: name}}
	}
	in := []trace.Finding{
		finding("A", "Pod", "one"), finding("A", "Pod", "two"), finding("B", "Pod", "two"), finding("N", "Node", "one"), finding("N", "Node", "two"), finding("N", "Node", "one"),
	}
	var got []string
	for _, f := range firstOfEachCode(in) {
		got = append(got, string(f.Code)+" "+f.Object.Name)
	}
	want := []string{"A one", "B two", "N one", "N two"}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestImageNames(t *testing.T) {
	t.Parallel()
	for want, images := range map[string][]string{
		"":                 nil,
		"app:1":            {"ghcr.io/acme/app:1"},
		"app:2":            {"ghcr.io/acme/app:2", "mirror.example.com/acme/app:2"},
		"app:1 and app:2":  {"ghcr.io/acme/app:1", "ghcr.io/acme/app:2"},
		"app:1 and 2 more": {"app:1", "app:2", "app:3"},
	} {
		if got := imageNames(images); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
