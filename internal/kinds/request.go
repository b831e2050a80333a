package kinds

import (
	"regexp"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// LabelShard selects the shard of Flux's controllers that reconciles an object
// (fluxcd.io/flux/installation/configuration/sharding).
const LabelShard = "sharding.fluxcd.io/key"

// Handled is the value of Flux's ReconcileRequestAnnotation at the start of the newest finished run, whatever its result; ""
// before the first run.
func Handled(u *unstructured.Unstructured) string { return Text(u, "status", "lastHandledReconcileAt") }

// Running reports whether a run of a Flux controller on u is in progress: Ready is then Unknown. Reconciling alone is not
// enough: it remains after a failed run, and after one that only found a dependency not ready (kustomize-controller v1.9.3
// kustomization_controller.go:251,1352).
func Running(u *unstructured.Unstructured) bool {
	ready := ConditionOf(u, meta.ReadyCondition)
	return ready.Present() && !ready.True() && !ready.False()
}

// Observed reports whether the controller of u has observed its current generation.
func Observed(u *unstructured.Unstructured) bool {
	seen, said := Number(u, "status", "observedGeneration")
	return ConditionOf(u, meta.ReadyCondition).Current(u) && (!said || seen >= u.GetGeneration())
}

// transient matches transient failures of the API server, of a webhook or of the network (fluxcd/pkg ssa v0.76 errors/errors.go;
// k8s.io/apimachinery pkg/api/errors).
var transient = regexp.MustCompile(`\((InternalError|Timeout|ServerTimeout|TooManyRequests|ServiceUnavailable)\): ` +
	`|connection refused|context deadline exceeded|client connection lost|i/o timeout|conversion webhook .* failed`)

// IsTransient reports whether a failed apply has a transient cause and blames no object, so that the next run may succeed.
func IsTransient(message string) bool { return transient.MatchString(message) }

// ChecksHealth reports whether a message means that a Kustomization runs health checks on its applied objects
// (kustomize-controller v1.9.3 internal/controller/kustomization_controller.go: "Running health checks for revision …").
func ChecksHealth(message string) bool { return strings.Contains(message, "Running health checks") }
