package changes_test

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestEdits: the failure of the scenario began at 09:20:28; its objects were created some seconds before.
func TestEdits(t *testing.T) {
	t.Parallel()
	edited := func(managers string) func(t *testing.T, s *facts.Snapshot) {
		return func(_ *testing.T, s *facts.Snapshot) {
			alter(s, "Component", "", func(u *unstructured.Unstructured) {
				u.SetCreationTimestamp(metaTime(u.GetCreationTimestamp().Add(-24 * time.Hour)))
				setBy(managers)(u)
			})
		}
	}
	check(t, map[string]testCase{
		"ByHand": {
			scenario: "pod-image-pull", change: edited("kubectl-edit=2026-11-21T09:17:28Z;kustomize-controller=2026-11-20T09:17:28Z"),
			want: []string{rollout, "3m0s edit field manager kubectl-edit set the spec of Component pod-image-pull/greeter-service"},
		},
		"AfterTheFailure": {scenario: "pod-image-pull", change: edited("kubectl-edit=2026-11-21T09:20:30Z"), want: []string{rollout}},
		"LongBefore":      {scenario: "pod-image-pull", change: edited("kubectl-edit=2026-11-21T08:20:00Z"), want: []string{rollout}},
		"ByAController":   {scenario: "pod-image-pull", change: edited("keda-operator=2026-11-21T09:17:28Z"), want: []string{rollout}},
		// The rollout explains what was applied of the component.
		"Applied": {scenario: "pod-image-pull", change: edited("kustomize-controller=2026-11-21T09:17:28Z"), want: []string{rollout}},
		// Flux applied the Environment again, and the failure does not name it.
		"AppliedElsewhere": {scenario: "es-key-absent"},
		"Created": {
			scenario: "pod-image-pull",
			change: func(_ *testing.T, s *facts.Snapshot) {
				alter(s, "Component", "", func(u *unstructured.Unstructured) {
					setBy("kubectl-create=" + u.GetCreationTimestamp().UTC().Format(time.RFC3339))(u)
				})
			},
			want: []string{rollout},
		},
		"Fields": {
			scenario: "sops-key-absent",
			want:     []string{"6s edit field manager lab set spec.decryption.provider, spec.decryption.secretRef.name of Kustomization flux-system/sops-key-absent"},
		},
		"BindingOnly": {
			scenario: "rendered-immutable",
			want:     []string{"0s edit the spec of ReleaseBinding fleet/rendered-immutable-development, which pins release rendered-immutable-20261121-2"},
		},
		// Argo CD writes the spec of its Applications itself.
		"OwnController": {scenario: "argo-health-lies"},
	})
}

// TestEvents: what reports the failure itself is no change before it.
func TestEvents(t *testing.T) {
	t.Parallel()
	event := func(reason, message, first string) func(t *testing.T, s *facts.Snapshot) {
		return func(_ *testing.T, s *facts.Snapshot) {
			alter(s, "Event", "", func(u *unstructured.Unstructured) {
				for key, value := range map[string]any{"reason": reason, "message": message, "firstTimestamp": first} {
					u.Object[key] = value
				}
			})
		}
	}
	const rollout = "0s rollout new pods of release greeter-service-20261121-2: image of container main greeter-service:1.0.0 → greeter-service:crash"
	const pod = "Pod dp-pod-crash-loo-demo-development-a5302b96/greeter-service-development-a9f97fde-7b8c5856cb-xp4wj"
	node := func(status, since string) func(t *testing.T, s *facts.Snapshot) {
		return func(_ *testing.T, s *facts.Snapshot) {
			alter(s, "Pod", "", func(u *unstructured.Unstructured) {
				_ = unstructured.SetNestedField(u.Object, "node-1", "spec", "nodeName")
			})
			s.Put(facts.Object{
				Ref: facts.Ref{Plane: "default", Kind: "Node", Name: "node-1"}, Outcome: facts.Found,
				Body: &unstructured.Unstructured{Object: map[string]any{"status": map[string]any{"conditions": []any{
					map[string]any{"type": "Ready", "status": status, "lastTransitionTime": since},
				}}}},
			})
		}
	}
	check(t, map[string]testCase{
		"Quota":      {scenario: "pods-over-quota"},
		"NodeItself": {scenario: "node-lost"},
		"NodeBack": {
			scenario: "pod-crash-loop", change: node("True", "2026-11-21T09:18:30Z"),
			want: []string{rollout, "2m0s event Node node-1 became ready again"},
		},
		"NodeAfter": {scenario: "pod-crash-loop", change: node("True", "2026-11-21T09:20:31Z"), want: []string{rollout}},
		"NodeGone":  {scenario: "pod-crash-loop", change: node("Unknown", "2026-11-21T09:18:30Z"), want: nil},
		"MountBefore": {
			scenario: "pod-crash-loop", change: event("FailedMount", "secret not mounted", "2026-11-21T09:15:00Z"),
			want: []string{rollout, "5m30s event event FailedMount of " + pod + ": secret not mounted"},
		},
		"MountAfter": {scenario: "pod-crash-loop", change: event("FailedMount", "secret not mounted", "2026-11-21T09:20:31Z"), want: []string{rollout}},
		"NotOutside": {scenario: "pod-crash-loop", change: event("BackOff", "restarting", "2026-11-21T09:15:00Z"), want: []string{rollout}},
	})
}

// TestOfEachEnvironment: the changes are those of the environment that fails.
func TestOfEachEnvironment(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "pod-image-pull")
	s.Subject.Environments = nil
	for _, e := range assess.Assess(s, s.TakenAt).Environments {
		got := e.Failing != nil && len(e.Failing.Changes) > 0
		if want := e.Name == "development"; got != want {
			t.Errorf("%s: changes %t, want %t", e.Name, got, want)
		}
	}
	if c := assess.Assess(s, s.TakenAt).Failing.Changes[0]; c.Kind != trace.ChangeRollout || c.Object.Kind != "Deployment" || !c.At.Equal(at(t, "09:20:28")) || !strings.HasPrefix(c.Source, "metadata.creationTimestamp of ReplicaSet") {
		t.Errorf("got %+v", c)
	}
}
