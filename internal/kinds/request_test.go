package kinds

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestPassing(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]bool{
		`Component/default/a dry-run failed (InternalError): Internal error occurred: failed calling webhook "x"`: true,
		`Component/default/a dry-run failed (ServiceUnavailable): apiserver is shutting down`:                     true,
		`Component/default/a dry-run failed (Timeout): later`:                                                     true,
		`Component/default/a dry-run failed (ServerTimeout): later`:                                               true,
		`Component/default/a dry-run failed (TooManyRequests): later`:                                             true,
		`Component/default/a apply failed: dial tcp 10.96.0.1:443: connect: connection refused`:                   true,
		`Component/default/a apply failed: Patch "https://10.96.0.1:443/": context deadline exceeded`:             true,
		`Component/default/a apply failed: http2: client connection lost`:                                         true,
		`Component/default/a apply failed: read tcp 10.0.0.1:1->10.96.0.1:443: i/o timeout`:                       true,
		`conversion webhook for openchoreo.dev/v1alpha1, Kind=Component failed: Post "https://x"`:                 true,
		`Component/default/a dry-run failed (Invalid): spec.timeout: Invalid value: "Timeout"`:                    false,
		`Component/default/a dry-run failed (Forbidden): admission webhook "x" denied the request: no`:            false,
		`Component/default/a not found: namespaces "default" not found`:                                           false,
		"": false,
	} {
		if got := IsTransient(message); got != want {
			t.Errorf("%s: %v, want %v", message, got, want)
		}
	}
}

func TestRunning(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{"Unknown": true, "True": false, "False": false, "": false} {
		u := &unstructured.Unstructured{Object: map[string]any{}}
		// A Reconciling condition that remains after its run is not evidence of a run.
		all := []any{map[string]any{"type": "Reconciling", "status": "True", "reason": "Progressing"}}
		if status != "" {
			all = append(all, map[string]any{"type": "Ready", "status": status})
		}
		u.Object["status"] = map[string]any{"conditions": all}
		if got := Running(u); got != want {
			t.Errorf("Ready %q: %v, want %v", status, got, want)
		}
	}
	if Running(nil) {
		t.Error("nothing runs")
	}
}

func TestHandled(t *testing.T) {
	t.Parallel()
	u := &unstructured.Unstructured{Object: map[string]any{
		"metadata": map[string]any{"annotations": map[string]any{"reconcile.fluxcd.io/requestedAt": "second"}},
		"status":   map[string]any{"lastHandledReconcileAt": "first"},
	}}
	if got := Handled(u); got != "first" {
		t.Errorf("%q, want that of the run that has ended", got)
	}
	if got := Handled(nil); got != "" {
		t.Errorf("%q of nothing", got)
	}
}

// TestObserved expects false for a status without Ready, and for an older generation.
func TestObserved(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		observed, ready any // generations; nil if the fields are absent
		want            bool
	}{
		"Both":           {int64(2), int64(2), true},
		"OlderReady":     {int64(2), int64(1), false},
		"OlderStatus":    {int64(1), int64(2), false},
		"NewerStatus":    {int64(3), int64(3), true},
		"NoGeneration":   {nil, nil, true},
		"OnlyReadySays":  {nil, int64(2), true},
		"OnlyStatusSays": {int64(1), nil, false},
	} {
		u := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"generation": int64(2)}}}
		ready, status := map[string]any{"type": "Ready", "status": "True"}, map[string]any{}
		if c.ready != nil {
			ready["observedGeneration"] = c.ready
		}
		if c.observed != nil {
			status["observedGeneration"] = c.observed
		}
		status["conditions"] = []any{ready}
		u.Object["status"] = status
		if got := Observed(u); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		status["conditions"] = []any{}
		if Observed(u) {
			t.Errorf("%s: observed without Ready", name)
		}
	}
}

func TestChecksHealth(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]bool{
		"Running health checks for revision main@sha1:0a0a with a timeout of 30s": true,
		"Applied revision: main@sha1:0a0a":                                        false,
		"health check failed after 30s":                                           false,
		"":                                                                        false,
	} {
		if got := ChecksHealth(message); got != want {
			t.Errorf("%q: %v, want %v", message, got, want)
		}
	}
}
