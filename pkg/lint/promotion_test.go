package lint

import (
	"strings"
	"testing"
)

// TestPromotions and unused releases: development has the first release, staging comes after it.
func TestPromotions(t *testing.T) {
	t.Parallel()
	second := strings.Replace(releaseLine(), "front-20261121-1", "front-20261121-2", 1) + "\n"
	zeroth := strings.Replace(releaseLine(), "front-20261121-1", "front-20261121-0", 1) + "\n"
	cell := choreo("ProjectReleaseBinding", "demo-staging", "owner: {projectName: demo}, environment: staging")
	compareRules(t, "Promoted", cell+binding("b", "staging", "releaseName: front-20261121-1"), nil)
	compareRules(t, "Behind", zeroth+cell+binding("b", "staging", "releaseName: front-20261121-0"), nil)
	compareRules(t, "Skipped", second+cell+binding("b", "staging", "releaseName: front-20261121-2"), []string{
		"b.yaml warning PromotionSkipped ReleaseBinding shop/b pins front-20261121-2, but environment development, from which staging is promoted, has the older front-20261121-1",
	})
	compareRules(t, "Undeployed", second+cell+binding("b", "staging", "releaseName: front-20261121-2, state: Undeploy"), nil)
	compareRules(t, "NotBound", second, nil)
	compareRules(t, "Unused", zeroth, []string{
		"front-20261121-0.yaml info ReleaseUnused ComponentRelease shop/front-20261121-0 is older than front-20261121-1, the newest release with a ReleaseBinding, and no ReleaseBinding has it in spec.releaseName",
	})
}
