package kinds

import (
	"maps"
	"reflect"
	"regexp"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The labels that OpenChoreo sets on its objects (openchoreo v1.2.3 internal/labels/labels.go).
const (
	LabelNamespace   = "openchoreo.dev/namespace"
	LabelProject     = "openchoreo.dev/project"
	LabelComponent   = "openchoreo.dev/component"
	LabelEnvironment = "openchoreo.dev/environment"
	// LabelEnvironmentUID is the label with the uid of the Environment, on every object that is rendered for it.
	LabelEnvironmentUID = "openchoreo.dev/environment-uid"
	// LabelRenderedReleaseUID is the label on every object that a RenderedRelease applies to a plane.
	LabelRenderedReleaseUID = "openchoreo.dev/rendered-release-uid"
)

// RunsPods reports whether a kind of the plane creates pods.
func RunsPods(kind schema.GroupKind) bool {
	return kind.Group == Apps || kind.Group == Batch || kind == schema.GroupKind{Group: ArgoCD, Kind: "Rollout"}
}

// Released reports whether a ComponentRelease contains the content of the Workload. It ignores the owner, which a release does
// not copy, and empty values. occ and the controller decode both into Go types, which omit an empty text (openchoreo v1.2.3
// api/v1alpha1/workload_types.go, omitempty).
func Released(workload, release *unstructured.Unstructured) bool {
	if workload == nil || release == nil {
		return false
	}
	declared := maps.Clone(Fields(workload.Object, "spec"))
	delete(declared, "owner")
	return reflect.DeepEqual(nonempty(declared), nonempty(Fields(release.Object, "spec", "workload")))
}

// nonempty returns a value without its empty parts; nil if nothing is left.
func nonempty(value any) any {
	switch v := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, inner := range v {
			if inner = nonempty(inner); inner != nil {
				kept[key] = inner
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		kept := make([]any, 0, len(v))
		for _, inner := range v {
			kept = append(kept, nonempty(inner))
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case string:
		if v == "" {
			return nil
		}
	}
	return value
}

var secretReferenceName = regexp.MustCompile(`SecretReference "([^"]+)"`)

// NamedSecretReferences returns the SecretReferences that a rendering failure names (openchoreo v1.2.3
// internal/controller/releasebinding/controller.go:494).
func NamedSecretReferences(message string) []string {
	var names []string
	for _, m := range secretReferenceName.FindAllStringSubmatch(message, -1) {
		names = append(names, m[1])
	}
	return names
}

// Release names have a date and a number: greeter-service-20261121-2 (openchoreo v1.2.3 internal/occ/fsmode/generator).
var releaseName = regexp.MustCompile(`^(.*)-(\d{8})-(\d+)$`)

// PrecedesRelease reports whether the names of two releases say that a was cut before b. Names of another form do not say.
func PrecedesRelease(a, b string) bool {
	x, y := releaseName.FindStringSubmatch(a), releaseName.FindStringSubmatch(b)
	return x != nil && y != nil && x[1] == y[1] && OlderRelease(a, b)
}

// OlderRelease compares the names of two releases of a component. Names of another form compare in lexical order.
func OlderRelease(a, b string) bool {
	x, y := releaseName.FindStringSubmatch(a), releaseName.FindStringSubmatch(b)
	if x == nil || y == nil || x[2] != y[2] {
		return a < b
	}
	i, _ := strconv.Atoi(x[3])
	j, _ := strconv.Atoi(y[3])
	return i < j
}
