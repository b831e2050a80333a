package argocd

import (
	"strings"
	"testing"
)

// TestComparisonHint: the field of the Application to correct is named where the message shows it.
func TestComparisonHint(t *testing.T) {
	t.Parallel()
	const failed = "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = "
	for message, want := range map[string]string{
		failed + "apps/ghost: app path does not exist":             "correct spec.source.path of the Application",
		failed + "unable to resolve 'ghost' to a commit SHA":       "correct spec.source.targetRevision of the Application",
		failed + "Manifest generation error (cached): exit status": "Argo CD cannot generate or compare the manifests",
	} {
		if got := comparisonHint(message); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", message, got, want)
		}
	}
}
