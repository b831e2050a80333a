package nextsteps

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var (
	// denied is how an API server refuses a service account (Kubernetes v1.36 apiserver
	// pkg/endpoints/handlers/responsewriters/errors.go). A subresource is not matched.
	denied = regexp.MustCompile(`User "(system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+)" cannot ([a-z]+) resource "([a-z0-9-]+)" in API group "([a-z0-9.-]*)"(?: in the namespace "([a-z0-9-]+)"| at the cluster scope)`)
	// lacksSecret is how Flux reports a Secret that its own object refers to, in the namespace of that object.
	lacksSecret = regexp.MustCompile(`(?:^|: )secrets "([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)" not found$`)
	// lacksKind is how a client reports a kind that no CustomResourceDefinition defines.
	lacksKind = regexp.MustCompile(`no matches for kind "[^"]*" in version "([a-z0-9-]+(?:\.[a-z0-9-]+)+)/`)
	// lacksKey: the file is as it should be, and the keys of the Kustomization do not decrypt it (getsops/sops v3 decrypt).
	lacksKey = regexp.MustCompile(`cannot get sops data key`)
	// decryption is how kustomize-controller reports that sops failed (kustomize-controller v1.9.3 internal/decryptor).
	decryption = regexp.MustCompile(`^decryption failed for '|error decrypting sops tree|sops metadata not found`)
)

// namesIn are the values of placeholders that only the message of a finding has. A name that is none is left out.
func namesIn(message string) map[string]string {
	names := map[string]string{}
	if m := denied.FindStringSubmatch(message); m != nil {
		names["ACCOUNT"], names["DENIED_VERB"], names["DENIED_RESOURCE"], names["DENIED_NAMESPACE"] = m[1], m[2], m[3], m[5]
		if m[4] != "" {
			names["DENIED_RESOURCE"] += "." + m[4]
		}
		account := strings.Split(m[1], ":")
		names["ACCOUNT_NAMESPACE"], names["ACCOUNT_NAME"] = account[2], account[3]
	}
	if m := lacksSecret.FindStringSubmatch(message); m != nil {
		names["MISSING_SECRET"] = m[1]
	}
	if m := lacksKind.FindStringSubmatch(message); m != nil {
		names["MISSING_GROUP"] = m[1]
	}
	if file, _ := kinds.NamedFile(message); decryption.MatchString(message) {
		names["ENCRYPTED_FILE"] = file
	}
	return names
}

// failsToDecrypt reports whether sops fails with a file: the keys do not open it, or a value was changed.
func failsToDecrypt(f trace.Finding) bool {
	return f.Code == trace.CodeKustomizationBuildFailed && (decryption.MatchString(f.Message) || lacksKey.MatchString(f.Message))
}

// isImmutable reports whether a file changes a field that cannot be changed: lint does not know the value in the cluster.
func isImmutable(f trace.Finding) bool {
	return f.Code == trace.CodeKustomizationDryRunFailed && strings.Contains(f.Message, " is immutable")
}

// showsHistory reports whether a command shows the changes of a folder.
func showsHistory(words []string) bool {
	return words[0] == "git" && words[1] == "log" && slices.Contains(words, "-p")
}

// isOutsideGit reports whether what a message reports is in no file of the repository: a right, or a Secret with keys.
func isOutsideGit(f trace.Finding) bool {
	return denied.MatchString(f.Message) || lacksSecret.MatchString(f.Message) || lacksKey.MatchString(f.Message)
}

// checksFiles reports whether a command reads files of the repository.
func checksFiles(words []string) bool {
	return words[0] == "git" || words[0] == "kubectl" && (words[1] == "kustomize" || slices.Equal(words[1:], []string{"choreo", "lint"}))
}
