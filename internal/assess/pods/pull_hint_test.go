package pods

import (
	"strings"
	"testing"
)

// TestRefusedPull: the answer of the registry decides what to change.
func TestRefusedPull(t *testing.T) {
	t.Parallel()
	const pulling = `Failed to pull image "ghcr.io/a/b:1": failed to resolve reference "ghcr.io/a/b:1": `
	for message, want := range map[string]string{
		pulling + "ghcr.io/a/b:1: not found": "does not have image ghcr.io/a/b:1: push it",
		pulling + `failed to do request: Head "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host`: "the node cannot connect to the registry",
		pulling + "failed to authorize: 401 Unauthorized":                                                    "check the imagePullSecrets",
		pulling + "too many requests":                                                                        "otherwise",
	} {
		if got := refusedPull(message, "ghcr.io/a/b:1", "otherwise"); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", message, got, want)
		}
	}
}
