package flux

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// SourceFault sets code, hint and fix of a source's failure by condition and reason. If the reason only means that the operation failed, it uses
// the message of the Git server (source-controller v1.9.3 internal/controller; go-git's own errors).
func SourceFault(kind string, c kinds.Condition) trace.Finding {
	switch {
	case kind == "ArtifactGenerator" || kind == "ExternalArtifact":
		return trace.Finding{Code: trace.CodeArtifactGeneratorFailed, Hint: "source-watcher cannot build the artifact: correct spec.sources or spec.artifacts of the ArtifactGenerator in Git"}
	case c.Type == kinds.ConditionSourceVerified:
		return trace.Finding{Code: trace.CodeSourceVerificationFailed, Hint: VerificationHint(c)}
	case c.Type == kinds.ConditionIncludeUnavailable:
		return trace.Finding{Code: trace.CodeSourceIncludeUnavailable, Hint: "a source in spec.include has no artifact"}
	case c.Type == kinds.ConditionStorageOperationFailed:
		return trace.Finding{Code: trace.CodeSourceStorageFailed, Hint: "source-controller cannot write to its storage: check its volume"}
	case c.Type == meta.StalledCondition, terminalSource(c.Reason):
		return trace.Finding{Code: trace.CodeSourceStalled, Hint: fmt.Sprintf("correct %s in Git: source-controller does not retry until it changes", sourceField(kind, c))}
	case c.Reason == kinds.ReasonAuthenticationFailed && secretNotFound.MatchString(c.Message):
		return trace.Finding{Code: trace.CodeSourceAuthenticationFailed, Hint: "the Secret that spec.secretRef of the source names does not exist: create it, or correct spec.secretRef.name"}
	case c.Reason == kinds.ReasonAuthenticationFailed:
		return trace.Finding{Code: trace.CodeSourceAuthenticationFailed, Hint: "the Secret in spec.secretRef of the source is incomplete, or cannot be read: correct it, or correct spec.secretRef.name"}
	}
	f := FetchFault(c.Message)
	if kind == "Bucket" {
		f.Hint = strings.ReplaceAll(f.Hint, addressField, "spec.endpoint")
	}
	return f
}

// addressField is the field of a source with the address of its server. A Bucket has another one.
const addressField = "spec.url"

func terminalSource(reason string) bool {
	switch reason {
	case kinds.ReasonURLInvalid, kinds.ReasonInvalidProviderConfiguration, kinds.ReasonInvalidSTSConfiguration, kinds.ReasonInvalidChartReference, meta.FeatureGateDisabledReason:
		return true
	}
	return false
}

// VerificationHint explains SourceVerified=False: the keys cannot be read, the signature is missing, or no key matches it
// (source-controller v1.9.3 internal/controller gitrepository_controller.go, verifySignature; ocirepository_controller.go).
func VerificationHint(c kinds.Condition) string {
	switch {
	case c.Reason == kinds.ReasonInvalidVerificationMode:
		return "spec.verify.mode is not supported"
	case keysNotFound.MatchString(c.Message):
		return "the Secret of spec.verify.secretRef, which holds the trusted keys, does not exist: create it with the public keys, or correct its name"
	case keysUnreadable.MatchString(c.Message):
		return "the Secret of spec.verify.secretRef, which holds the trusted keys, cannot be used"
	case unsigned.MatchString(c.Message):
		return "the commit or artifact is not signed"
	case noKeyMatches.MatchString(c.Message):
		return "the commit or artifact is not signed by a key that the source trusts"
	}
	return ""
}

var (
	keysNotFound   = regexp.MustCompile(`^(?:public keys secret error: .*|failed to get .*secret.*: .*)secrets "[^"]*" not found$`)
	keysUnreadable = regexp.MustCompile(`^public keys secret error: `)
	unsigned       = regexp.MustCompile(`^signature verification of (?:commit|tag) '.*' failed: .*signature is empty$|: no signatures found`)
	noKeyMatches   = regexp.MustCompile(`^signature verification of (?:commit|tag) '|: no matching signatures`)
)

// FetchFault sets code, hint and fix by the error text of the network, the server or the client library. That text is at the end of a chain
// of causes, or begins one. Connection errors come first: they do not show whether the content exists.
func FetchFault(message string) trace.Finding {
	for _, f := range fetchFaults {
		if f.words.MatchString(message) {
			return trace.Finding{Code: f.code, Hint: f.hint, Fix: f.fix}
		}
	}
	return trace.Finding{Code: trace.CodeSourceFetchFailed}
}

var fetchFaults = []struct {
	words *regexp.Regexp
	code  trace.Code
	hint  string
	fix   trace.Fix
}{
	{
		regexp.MustCompile(`: no such host`),
		trace.CodeSourceFetchFailed, "source-controller cannot resolve the host, as DNS has no address for it: correct " + addressField + " of the source, or fix DNS", trace.FixUnknown,
	},
	{
		regexp.MustCompile(`: dial tcp (?:127\.[0-9.]+|\[::1\]):[0-9]+: connect: connection refused`),
		trace.CodeSourceFetchFailed, "source-controller cannot connect to the server, as the address is that of its own host: correct " + addressField + " of the source", trace.FixUnknown,
	},
	{
		regexp.MustCompile(`: connection refused|: connection reset by peer|: i/o timeout|: TLS handshake timeout|network is unreachable|no route to host|context deadline exceeded`),
		trace.CodeSourceFetchFailed, "source-controller cannot connect to the server: correct " + addressField + " of the source, or allow DNS and this egress in the NetworkPolicies and the firewall", trace.FixNetwork,
	},
	{
		regexp.MustCompile(`: (?:tls: failed to verify certificate|x509): `),
		trace.CodeSourceFetchFailed, "the certificate of the server is not trusted: add its certificate authority to the Secret of spec.certSecretRef or spec.secretRef", trace.FixUnknown,
	},
	{
		regexp.MustCompile(`(?:^|: )knownhosts: `),
		trace.CodeSourceAuthenticationFailed, "the SSH host key of the server is not in known_hosts of the source's Secret", trace.FixUnknown,
	},
	{
		regexp.MustCompile(`(?:^|: )(?:authentication required|authorization failed|ssh: handshake failed)|\bUNAUTHORIZED: |\bDENIED: |: 40[13] (?:Unauthorized|Forbidden)`),
		trace.CodeSourceAuthenticationFailed, "the server refuses the credentials of the source's Secret, or there are none", trace.FixUnknown,
	},
	{
		regexp.MustCompile(`(?:^|: )couldn't find remote ref|no match found for semver|(?:^|: )unable to resolve |\bMANIFEST_UNKNOWN: |repository is empty$|sparse checkout dir '`),
		trace.CodeSourceReferenceNotFound, "the branch, tag, commit or version in spec.ref does not exist; without spec.ref.branch Flux fetches master", trace.FixUnknown,
	},
	{
		regexp.MustCompile(`(?:^|: )repository not found|^bucket '.*' not found|\bNAME_UNKNOWN: |: 404 Not Found`),
		trace.CodeSourceFetchFailed, "the URL does not exist, or the credentials give no access to it: correct " + addressField + " of the source, or the Secret in spec.secretRef", trace.FixUnknown,
	},
}
