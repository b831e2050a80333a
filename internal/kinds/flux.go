package kinds

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// The labels that kustomize-controller puts on everything it applies (v1.9.3 kustomization_controller.go).
const (
	LabelKustomizationName      = FluxKustomize + "/name"
	LabelKustomizationNamespace = FluxKustomize + "/namespace"
)

// AnnotationInventoryEntries holds the full length of an inventory that was cut to the subject's own entries.
const AnnotationInventoryEntries = "kubectl-choreo.dev/inventory-entries"

// OwnerKustomization is the Kustomization that applied u, as its labels say; false for an object applied otherwise.
func OwnerKustomization(u *unstructured.Unstructured) (types.NamespacedName, bool) {
	if u == nil {
		return types.NamespacedName{}, false
	}
	labels := u.GetLabels()
	owner := types.NamespacedName{Namespace: labels[LabelKustomizationNamespace], Name: labels[LabelKustomizationName]}
	return owner, owner.Name != "" && owner.Namespace != ""
}

// SourceRef is spec.sourceRef of a Kustomization: the source's kind and name. A namespace that is left out is the
// Kustomization's own.
func SourceRef(ks *unstructured.Unstructured) (kind string, source types.NamespacedName) {
	source = types.NamespacedName{Namespace: Text(ks, "spec", "sourceRef", "namespace"), Name: Text(ks, "spec", "sourceRef", "name")}
	if source.Namespace == "" && ks != nil {
		source.Namespace = ks.GetNamespace()
	}
	return Text(ks, "spec", "sourceRef", "kind"), source
}

// DependsOn are the Kustomizations in spec.dependsOn. A namespace that is left out is the Kustomization's own.
func DependsOn(ks *unstructured.Unstructured) []types.NamespacedName {
	var needed []types.NamespacedName
	for _, d := range Items(ks, "spec", "dependsOn") {
		n := types.NamespacedName{Namespace: String(d, "namespace"), Name: String(d, "name")}
		if n.Namespace == "" {
			n.Namespace = ks.GetNamespace()
		}
		needed = append(needed, n)
	}
	return needed
}

// InventoryEntry is the identity of one object in status.inventory.entries of a Kustomization.
type InventoryEntry struct{ Namespace, Name, Group, Kind string }

// Inventory returns what a Kustomization says it has applied. Entries that cannot be read are left out.
func Inventory(ks *unstructured.Unstructured) []InventoryEntry {
	items := Items(ks, "status", "inventory", "entries")
	entries := make([]InventoryEntry, 0, len(items))
	for _, item := range items {
		if e, ok := ParseInventoryID(String(item, "id")); ok {
			entries = append(entries, e)
		}
	}
	return entries
}

// ParseInventoryID reads "<namespace>_<name>_<group>_<Kind>". The namespace ends at the first underscore, kind and
// group begin after the last two; a colon in the name of an RBAC object is written as two underscores
// (fluxcd/cli-utils v1.2 pkg/object/objmetadata.go).
func ParseInventoryID(id string) (InventoryEntry, bool) {
	namespace, rest, ok := strings.Cut(id, "_")
	if !ok {
		return InventoryEntry{}, false
	}
	kindAt := strings.LastIndex(rest, "_")
	if kindAt < 0 {
		return InventoryEntry{}, false
	}
	rest, kind := rest[:kindAt], rest[kindAt+1:]
	groupAt := strings.LastIndex(rest, "_")
	if groupAt < 0 {
		return InventoryEntry{}, false
	}
	name := strings.ReplaceAll(rest[:groupAt], "__", ":")
	return InventoryEntry{Namespace: namespace, Name: name, Group: rest[groupAt+1:], Kind: kind}, name != "" && kind != ""
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
