package collect

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// TestExternalSecretIsRequested: it is read where OpenChoreo's report is not enough; its store and its events only where it is not Ready.
func TestExternalSecretIsRequested(t *testing.T) {
	t.Parallel()
	ready := func(status string) map[string]any {
		return map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": status, "reason": "R", "message": "M"}}}
	}
	for name, c := range map[string]struct {
		scenario             string
		reported             map[string]any
		secret, store, event int
	}{
		"ReportedReady":            {"es-recovered", ready("True"), 0, 0, 0},
		"ReportedWithoutStatus":    {"es-recovered", nil, 1, 0, 0},
		"ReportedNotReady":         {"es-recovered", ready("False"), 1, 1, 1},
		"NotReadyWithoutAReport":   {"es-key-absent", nil, 1, 1, 1},
		"ReadyAndSyncedOnce":       {"es-release-not-synced", ready("True"), 1, 0, 0},
		"WithoutStatusSyncedOnce":  {"es-release-not-synced", nil, 1, 0, 0},
		"StoreThatDoesNotExistYet": {"es-store-absent", nil, 1, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, subject := recorded(t, c.scenario)
			subject.Environments = []string{"development"}
			report(t, cluster, "ExternalSecret", c.reported)
			collect(t, cluster, subject)
			got := [3]int{cluster.count("GET ExternalSecret"), cluster.count("GET SecretStore"), cluster.count("LIST Event involvedObject.kind=ExternalSecret")}
			if want := [3]int{c.secret, c.store, c.event}; got != want {
				t.Errorf("requests %v, want %v of %q", got, want, cluster.asked)
			}
		})
	}
}

// report sets the status that OpenChoreo reports of the objects of a kind; nil for none.
func report(t *testing.T, c *cluster, kind string, status map[string]any) {
	t.Helper()
	for _, o := range c.objects {
		if o.Body == nil || o.Ref.Kind != "RenderedRelease" {
			continue
		}
		entries := kinds.Items(o.Body, "status", "resources")
		all := make([]any, len(entries))
		for i, entry := range entries {
			all[i] = entry
			if entry["kind"] != kind {
				continue
			}
			delete(entry, "status")
			if status != nil {
				entry["status"] = status
			}
		}
		if err := unstructured.SetNestedSlice(o.Body.Object, all, "status", "resources"); err != nil {
			t.Fatal(err)
		}
	}
}
