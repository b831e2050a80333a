package trace

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// sourceFault says what a source's failure is, by condition and reason, and by the words of the Git server where the
// reason only says that the operation failed (source-controller v1.9.3 internal/controller; go-git's own errors).
func sourceFault(kind string, c kinds.Condition) (Code, string) {
	switch {
	case kind == "ArtifactGenerator" || kind == "ExternalArtifact":
		return CodeGeneratorFailed, "the generator of the artifact failed"
	case c.Type == "SourceVerified":
		return CodeSourceVerificationFailed, "the commit or artifact is not signed by a key that the source trusts"
	case c.Type == "IncludeUnavailable":
		return CodeSourceIncludeUnavailable, "a repository that it includes has no artifact"
	case c.Type == "StorageOperationFailed":
		return CodeSourceStorageFailed, "source-controller cannot write its storage: is its disk full?"
	case c.Type == "Stalled", terminalSource(c.Reason):
		return CodeSourceStalled, "source-controller does not try this again until the source changes"
	case c.Reason == "AuthenticationFailed":
		return CodeSourceAuthFailed, "the Secret that the source names is missing or incomplete"
	}
	return fetchFault(c.Message)
}

func terminalSource(reason string) bool {
	switch reason {
	case "URLInvalid", "InvalidProviderConfiguration", "InvalidSTSConfiguration", "InvalidChartReference", "FeatureGateDisabled":
		return true
	}
	return false
}

// fetchFault reads the tail of a failed fetch.
func fetchFault(message string) (Code, string) {
	for _, f := range []struct {
		words []string
		code  Code
		hint  string
	}{
		{
			[]string{"authentication required", "authorization failed", "UNAUTHORIZED", "knownhosts:", "ssh: handshake"},
			CodeSourceAuthFailed, "the server refuses the credentials of the source's Secret, or there are none",
		},
		{
			[]string{"couldn't find remote ref", "no match found for semver", "unable to resolve", "MANIFEST_UNKNOWN", "empty", "sparse checkout dir"},
			CodeSourceRefAbsent, "the branch, tag, commit or version in spec.ref is not there; without spec.ref.branch Flux looks for master",
		},
		{
			[]string{"repository not found", "not found:", "bucket"},
			CodeSourceFetchFailed, "the repository is not there under this URL, or hidden from these credentials",
		},
		{
			[]string{"no such host", "connection refused", "i/o timeout", "deadline exceeded", "x509:", "tls:"},
			CodeSourceFetchFailed, "source-controller does not reach the server",
		},
	} {
		for _, words := range f.words {
			if strings.Contains(message, words) {
				return f.code, f.hint
			}
		}
	}
	return CodeSourceFetchFailed, ""
}
