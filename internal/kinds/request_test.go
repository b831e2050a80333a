package kinds

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestPassing(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]bool{
		`Component/default/a dry-run failed (InternalError): Internal error occurred: failed calling webhook "x"`: true,
		`Component/default/a dry-run failed (ServiceUnavailable): apiserver is shutting down`:                     true,
		`Component/default/a apply failed: dial tcp 10.96.0.1:443: connect: connection refused`:                   true,
		`Component/default/a dry-run failed (Invalid): spec.timeout: Invalid value: "Timeout"`:                    false,
		`Component/default/a dry-run failed (Forbidden): admission webhook "x" denied the request: no`:            false,
		`Component/default/a not found: namespaces "default" not found`:                                           false,
		"": false,
	} {
		if got := Passing(message); got != want {
			t.Errorf("%s: %v, want %v", message, got, want)
		}
	}
}

func TestRunning(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{"Unknown": true, "True": false, "False": false, "": false} {
		u := &unstructured.Unstructured{Object: map[string]any{}}
		// A Reconciling that outlived its run says nothing.
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

func TestRenewed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	lease := func(spec map[string]any) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	}
	for name, c := range map[string]struct {
		lease *unstructured.Unstructured
		want  bool
	}{
		"Fresh":          {lease(map[string]any{"renewTime": "2026-11-21T11:59:00.123456Z", "leaseDurationSeconds": int64(35)}), false},
		"Stale":          {lease(map[string]any{"renewTime": "2026-11-21T11:58:00.123456Z", "leaseDurationSeconds": int64(35)}), true},
		"PromisesLess":   {lease(map[string]any{"renewTime": "2026-11-21T11:59:00.123456Z", "leaseDurationSeconds": int64(15)}), true},
		"PromisesNone":   {lease(map[string]any{"renewTime": "2026-11-21T11:59:00.123456Z"}), false},
		"NeverRenewed":   {lease(map[string]any{"leaseDurationSeconds": int64(35)}), false},
		"NoLeaseAtAll":   {nil, false},
		"PromisesNone,2": {lease(map[string]any{"renewTime": "2026-11-21T11:58:00Z"}), true},
	} {
		if _, got := Renewed(c.lease, now); got != c.want {
			t.Errorf("%s: stale %v, want %v", name, got, c.want)
		}
	}
}
