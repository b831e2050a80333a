package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// compareWorkload: a release is an immutable snapshot. Until the Workload of the wanted revision is released and bound in the first
// environment, that revision does not run, however healthy the pods are. The environments behind it wait for their promotion.
func (p *place) compareWorkload(j *judgement, release facts.Object) *judgement {
	workloads := p.workloads()
	switch {
	case len(workloads) != 1:
		return j.ok("%s", release.Ref.Name)
	case kinds.Released(workloads[0].Body, release.Body):
		return j.ok("%s, same as the workload", release.Ref.Name)
	}
	f, summary := p.notDeployed(workloads[0], release)
	switch {
	case !p.deploysFirst(workloads[0].Body):
		return j.note(Info, f).ok("%s", summary)
	case p.autoDeploys():
		p.waitForAutoDeploy(j, workloads[0], &f)
	}
	f.Message = p.runsAndWants(workloads[0], release)
	j.Current = Behind
	f.Severity = Warning
	j.Findings = slices.Insert(j.Findings, 0, f)
	return j.ok("%s", summary)
}

// notDeployed says which step is missing: to bind a release, or to cut one.
func (p *place) notDeployed(workload, release facts.Object) (f Finding, summary string) {
	if other := p.releaseOf(workload); other.Outcome == facts.Found {
		return Finding{
			Code: CodeReleaseNotBound, Object: other.Ref,
			Message: fmt.Sprintf("%s holds what the Workload says, and %s pins %s", other.Ref, p.binding.Ref, release.Ref.Name),
			Hint:    fmt.Sprintf("to deploy it, set spec.releaseName of %s to %s in Git", p.binding.Ref, other.Ref.Name),
			Next: commands(Command("occ releasebinding generate --mode file-system --project %s --component %s --target-env %s --component-release %s",
				p.project, p.component, p.name, other.Ref.Name)),
		}, fmt.Sprintf("%s; %s is cut but not bound", release.Ref.Name, other.Ref.Name)
	}
	return Finding{
		Code: CodeWorkloadNotReleased, Object: workload.Ref,
		Message: fmt.Sprintf("%s differs from what %s holds", workload.Ref, release.Ref.Name),
		Hint:    fmt.Sprintf("no release was cut from it: cut one and bind it in %s, and commit both", p.name),
		Next:    p.cutRelease(),
	}, fmt.Sprintf("%s; the workload has changed since", release.Ref.Name)
}

// cutRelease is how occ writes the manifest of a release into the clone in which it runs (openchoreo v1.2.3
// internal/occ/cmd/componentrelease/cmd.go).
func (p *place) cutRelease() []string {
	return commands(Command("occ componentrelease generate --mode file-system --namespace %s --project %s --component %s", p.ns, p.project, p.component))
}

// deploysFirst reports whether the Workload comes to this environment before all others. That is the first of the pipeline; where
// the component is not bound there, the first to which it is bound. With -e the other bindings are not read. Where nothing says what
// is first, it is any environment, as long as none has the Workload.
func (p *place) deploysFirst(workload *unstructured.Unstructured) bool {
	if kinds.Text(p.binding.Body, "spec", "state") == "Undeploy" {
		return false
	}
	order := kinds.PipelineEnvironments(p.pipeline().Body)
	if len(order) == 0 {
		return !slices.ContainsFunc(p.bindings(""), func(b facts.Object) bool {
			return kinds.Released(workload, p.Object(p.ref("ComponentRelease", kinds.Text(b.Body, "spec", "releaseName"))).Body)
		})
	}
	if len(p.Subject.Environments) > 0 {
		return order[0] == p.name
	}
	first := slices.IndexFunc(p.environments, func(name string) bool { return len(p.bindings(name)) > 0 })
	return first >= 0 && p.environments[first] == p.name
}

// autoDeploys reports whether OpenChoreo itself cuts releases of the component and binds them here: it does in the first environment
// of the pipeline (openchoreo v1.2.3 internal/controller/component/controller.go:547).
func (p *place) autoDeploys() bool {
	component := p.Object(p.ref("Component", p.component))
	return kinds.Bool(component.Body, "spec", "autoDeploy") && p.environments[0] == p.name
}

// waitForAutoDeploy: the Component's controller watches the Workload and cuts a release within seconds. Later than that it is worth a
// look whether the controller runs.
func (p *place) waitForAutoDeploy(j *judgement, workload facts.Object, f *Finding) {
	began := p.lastDelivery(workload)
	j.wait(began, "%s; autoDeploy cuts and binds the next release", p.releaseName())
	f.Hint, f.Next = "autoDeploy is on: OpenChoreo cuts and binds the release", nil
	j.replaces = p.within(began, observeClock)
	if !j.replaces {
		*f = p.orControllerDown(p.ref("Component", p.component), *f)
	}
}

// runsAndWants compares in as few words as possible: the tags, the images, or the fields that differ.
func (p *place) runsAndWants(workload, release facts.Object) string {
	wants := kinds.Text(workload.Body, "spec", "container", "image")
	runs := kinds.Text(release.Body, "spec", "workload", "container", "image")
	if runs != wants {
		if images := p.runningImages(); len(images) > 0 && imageName(images[0]) != imageName(wants) {
			runs = images[0]
		}
		runs, wants = imageName(runs), imageName(wants)
		if name, tag, _ := strings.Cut(wants, ":"); tag != "" && strings.HasPrefix(runs, name+":") {
			runs, wants = strings.TrimPrefix(runs, name), ":"+tag
		}
		return fmt.Sprintf("runs %s, workload wants %s", orElse(runs, "no image"), orElse(wants, "no image"))
	}
	declared := maps.Clone(nested(workload, "spec"))
	delete(declared, "owner")
	fields := differing(declared, nested(release, "spec", "workload"), "spec", 1)
	if len(fields) == 0 {
		fields = []string{"spec"}
	}
	return fmt.Sprintf("runs %s, workload differs in %s", release.Ref.Name, strings.Join(fields, ", "))
}

// differing are the paths, down to a depth, at which two objects differ.
func differing(a, b map[string]any, path string, depth int) []string {
	names := slices.Collect(maps.Keys(a))
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var paths []string
	for _, name := range names {
		x, y := a[name], b[name]
		if empty(x) && empty(y) || same(x, y) {
			continue
		}
		one, isObject := x.(map[string]any)
		other, areObjects := y.(map[string]any)
		if isObject && areObjects && depth > 0 {
			paths = append(paths, differing(one, other, path+"."+name, depth-1)...)
			continue
		}
		paths = append(paths, path+"."+name)
	}
	return paths
}
