package release

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// compareWorkload: a release is an immutable snapshot. Until the Workload of the wanted revision is released and its newest release is
// bound in the first environment, that revision does not run, however healthy the pods are. The environments behind it wait for
// their promotion.
func compareWorkload(p *view.Environment, j *result.Result, release facts.Object) *result.Result {
	workloads := p.Workloads()
	if len(workloads) != 1 {
		releaseOutdated(p, j, release)
		return j.OK("%s", release.Ref.Name)
	}
	isSame := kinds.Released(workloads[0].Body, release.Body)
	isNewest := !isSame || newerRelease(p, workloads[0], release).Outcome != facts.Found
	if isNewest {
		releaseOutdated(p, j, release)
	}
	if isSame && isNewest {
		return j.OK("%s, same as the workload", release.Ref.Name)
	}
	f, summary := notDeployed(p, workloads[0], release)
	switch {
	case !deploysFirst(p, workloads[0].Body):
		return j.Note(trace.Info, f).OK("%s", summary)
	case AutoDeploys(p):
		waitForAutoDeploy(p, j, workloads[0], &f)
	}
	f.Message = runsAndWants(p, workloads[0], release)
	j.Current = trace.Behind
	f.Severity = trace.Warning
	j.Findings = slices.Insert(j.Findings, 0, f)
	return j.OK("%s", summary)
}

// notDeployed reports which step is missing: to bind a release, or to cut one.
func notDeployed(p *view.Environment, workload, release facts.Object) (f trace.Finding, summary string) {
	if other := releaseOf(p, workload); other.Outcome == facts.Found {
		return trace.Finding{
			Code: trace.CodeReleaseNotBound, Object: other.Ref,
			Message: fmt.Sprintf("%s contains %s, but spec.releaseName of %s is %s", other.Ref, heldBy(p, other, workload, release), p.Binding.Ref, release.Ref.Name),
			Hint:    fmt.Sprintf("to deploy it, set spec.releaseName of %s to %s in Git", p.Binding.Ref, other.Ref.Name),
		}, fmt.Sprintf("%s; %s exists but is not deployed", release.Ref.Name, other.Ref.Name)
	}
	hint := fmt.Sprintf("no ComponentRelease has this version of the Workload: create one, name it in the ReleaseBinding for %s, and commit both", p.Name)
	if name := delivery.Unsubstituted(p.Component, workload); name != "" {
		hint = fmt.Sprintf("first correct %s in the Workload, which was not substituted: a release would contain it. Then create a ComponentRelease, name it in the ReleaseBinding for %s, and commit both", name, p.Name)
	}
	return trace.Finding{
		Code: trace.CodeWorkloadNotReleased, Object: workload.Ref, Message: fmt.Sprintf("%s differs from %s", workload.Ref, release.Ref.Name), Hint: hint,
	}, fmt.Sprintf("%s; the workload has changed since", release.Ref.Name)
}

// heldBy names what the newest release has of today that the one which is pinned has not.
func heldBy(p *view.Environment, newest, workload, pinned facts.Object) string {
	if !kinds.Released(workload.Body, pinned.Body) {
		return "the current Workload"
	}
	left := changedSince(p, newest)
	return "the current " + strings.Join(slices.DeleteFunc(changedSince(p, pinned), func(change string) bool { return slices.Contains(left, change) }), " and ")
}

// deploysFirst reports whether the Workload comes to this environment before all others. That is the first of the pipeline; where
// the component is not bound there, the first to which it is bound. With -e the other bindings are not read. Where nothing shows what
// is first, it is any environment, as long as none has the Workload.
func deploysFirst(p *view.Environment, workload *unstructured.Unstructured) bool {
	if kinds.Text(p.Binding.Body, "spec", "state") == "Undeploy" {
		return false
	}
	order := kinds.PipelineEnvironments(p.Pipeline().Body)
	if len(order) == 0 {
		return !slices.ContainsFunc(p.Bindings(""), func(b facts.Object) bool {
			return kinds.Released(workload, p.Object(p.Ref("ComponentRelease", kinds.Text(b.Body, "spec", "releaseName"))).Body)
		})
	}
	if len(p.Subject.Environments) > 0 {
		return order[0] == p.Name
	}
	first := slices.IndexFunc(p.EnvironmentNames, func(name string) bool { return len(p.Bindings(name)) > 0 })
	return first >= 0 && p.EnvironmentNames[first] == p.Name
}

