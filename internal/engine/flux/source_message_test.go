package flux_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestAddressField: a Bucket has its address in another field.
func TestAddressField(t *testing.T) {
	t.Parallel()
	refused := kinds.Condition{Type: "FetchFailed", Message: `Get "http://10.0.0.7:1/": dial tcp 10.0.0.7:1: connect: connection refused`}
	for kind, want := range map[string]string{"Bucket": "correct spec.endpoint of the source, or allow DNS and this egress", "GitRepository": "correct spec.url of the source, or allow DNS and this egress"} {
		if f := flux.SourceFault(kind, refused); !strings.Contains(f.Hint, want) || f.Fix != trace.FixNetwork {
			t.Errorf("%s: %q, %q, want %q in it", kind, f.Hint, f.Fix, want)
		}
	}
}

// TestFetchFault: the messages are source-controller's own, as recorded or from its sources (v1.9.3).
func TestFetchFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message string
		code    trace.Code
		hint    string
	}{
		"BucketRefused":    {`failed to confirm existence of 'shop' bucket: Get "http://127.0.0.1:1/shop/?location=": dial tcp 127.0.0.1:1: connect: connection refused`, trace.CodeSourceFetchFailed, "its own host: correct spec.url"},
		"BucketAbsent":     {`bucket 'shop' not found`, trace.CodeSourceFetchFailed, "the URL does not exist"},
		"NoHost":           {`failed to checkout and determine revision: unable to list remote for 'https://x/bucket': dial tcp: lookup x: no such host`, trace.CodeSourceFetchFailed, "cannot resolve the host"},
		"RepositoryAbsent": {`failed to checkout and determine revision: unable to list remote for 'https://x/empty': repository not found: Repository not found.`, trace.CodeSourceFetchFailed, "the URL does not exist"},
		"RepositoryEmpty":  {`failed to checkout and determine revision: unable to list remote for 'https://x/y': remote repository is empty`, trace.CodeSourceReferenceNotFound, "spec.ref"},
		"NameHoldsWords":   {`failed to checkout and determine revision: unable to clone 'https://x/empty-bucket': unknown error`, trace.CodeSourceFetchFailed, ""},
		"Credentials":      {`failed to checkout and determine revision: unable to list remote for 'https://x/y': authentication required: Invalid username`, trace.CodeSourceAuthenticationFailed, "refuses the credentials"},
		"HostKey":          {`failed to checkout: ssh: handshake failed: knownhosts: key mismatch`, trace.CodeSourceAuthenticationFailed, "known_hosts"},
		"Certificate":      {`failed to fetch: Get "https://x": tls: failed to verify certificate: x509: certificate signed by unknown authority`, trace.CodeSourceFetchFailed, "is not trusted"},
	} {
		f := flux.FetchFault(c.message)
		if f.Code != c.code || f.Fix != trace.FixUnknown || !strings.Contains(f.Hint, c.hint) || (c.hint == "") != (f.Hint == "") {
			t.Errorf("%s: %s, %q, %q", name, f.Code, f.Hint, f.Fix)
		}
	}
}

func TestVerificationHint(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`public keys secret error: secrets "ghost" not found`:                                           "does not exist",
		`public keys secret error: no keys in it`:                                                       "cannot be used",
		`signature verification of commit 'a' failed: unable to verify Git commit: signature is empty`:  "is not signed",
		`signature verification of commit 'a' failed: unable to verify Git commit with any of the keys`: "not signed by a key",
		`something else`: "",
	} {
		if got := flux.VerificationHint(kinds.Condition{Message: message}); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %q", message, got)
		}
	}
}
