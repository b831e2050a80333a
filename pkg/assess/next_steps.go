package assess

import (
	"cmp"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/release"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/nextsteps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// addNextSteps gives each finding the commands of its page. p is nil for the shared rungs.
func addNextSteps(v *view.Component, p *view.Environment, judged []*result.Result) {
	for _, j := range judged {
		for i := range j.Findings {
			f := &j.Findings[i]
			f.NextSteps = nextsteps.Of(*f, scopeOf(v, p, *f))
			f.Next = nil
			for _, step := range f.NextSteps {
				f.Next = append(f.Next, step.Command)
			}
		}
	}
}

func scopeOf(v *view.Component, p *view.Environment, f trace.Finding) nextsteps.Scope {
	applier := applierOf(v, f)
	s := nextsteps.Scope{
		Object: f.Object, IsAbsent: v.Object(f.Object).Outcome == facts.Absent, Applier: applier, Contexts: v.Subject.Contexts, Planes: v.Subject.Planes, API: v.Subject.API, IsTraced: true,
		Names: map[string]string{
			"NAMESPACE": v.Namespace, "PROJECT": v.ProjectName, "COMPONENT": v.ComponentName,
			"NAME": f.Object.Name, "OBJECT_NAMESPACE": f.Object.Namespace,
			"USER": result.DeniedUser(f.Message),
		},
	}
	s.IsDeclared = f.Code == trace.CodeAppliedButAbsent || f.Code == trace.CodeReleaseBindingNotFound && len(f.Path) > 0
	s.IsNotRestored = s.IsDeclared && f.Wake.IsZero()
	controller := controllerOf(v, f)
	s.Names["CONTROLLER"], s.Names["CONTROLLER_NAMESPACE"] = controller.Deployment, controller.Namespace
	if f.Object.Kind != "" {
		s.Names["KIND"] = kinds.ResourceName(f.Object.Group, f.Object.Kind)
	}
	if sealed := v.Object(f.Object); f.Object.Kind == "SealedSecret" && sealed.Outcome == facts.Found {
		s.Names["SEALING_SCOPE"] = kinds.SealingScope(sealed.Body)
	}
	nameDelivery(v, f, applier, s.Names)
	nameEnvironment(v, p, f, &s)
	namePod(v, p, f, &s)
	return s
}

// applierOf is the object that delivers what a finding is about: itself, one on its path, or that of the object or the component.
func applierOf(v *view.Component, f trace.Finding) facts.Ref {
	candidates := append([]facts.Ref{f.Object}, f.Path...)
	candidates = append(candidates, v.Engines.AppliedBy(v.Object(f.Object))...)
	for _, o := range delivery.AppliedBy(v, f.Object) {
		candidates = append(candidates, o.Ref)
	}
	for _, ref := range append(candidates, v.Delivery.Direct...) {
		if v.Engines.Properties(ref).Applies {
			return ref
		}
	}
	return facts.Ref{}
}

func nameDelivery(v *view.Component, f trace.Finding, applier facts.Ref, names map[string]string) {
	names["APPLIER_KIND"] = kinds.FluxName(applier.Group, applier.Kind)
	names["APPLIER_NAME"], names["APPLIER_NAMESPACE"] = applier.Name, applier.Namespace
	names["REPOSITORY_PATH"] = kinds.Text(v.Object(applier).Body, "spec", "path")
	source := v.Engines.SourceOf(v.Object(applier))
	if f.Object.Group == kinds.FluxSource {
		source = f.Object
	}
	names["SOURCE_KIND"] = kinds.FluxName(source.Group, source.Kind)
	names["SOURCE_NAME"], names["SOURCE_NAMESPACE"] = source.Name, source.Namespace
}

// controllerOf is the controller of the object, or of the last of those that led to it.
func controllerOf(v *view.Component, f trace.Finding) kinds.Controller {
	for _, ref := range slices.Backward(append([]facts.Ref{f.Object}, f.Path...)) {
		if c := v.Engines.Controller(ref); c.Deployment != "" {
			return c
		}
	}
	return kinds.Controller{}
}

func nameEnvironment(v *view.Component, p *view.Environment, f trace.Finding, s *nextsteps.Scope) {
	if p == nil {
		p = environmentOf(v)
	}
	s.DataPlane = f.Object.Plane
	if f.Object.Group == kinds.OpenChoreo && f.Object.Kind == "Component" && f.Object.Name != v.ComponentName {
		s.Names["PROVIDER"] = f.Object.Name
	}
	if f.Object.Group == kinds.OpenChoreo && f.Object.Kind == "ReleaseBinding" {
		s.Names["BINDING"] = f.Object.Name
		s.Names["PROVIDER"] = providerOf(v, f)
	}
	if p == nil {
		return
	}
	s.DataPlane = p.Plane()
	s.Names["ENVIRONMENT"], s.Names["RELEASE"] = p.Name, p.ReleaseName()
	s.Names["BINDING"] = cmp.Or(p.Binding.Ref.Name, s.Names["BINDING"])
	s.Names["CELL_NAMESPACE"] = p.PodNamespace()
	s.AutoDeploys = release.AutoDeploys(p)
}

// providerOf is the other component that a finding about a ReleaseBinding concerns: in a cycle of dependencies it is on the path.
func providerOf(v *view.Component, f trace.Finding) string {
	for _, ref := range append([]facts.Ref{f.Object}, f.Path...) {
		if owner := kinds.Text(v.Object(ref).Body, "spec", "owner", "componentName"); ref.Kind == "ReleaseBinding" && owner != v.ComponentName {
			return owner
		}
	}
	return ""
}

// environmentOf is the environment of a finding of a shared rung, where there is only one.
func environmentOf(v *view.Component) *view.Environment {
	if names := selectedEnvironments(v); len(names) == 1 {
		return v.EnvironmentOf(names[0])
	}
	return nil
}

func namePod(v *view.Component, p *view.Environment, f trace.Finding, s *nextsteps.Scope) {
	pod := v.Object(f.Object)
	for _, ref := range f.Path {
		if f.Object.Kind == "Node" && ref.Kind == "Pod" {
			pod = v.Object(ref)
		}
	}
	switch {
	case f.Object.Plane == facts.Control:
		return
	case f.Object.Kind == "Namespace":
		s.Names["CELL_NAMESPACE"] = f.Object.Name
	case pod.Ref.Namespace != "":
		s.Names["CELL_NAMESPACE"] = pod.Ref.Namespace
	}
	if pod.Ref.Kind != "Pod" {
		return
	}
	s.Names["POD"], s.Names["NODE"] = pod.Ref.Name, kinds.Text(pod.Body, "spec", "nodeName")
	s.Names["CONTAINER"], s.Restarted = containerOf(pod, f.Container)
	s.Names["JOB"] = renderedJob(p, pod)
}

// renderedJob is the Job of a pod, if OpenChoreo has rendered it: a CronJob creates its next Job at its schedule.
func renderedJob(p *view.Environment, pod facts.Object) string {
	if p == nil || pod.Body == nil {
		return ""
	}
	for _, o := range p.PlaneObjects() {
		if o.Ref.Group == kinds.Batch && o.Ref.Kind == "Job" && slices.ContainsFunc(pod.Body.GetOwnerReferences(), func(owner metav1.OwnerReference) bool { return owner.Kind == "Job" && owner.Name == o.Ref.Name }) {
			return o.Ref.Name
		}
	}
	return ""
}

// containerOf is the container that a finding is about: the one that it names, else the first that is not ready. The kubelet keeps
// the log of its earlier run once it has restarted.
func containerOf(pod facts.Object, named string) (name string, restarted bool) {
	for _, status := range slices.Concat(kinds.Items(pod.Body, "status", "initContainerStatuses"), kinds.Items(pod.Body, "status", "containerStatuses")) {
		candidate := kinds.String(status, "name")
		ready, _ := status["ready"].(bool)
		if candidate == named || named == "" && (name == "" || !ready) {
			restarts, _ := status["restartCount"].(int64)
			name, restarted = candidate, restarts > 0 && len(kinds.Fields(status, "lastState", "terminated")) > 0
			if named != "" || !ready {
				return name, restarted
			}
		}
	}
	return cmp.Or(name, named), restarted
}