// AutoDeploys reports whether OpenChoreo itself cuts releases of the component and binds them here: it does in the first environment
// of the pipeline (openchoreo v1.2.3 internal/controller/component/controller.go:547).
func AutoDeploys(p *view.Environment) bool {
	component := p.Object(p.Ref("Component", p.ComponentName))
	return kinds.Bool(component.Body, "spec", "autoDeploy") && len(p.EnvironmentNames) > 0 && p.EnvironmentNames[0] == p.Name
}

// waitForAutoDeploy: the Component's controller watches the Workload and cuts a release within seconds. Later than that nothing is
// about to replace what runs: the controller is down, or something takes the release out of the binding again, as Flux does.
func waitForAutoDeploy(p *view.Environment, j *result.Result, workload facts.Object, f *trace.Finding) {
	began := view.Latest(lastChanged(p, workload), lastChanged(p, p.Object(p.Ref("Component", p.ComponentName))))
	f.Hint = "autoDeploy is on: OpenChoreo creates and deploys the release"
	if p.Within(began, view.ObserveTimeout) {
		j.Wait(began, "%s; autoDeploy creates and deploys the next release", p.ReleaseName())
		j.ReplacesBelow = true
		return
	}
	f.Since = began
	f.Hint = "autoDeploy is on, but OpenChoreo has not created and deployed the release in time"
	*f = p.OrControllerDown(p.Ref("Component", p.ComponentName), *f)
}

// lastChanged is the newest time at which an applier may have changed o. Unlike LastDelivery it does not move with a run that
// changes nothing, where the applier keeps a history.
func lastChanged(p *view.Environment, o facts.Object) time.Time {
	changed := view.CreatedAt(o)
	for _, ref := range p.Engines.AppliedBy(o) {
		at := view.LastTransition(kinds.ConditionOf(p.Object(ref).Body, meta.ReadyCondition))
		if last := delivery.LastChange(p.Component, ref); last.Before(at) {
			at = last
		}
		changed = view.Latest(changed, at)
	}
	return changed
}

// runsAndWants compares in as few words as possible: the tags, the images, or the fields that differ.
func runsAndWants(p *view.Environment, workload, release facts.Object) string {
	if kinds.Released(workload.Body, release.Body) {
		newest := releaseOf(p, workload)
		return fmt.Sprintf("%s is deployed, but %s has %s", release.Ref.Name, newest.Ref.Name, heldBy(p, newest, workload, release))
	}
	wants := kinds.Text(workload.Body, "spec", "container", "image")
	runs := kinds.Text(release.Body, "spec", "workload", "container", "image")
	if runs != wants {
		if images := pods.RunningImages(p); len(images) > 0 && trace.ImageName(images[0]) != trace.ImageName(wants) {
			runs = images[0]
		}
		runs, wants = trace.ImageName(runs), trace.ImageName(wants)
		if name, tag, _ := strings.Cut(wants, ":"); tag != "" && strings.HasPrefix(runs, name+":") {
			runs, wants = strings.TrimPrefix(runs, name), ":"+tag
		}
		return fmt.Sprintf("runs %s, but the Workload has %s", cmp.Or(runs, "no image"), cmp.Or(wants, "no image"))
	}
	declared := maps.Clone(view.Nested(workload, "spec"))
	delete(declared, "owner")
	fields := differing(declared, view.Nested(release, "spec", "workload"), "spec", 1)
	if len(fields) == 0 {
		fields = []string{"spec"}
	}
	return fmt.Sprintf("%s is deployed, but the Workload differs in %s", release.Ref.Name, strings.Join(fields, ", "))
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
		if drift.Empty(x) && drift.Empty(y) || same(x, y) {
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
