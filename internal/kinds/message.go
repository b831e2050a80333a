package kinds

import (
	"path"
	"regexp"
	"strings"
)

// Patterns of kustomize-controller's messages that name a file or an object (kustomize-controller v1.9.3
// kustomization_controller.go; fluxcd/pkg ssa v0.76 errors/errors.go, manager_apply.go; kustomize api v0.21
// internal/target/kusttarget.go).
var (
	objectFailure    = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9]*)/(?:([a-z0-9][a-z0-9.-]*)/)?(\S+|[^:\n]+?) (dry-run failed|not found|namespace not specified|apply failed|immutable field detected[^:]*)(?: \([A-Za-z]+\))?: `)
	transformFailure = regexp.MustCompile(`^((?:post build|decryption) failed) for '([^.']+)\.[^.']+\.([^']*)/([^'/]+)': `)
	temporaryFolder  = regexp.MustCompile(`/[^ ']*kustomization-\d+/`)
	fileFromRoot     = regexp.MustCompile(`kustomization-\d+/([^\s':]+\.ya?ml)\b`)
	nestedFolder     = regexp.MustCompile(`recursed accumulation of path '[^']*kustomization-\d+/([^']+)'`)
	fileInMessage    = regexp.MustCompile(`([\w./-]+\.ya?ml)\b`)
)

// InRepository removes the controller's temporary folder from a message, so that paths start at the root of the source.
func InRepository(message string) string {
	return strings.TrimSpace(temporaryFolder.ReplaceAllString(message, ""))
}

// NamedObject returns the object that a kustomize-controller message blames, and the failure, such as "dry-run failed". The
// failure is empty if the message blames no object. Most messages omit the group.
func NamedObject(message string) (object Reference, what string) {
	if m := objectFailure.FindStringSubmatch(message); m != nil {
		return Reference{Kind: m[1], Namespace: m[2], Name: m[3]}, m[4]
	}
	if m := transformFailure.FindStringSubmatch(message); m != nil {
		return Reference{Group: strings.TrimPrefix(m[3], "[noGrp]"), Kind: m[2], Name: m[4]}, m[1]
	}
	return Reference{}, ""
}

// NamedFile returns the file that a kustomize-controller message names; "" if it names none. fromRoot is true for a path from
// the root of the source. Other paths start at the folder of the Kustomization, or are only the end of a path in kustomize.
func NamedFile(message string) (file string, fromRoot bool) {
	if m := fileFromRoot.FindStringSubmatch(message); m != nil {
		return m[1], true
	}
	rest, folder := message, ""
	if all := nestedFolder.FindAllStringSubmatchIndex(message, -1); all != nil {
		last := all[len(all)-1]
		rest, folder = message[last[1]:], message[last[2]:last[3]]
	}
	file = fileInMessage.FindString(rest)
	if file == "" || folder == "" {
		return file, false
	}
	return path.Join(folder, file), true
}
