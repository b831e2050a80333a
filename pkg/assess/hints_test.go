package assess

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine/flux"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestFetchFault: the messages are source-controller's own, as recorded or from its sources (v1.9.3).
func TestFetchFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message string
		code    trace.Code
		hint    string
	}{
		"BucketRefused":    {`failed to confirm existence of 'shop' bucket: Get "http://127.0.0.1:1/shop/?location=": dial tcp 127.0.0.1:1: connect: connection refused`, trace.CodeSourceFetchFailed, "cannot connect"},
		"BucketAbsent":     {`bucket 'shop' not found`, trace.CodeSourceFetchFailed, "the URL does not exist"},
		"NoHost":           {`failed to checkout and determine revision: unable to list remote for 'https://x/bucket': dial tcp: lookup x: no such host`, trace.CodeSourceFetchFailed, "cannot connect"},
		"RepositoryAbsent": {`failed to checkout and determine revision: unable to list remote for 'https://x/empty': repository not found: Repository not found.`, trace.CodeSourceFetchFailed, "the URL does not exist"},
		"RepositoryEmpty":  {`failed to checkout and determine revision: unable to list remote for 'https://x/y': remote repository is empty`, trace.CodeSourceReferenceNotFound, "spec.ref"},
		"NameHoldsWords":   {`failed to checkout and determine revision: unable to clone 'https://x/empty-bucket': unknown error`, trace.CodeSourceFetchFailed, ""},
		"Credentials":      {`failed to checkout and determine revision: unable to list remote for 'https://x/y': authentication required: Invalid username`, trace.CodeSourceAuthenticationFailed, "refuses the credentials"},
		"HostKey":          {`failed to checkout: ssh: handshake failed: knownhosts: key mismatch`, trace.CodeSourceAuthenticationFailed, "known_hosts"},
		"Certificate":      {`failed to fetch: Get "https://x": tls: failed to verify certificate: x509: certificate signed by unknown authority`, trace.CodeSourceFetchFailed, "is not trusted"},
	} {
		code, hint := flux.FetchFault(c.message)
		if code != c.code || !strings.Contains(hint, c.hint) || (c.hint == "") != (hint == "") {
			t.Errorf("%s: %s, %q", name, code, hint)
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

// TestRefusalIsNotSteeredByNames: an object may be called anything.
func TestRefusalIsNotSteeredByNames(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`Deployment/apps/conflict dry-run failed: it is odd`:                                                                   "",
		`Deployment/apps/KubeConfig dry-run failed (Invalid): KubeConfig is odd`:                                               "",
		`Component/a/b dry-run failed (FieldManagerConflict): Apply failed with 1 conflict: conflict with "x"`:                 "another field manager",
		`Component/a/b dry-run failed (InternalError): Internal error occurred`:                                                "the API server failed",
		`Component/a/b not found: namespaces "a" not found`:                                                                    "its namespace does not exist",
		`pods "x-" is forbidden: violates PodSecurity "restricted:latest": privileged`:                                         "Pod Security",
		`components "b" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "components" in API group ""`:     "lacks the permission",
		`pods "x-" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1`:                          "ResourceQuota",
		`Component/a/b dry-run failed (Invalid): Component.openchoreo.dev "b" is invalid: spec.owner: Required value`:          "required field",
		`unable to read KubeConfig secret 'a/b' error: secrets "b" not found`:                                                  "spec.kubeConfig",
		`Component/a/b dry-run failed (Forbidden): admission webhook "w" denied the request: name is immutable and a conflict`: "an admission webhook",
	} {
		if got := delivery.Refusal(message, delivery.By{Kind: "Kustomization", Controller: "kustomize-controller"}); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}

func TestUnauthorizedLacksNoRight(t *testing.T) {
	t.Parallel()
	ref := facts.Ref{Plane: facts.Control, Kind: "Pod", Namespace: "a", Name: "b"}
	for reason, isUnauthorized := range map[string]bool{"Unauthorized": true, "Unauthorized: token expired": true, "pods is forbidden": false} {
		j := result.New(trace.RungPod, ref)
		j.NoAnswer(ref, facts.Forbidden, reason)
		if isUnauthorized != strings.Contains(j.Findings[0].Hint, "log in again") {
			t.Errorf("%s: %+v", reason, j.Findings[0])
		}
	}
}

// FuzzMessages: whoever writes a status writes what he likes.
func FuzzMessages(f *testing.F) {
	for _, seed := range []string{
		"", "Component/a/b dry-run failed (Invalid): x", "post build failed for 'a.b.c/d': x", "kustomization-1/x.yaml", "public keys secret error: ",
		`User "a" cannot get resource "b" in API group ""`, "[Job/a/b status: 'Failed']", "trait x validation failed: ", "\xff\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, message string) {
		v := delivery.Resolve(view.New(facts.New(facts.Subject{Namespace: "a", Component: "b"}, time.Time{}), time.Time{}, engines.All()))
		for _, reason := range []string{"BuildFailed", "ArtifactFailed", "PruneFailed", "HealthCheckFailed", "ReconciliationFailed", ""} {
			flux.Explain(v, reason, message)
		}
		flux.SourceFault("GitRepository", kinds.Condition{Type: "SourceVerified", Message: message})
		flux.SourceFault("GitRepository", kinds.Condition{Message: message})
		delivery.Refusal(message, delivery.By{Kind: "ResourceSet"})
		binding.RenderingHint(message)
		result.DeniedUser(message)
		kinds.NamedFile(message)
		kinds.InRepository(message)
		kinds.NamedSecretReferences(message)
	})
}
