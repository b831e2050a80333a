package kinds

import (
	"regexp"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// LabelShard says which shard of Flux's controllers looks after an object (fluxcd.io/flux/installation/configuration/sharding).
const LabelShard = "sharding.fluxcd.io/key"

// Handled is the value of Flux's ReconcileRequestAnnotation at the beginning of the newest run that has ended, whatever came of it;
// "" before the first.
func Handled(u *unstructured.Unstructured) string { return Text(u, "status", "lastHandledReconcileAt") }

// Running reports whether a Flux controller is in the middle of a run on u. Ready is Unknown then. A Reconciling alone
// does not say so: it outlives a run that failed, and one that only found a dependency unready
// (kustomize-controller v1.9.3 kustomization_controller.go:251,1352).
func Running(u *unstructured.Unstructured) bool {
	ready := ConditionOf(u, meta.ReadyCondition)
	return ready.Present() && !ready.True() && !ready.False()
}

// Observed reports whether the controller of u has judged the generation that stands now.
func Observed(u *unstructured.Unstructured) bool {
	seen, said := Number(u, "status", "observedGeneration")
	return ConditionOf(u, meta.ReadyCondition).Current(u) && (!said || seen >= u.GetGeneration())
}

// passing are the words of failures of the API server, of a webhook or of the network, that the same request may not meet
// a moment later (fluxcd/pkg ssa v0.76 errors/errors.go; k8s.io/apimachinery pkg/api/errors).
var passing = regexp.MustCompile(`\((InternalError|Timeout|ServerTimeout|TooManyRequests|ServiceUnavailable)\): ` +
	`|connection refused|context deadline exceeded|client connection lost|i/o timeout|conversion webhook .* failed`)

// Passing reports whether a message of a failed apply blames no object, so that the next run may succeed.
func Passing(message string) bool { return passing.MatchString(message) }

// ChecksHealth reports whether a message of a Kustomization says that it waits for what it applied to become healthy
// (kustomize-controller v1.9.3 internal/controller/kustomization_controller.go: "Running health checks for revision …").
func ChecksHealth(message string) bool { return strings.Contains(message, "Running health checks") }
