package kinds

import (
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// AnnotationInventoryEntries holds the full length of an inventory that was cut to the subject's own entries.
const AnnotationInventoryEntries = "kubectl-choreo.dev/inventory-entries"

// Inventory returns what an applier says it has applied. Entries that cannot be read are left out. Flux's kinds keep ids,
// an Argo CD Application keeps fields.
func Inventory(applier *unstructured.Unstructured) []Reference {
	if applier != nil && applier.GetKind() == "Application" {
		return argoInventory(applier)
	}
	items := Items(applier, "status", "inventory", "entries")
	entries := make([]Reference, 0, len(items))
	for _, item := range items {
		if e, ok := ParseInventoryID(String(item, "id")); ok {
			entries = append(entries, e)
		}
	}
	return entries
}

func argoInventory(app *unstructured.Unstructured) []Reference {
	items := Items(app, "status", "resources")
	entries := make([]Reference, 0, len(items))
	for _, r := range items {
		entries = append(entries, Reference{String(r, "group"), String(r, "kind"), String(r, "namespace"), String(r, "name")})
	}
	return entries
}

// ParseInventoryID reads "<namespace>_<name>_<group>_<Kind>". The namespace ends at the first underscore, kind and
// group begin after the last two; a colon in the name of an RBAC object is written as two underscores
// (fluxcd/cli-utils v1.2 pkg/object/objmetadata.go).
func ParseInventoryID(id string) (Reference, bool) {
	namespace, rest, ok := strings.Cut(id, "_")
	if !ok {
		return Reference{}, false
	}
	kindAt := strings.LastIndex(rest, "_")
	if kindAt < 0 {
		return Reference{}, false
	}
	rest, kind := rest[:kindAt], rest[kindAt+1:]
	groupAt := strings.LastIndex(rest, "_")
	if groupAt < 0 {
		return Reference{}, false
	}
	name := strings.ReplaceAll(rest[:groupAt], "__", ":")
	return Reference{Group: rest[groupAt+1:], Kind: kind, Namespace: namespace, Name: name}, name != "" && kind != ""
}

// Commit is the Git commit in a Flux revision such as "main@sha1:<40 hex>", "sha1:<40 hex>" or the older
// "main/<40 hex>"; "" when the revision is no Git commit, for instance the digest of an OCI artifact.
func Commit(revision string) string {
	if _, commit, ok := strings.Cut(revision, "sha1:"); ok && isHex(commit) {
		return commit
	}
	if i := strings.LastIndex(revision, "/"); i >= 0 && len(revision)-i-1 == 40 && isHex(revision[i+1:]) {
		return revision[i+1:]
	}
	return ""
}

func isHex(s string) bool { return s != "" && strings.Trim(s, "0123456789abcdef") == "" }

// Emptied reports whether a Kustomization has applied nothing at its newest run, something before, and deletes what it
// does not apply (kustomize-controller v1.9.3 kustomization_controller.go; fluxcd/pkg kustomize/kustomize_generator.go:206).
func Emptied(ks *unstructured.Unstructured) bool {
	return ConditionOf(ks, meta.ReadyCondition).True() && Bool(ks, "spec", "prune") && !Bool(ks, "spec", "suspend") &&
		Text(ks, "status", "lastAppliedRevision") != "" && Annotation(ks, AnnotationInventoryEntries) == "" && len(Inventory(ks)) == 0 && !alwaysEmpty(ks)
}

// digestOfNothing is that of a build without objects.
const digestOfNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// alwaysEmpty reports whether each of the builds that a Kustomization remembers was empty (kustomize-controller v1.9.3
// status.history, at most five). Before Flux 2.7 there is no history, and nothing is known.
func alwaysEmpty(ks *unstructured.Unstructured) bool {
	history := Items(ks, "status", "history")
	for _, build := range history {
		if String(build, "digest") != digestOfNothing {
			return false
		}
	}
	return len(history) > 0
}
