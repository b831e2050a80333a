package assess

import (
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
)

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
