package kinds

import "strings"

// AnnotationInventoryEntries holds the full length of an inventory that was cut to the subject's own entries.
const AnnotationInventoryEntries = "kubectl-choreo.dev/inventory-entries"

// ParseInventoryID parses "<namespace>_<name>_<group>_<Kind>". The namespace ends at the first underscore; group and kind start
// after the last two. A colon in the name of an RBAC object is encoded as two underscores (fluxcd/cli-utils v1.2
// pkg/object/objmetadata.go).
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

// Commit is the Git commit in a Flux revision such as "main@sha1:<40 hex>", "sha1:<40 hex>" or the older "main/<40 hex>". It is
// "" if the revision is not a Git commit, for instance the digest of an OCI artifact.
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

// FluxName is how the flux command calls a kind, as in `flux reconcile kustomization` and `flux reconcile source git` (flux2
// v2.9 cmd/flux); "" for a kind that it does not know.
func FluxName(group, kind string) string {
	switch group {
	case FluxKustomize, FluxHelm:
		return strings.ToLower(kind)
	case FluxSource:
		return map[string]string{
			"GitRepository": "git", "OCIRepository": "oci", "HelmRepository": "helm", "HelmChart": "chart", "Bucket": "bucket",
		}[kind]
	}
	return ""
}
