package pods

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// offerRollback adds to the failure of a new release's pods how to go back to the release before, while pods of that one still run. Its
// name is not known: only the release that is deployed is read. With autoDeploy, OpenChoreo sets spec.releaseName itself.
func offerRollback(p *view.Environment, all *result.Result) {
	deployed := p.Object(p.Ref("ComponentRelease", p.ReleaseName()))
	image := kinds.Text(deployed.Body, "spec", "workload", "container", "image")
	running := RunningImages(p)
	runsDeployed := slices.ContainsFunc(running, func(other string) bool { return MatchImage(image, other) != ImageDiffers })
	if all.State != trace.Failed || image == "" || len(running) == 0 || runsDeployed {
		return
	}
	if component := p.Object(p.Ref("Component", p.ComponentName)); kinds.Bool(component.Body, "spec", "autoDeploy") {
		return
	}
	for i := range all.Findings {
		if f := &all.Findings[i]; f.Severity == trace.Error && f.Object.Kind == "Pod" && f.Hint != "" {
			f.Hint += fmt.Sprintf(". To roll back, set spec.releaseName of %s to the release before %s in Git", p.Binding.Ref, deployed.Ref.Name)
		}
	}
}
