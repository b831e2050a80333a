package kinds

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

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
		"OnTheSecond":    {lease(map[string]any{"renewTime": "2026-11-21T11:59:00Z", "leaseDurationSeconds": int64(30)}), false},
		"TheSecondAfter": {lease(map[string]any{"renewTime": "2026-11-21T11:58:59Z", "leaseDurationSeconds": int64(30)}), true},
		"PromisesNone,3": {lease(map[string]any{"renewTime": "2026-11-21T11:58:50Z"}), false},
		"PromisesNone,4": {lease(map[string]any{"renewTime": "2026-11-21T11:58:49.999999999Z"}), true},
		"NeverRenewed":   {lease(map[string]any{"leaseDurationSeconds": int64(35)}), false},
		"NoLeaseAtAll":   {nil, false},
		"PromisesNone,2": {lease(map[string]any{"renewTime": "2026-11-21T11:58:00Z"}), true},
	} {
		if _, got := Renewed(c.lease, now); got != c.want {
			t.Errorf("%s: stale %v, want %v", name, got, c.want)
		}
	}
}
