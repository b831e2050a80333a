package pods

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/images"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// bindRelease sets spec.releaseName of a ReleaseBinding in the GitOps repository.
const bindRelease = "occ releasebinding generate --mode file-system --project PROJECT --component COMPONENT --target-env ENVIRONMENT --component-release NAME"

// offerRollback adds to the failure of a new release's pods how to go back to the release before, while pods of that one still run. It
// is named if it was read. With autoDeploy, OpenChoreo sets spec.releaseName itself.
func offerRollback(p *view.Environment, all *result.Result) {
	deployed := p.Object(p.Ref("ComponentRelease", p.ReleaseName()))
	image := kinds.Text(deployed.Body, "spec", "workload", "container", "image")
	running := RunningImages(p)
	runsDeployed := slices.ContainsFunc(running, func(other string) bool { return images.Compare(image, other) != images.Differs })
	if all.State != trace.Failed || image == "" || len(running) == 0 || runsDeployed {
		return
	}
	if component := p.Object(p.Ref("Component", p.ComponentName)); kinds.Bool(component.Body, "spec", "autoDeploy") {
		return
	}
	good, before := releaseWithRunningImage(p, image, running), earlierRelease(p, image, running)
	for i := range all.Findings {
		if f := &all.Findings[i]; f.Severity == trace.Error && f.Object.Kind == "Pod" && f.Hint != "" {
			if good != "" && f.Code == trace.CodeImagePullBackOff {
				f.Hint = fmt.Sprintf("the Workload already has another image, which runs: set spec.releaseName of %s to %s in Git", p.Binding.Ref, good)
				f.Fix = trace.FixReleaseName
				f.NextSteps = []trace.NextStep{bind(p, good)}
				continue
			}
			if before == "" {
				f.Hint += fmt.Sprintf(". To roll back, set spec.releaseName of %s to the release before %s in Git", p.Binding.Ref, deployed.Ref.Name)
				f.NextSteps = []trace.NextStep{{Role: trace.RoleDeveloper, Plane: facts.Control, Command: command.Format("kubectl get componentreleases -n %s", p.Namespace)}}
				continue
			}
			f.Hint += fmt.Sprintf(". To roll back, set spec.releaseName of %s to %s in Git", p.Binding.Ref, before)
		}
	}
}

// bind is the command that sets the release of the environment.
func bind(p *view.Environment, release string) trace.NextStep {
	return trace.NextStep{Role: trace.RoleRepository, Command: command.Fill(bindRelease, map[string]string{
		"PROJECT": kinds.Text(p.Binding.Body, "spec", "owner", "projectName"), "COMPONENT": p.ComponentName, "ENVIRONMENT": p.Name, "NAME": release,
	})}
}

// earlierRelease is the newest release with an image that pods run; "" if none was read.
func earlierRelease(p *view.Environment, deployed string, running []string) string {
	newest := ""
	for _, o := range p.OwnedBy("ComponentRelease", p.ComponentName) {
		image := kinds.Text(o.Body, "spec", "workload", "container", "image")
		runs := slices.ContainsFunc(running, func(other string) bool { return images.Compare(image, other) != images.Differs })
		if runs && images.Compare(image, deployed) == images.Differs && (newest == "" || kinds.OlderRelease(newest, o.Ref.Name)) {
			newest = o.Ref.Name
		}
	}
	return newest
}

// releaseWithRunningImage is the newest release that holds the Workload of today, if that has another image than the deployed release, and pods run
// it; empty if there is none.
func releaseWithRunningImage(p *view.Environment, deployed string, running []string) string {
	workloads := p.Workloads()
	if len(workloads) != 1 {
		return ""
	}
	image, newest := kinds.Text(workloads[0].Body, "spec", "container", "image"), ""
	if images.Compare(image, deployed) != images.Differs || !slices.ContainsFunc(running, func(other string) bool { return images.Compare(image, other) != images.Differs }) {
		return ""
	}
	for _, o := range p.OwnedBy("ComponentRelease", p.ComponentName) {
		if kinds.Released(workloads[0].Body, o.Body) && (newest == "" || kinds.OlderRelease(newest, o.Ref.Name)) {
			newest = o.Ref.Name
		}
	}
	return newest
}
