//go:build !race

package cli

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
)

// TestOrigins: a scenario with a status of another system says who wrote it: a version of its controller, or the test.
func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, r := range recordings(t) {
		var systems []string
		for _, line := range r.origin {
			found := slices.Concat(byVersion.FindStringSubmatch(line), byTest.FindStringSubmatch(line))
			if len(found) != 2 {
				t.Errorf("%s: %q names neither the version of a controller nor the test", r.name, line)
				continue
			}
			systems = append(systems, found[1])
		}
		if diff := cmp.Diff(factstest.Systems(factstest.Scenario(t, r.name)), systems); diff != "" {
			t.Errorf("%s: file %s names other systems than have a status in the snapshot (-want +got)\n%s", r.name, factstest.OriginFile, diff)
		}
	}
}
