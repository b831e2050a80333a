package cli

import (
	"path/filepath"
	"testing"
)

// TestPictures: a failure in an environment, one above all of them, and several environments.
func TestPictures(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"pod-image-pull", "kustomization-build-fails", "release-stale-not-found"} {
		for _, format := range []string{"mermaid", "dot"} {
			out, exit := run(t, "trace", "-o", format, "--snapshot", filepath.Join(scenarioDir, scenario, "snapshot.yaml"))
			if exit != exitFailed {
				t.Errorf("%s: exit code %d depends on the format %s", scenario, exit, format)
			}
			expect(t, scenario, "want."+format, out)
		}
	}
}
