package collect

import (
	"errors"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestTroubleAsksForEventsAndLastWords(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "pod-crash-loop")
	subject.Environments = []string{"development"}
	collect(t, c, subject)
	if c.count("LIST Event type=Warning") != 1 || c.count("LIST ReplicaSet") != 1 || c.count("LOG") != 1 {
		t.Errorf("asked %v", c.asked)
	}
}

// TestNodeIsAskedForWhereAPodCannotExplainItself expects a request for the Node in that case only, because few users may read
// Nodes.
func TestNodeIsAskedForWhereAPodCannotExplainItself(t *testing.T) {
	t.Parallel()
	condition := func(name, status string) any {
		return map[string]any{"type": name, "status": status, "lastTransitionTime": "2026-11-21T03:00:00Z"}
	}
	set := func(value any, path ...string) func(pod map[string]any) error {
		return func(pod map[string]any) error { return unstructured.SetNestedField(pod, value, path...) }
	}
	conditions := func(all ...any) func(pod map[string]any) error { return set(all, "status", "conditions") }
	ready := []any{condition("Ready", "True"), condition("ContainersReady", "True")}
	for name, c := range map[string]struct {
		change func(pod map[string]any) error
		want   int
	}{
		"Ready":              {conditions(ready...), 0},
		"ContainersNotReady": {conditions(condition("Ready", "False"), condition("ContainersReady", "False")), 0},
		"ReadyWasTaken":      {conditions(condition("Ready", "False"), condition("ContainersReady", "True")), 1},
		"StaysTerminating":   {set("2026-11-21T03:00:00Z", "metadata", "deletionTimestamp"), 1},
		"Terminates":         {set("2026-11-21T05:00:00Z", "metadata", "deletionTimestamp"), 0},
		"TerminatesAndReadyWasTaken": {func(pod map[string]any) error {
			return errors.Join(set("2026-11-21T05:00:00Z", "metadata", "deletionTimestamp")(pod), conditions(condition("Ready", "False"), condition("ContainersReady", "True"))(pod))
		}, 1},
		"NodeLost":          {set("Unknown", "status", "phase"), 1},
		"Evicted":           {set(map[string]any{"phase": "Failed", "reason": "Evicted"}, "status"), 1},
		"Failed":            {set(map[string]any{"phase": "Failed"}, "status"), 0},
		"KubeletNeverBegan": {set(map[string]any{"phase": "Pending", "conditions": []any{condition("PodScheduled", "True")}}, "status"), 1},
		"NotScheduled":      {set(map[string]any{"phase": "Pending", "conditions": []any{condition("PodScheduled", "False")}}, "status"), 0},
		"WaitsForItsOwnGates": {func(pod map[string]any) error {
			return errors.Join(conditions(condition("Ready", "False"), condition("ContainersReady", "True"))(pod),
				set([]any{map[string]any{"conditionType": "example.com/gate"}}, "spec", "readinessGates")(pod))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, subject := recorded(t, "healthy")
			subject.Environments = []string{"development"}
			for _, o := range cluster.objects {
				if o.Ref.Kind != "Pod" {
					continue
				}
				if err := c.change(o.Body.Object); err != nil {
					t.Fatal(err)
				}
			}
			collect(t, cluster, subject)
			if got := cluster.count("GET Node "); got != c.want {
				t.Errorf("Nodes were asked for %d times, want %d", got, c.want)
			}
		})
	}
}
