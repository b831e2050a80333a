package releases_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

// TestPromotions and unused releases: development has the first release, staging comes after it.
func TestPromotions(t *testing.T) {
	t.Parallel()
	second := strings.Replace(linttest.ReleaseLine(), "front-20261121-1", "front-20261121-2", 1) + "\n"
	zeroth := strings.Replace(linttest.ReleaseLine(), "front-20261121-1", "front-20261121-0", 1) + "\n"
	cell := linttest.Choreo("ProjectReleaseBinding", "demo-staging", "owner: {projectName: demo}, environment: staging")
	linttest.CompareMessages(t, "Promoted", cell+linttest.Binding("b", "staging", "releaseName: front-20261121-1"), nil)
	linttest.CompareMessages(t, "Behind", zeroth+cell+linttest.Binding("b", "staging", "releaseName: front-20261121-0"), nil)
	linttest.CompareMessages(t, "Skipped", second+cell+linttest.Binding("b", "staging", "releaseName: front-20261121-2"), []string{
		"b.yaml warning PromotionSkipped ReleaseBinding shop/b pins front-20261121-2, but environment development, from which staging is promoted, has the older front-20261121-1",
	})
	linttest.CompareMessages(t, "Undeployed", second+cell+linttest.Binding("b", "staging", "releaseName: front-20261121-2, state: Undeploy"), nil)
	linttest.CompareMessages(t, "NotBound", second, nil)
	linttest.CompareMessages(t, "Unused", zeroth, []string{
		"front-20261121-0.yaml info ReleaseUnused ComponentRelease shop/front-20261121-0 is older than front-20261121-1, the newest release with a ReleaseBinding, and no ReleaseBinding has it in spec.releaseName",
	})
}
