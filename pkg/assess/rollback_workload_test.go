package assess

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestOnlyTheBindingIsBehind: the Workload has the image that runs, and a release holds it. Only the ReleaseBinding names another.
func TestOnlyTheBindingIsBehind(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "pod-image-pull")
	repair := func(container any) {
		fields := container.(map[string]any)
		fields["image"] = strings.TrimSuffix(fields["image"].(string), ":missing") + ":1.0.0"
	}
	for _, o := range s.Objects() {
		switch {
		case o.Ref.Kind == "ComponentRelease" && o.Outcome == facts.Found:
			o.Body = o.Body.DeepCopy()
			o.Ref.Name = strings.TrimSuffix(o.Ref.Name, "2") + "1"
			o.Body.SetName(o.Ref.Name)
			repair(o.Body.Object["spec"].(map[string]any)["workload"].(map[string]any)["container"])
			s.Put(o)
		case o.Ref.Kind == "Workload" && o.Outcome == facts.Found:
			repair(o.Body.Object["spec"].(map[string]any)["container"])
		}
	}
	f := Assess(s, s.TakenAt).Failing
	const want = "the Workload already has another image, which runs: set spec.releaseName of ReleaseBinding pod-image-pull/greeter-service-development to greeter-service-20261121-1 in Git"
	const bind = "occ releasebinding generate --mode file-system --project demo --component greeter-service --target-env development --component-release greeter-service-20261121-1"
	if f == nil || f.Hint != want || !slices.Contains(f.Next, bind) || slices.ContainsFunc(f.Next, func(line string) bool { return strings.HasPrefix(line, "occ componentrelease") }) {
		t.Errorf("%+v, want %q, %s and no new release", f, want, bind)
	}
}
