package component

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessComponent judges the Component and the type that it names. With autoDeploy off its Ready=True means that it is
// valid, and shows nothing about a deployment (openchoreo v1.2.3 internal/controller/component/controller.go:197).
func AssessComponent(v *view.Component) *result.Result {
	o := v.Object(v.Ref("Component", v.ComponentName))
	j := result.New(trace.RungComponent, o.Ref)
	if o.Outcome == facts.Absent {
		return componentAbsent(v, j)
	}
	if j.CannotRead(o) {
		return j
	}
	componentType(v, j, o)
	componentReady(v, j, o)
	delivery.AddWarnings(v, j, o)
	return j.OK("%s (%s)", kinds.Text(o.Body, "spec", "componentType", "name"), v.TypeRef(o).Kind)
}

func componentAbsent(v *view.Component, j *result.Result) *result.Result {
	j.Cause = result.NotFound()
	j.Summary = fmt.Sprintf("%s does not exist", v.ComponentName)
	f := trace.Finding{Code: trace.CodeComponentNotFound, Message: delivery.NotFoundMessage(v, j.Object)}
	if appliers := delivery.AppliedBy(v, j.Object); len(appliers) > 0 {
		// An object that its applier lists as applied does not come back by waiting for anything above.
		j.Cause = result.Cause{}
		f.Code = trace.CodeAppliedButAbsent
		if returns := delivery.Restoring(v, &f, appliers[0]); returns != "" {
			f.Hint = fmt.Sprintf("%s %s", appliers[0].Ref, returns)
		}
	}
	return j.Fail(f)
}

func componentType(v *view.Component, j *result.Result, component facts.Object) {
	ref := v.TypeRef(component)
	if v.Object(ref).Outcome != facts.Absent {
		return
	}
	f := trace.Finding{Code: trace.CodeComponentTypeNotFound, Object: ref, Message: fmt.Sprintf("%s does not exist", ref)}
	other := v.Ref("ClusterComponentType", ref.Name)
	if ref.Kind == "ComponentType" && v.Object(other).Outcome == facts.Found {
		f.Fix = trace.FixRecreate
		f.Hint = fmt.Sprintf("%s exists, and spec.componentType.kind is immutable: commit a Component under a new name with kind ClusterComponentType, or set the kind and recreate this one", other)
	}
	j.Summary = f.Message
	j.Fail(f)
}

// componentFault reports where the cause of a Component's reason is, and what it means (openchoreo v1.2.3
// internal/controller/component/controller.go).
type componentFault struct {
	code    trace.Code
	follows trace.RungID
	hint    string
}

func componentFaults() map[string]componentFault {
	return map[string]componentFault{
		kinds.ReasonWorkloadNotFound:           {trace.CodeComponentNotReady, trace.RungWorkload, ""},
		kinds.ReasonProjectNotFound:            {trace.CodeComponentNotReady, trace.RungProject, ""},
		kinds.ReasonDeploymentPipelineNotFound: {trace.CodeComponentNotReady, trace.RungProject, ""},
		kinds.ReasonComponentTypeNotFound:      {trace.CodeComponentTypeNotFound, "", "commit the type, or recreate the Component with another spec.componentType, which is immutable"},
		kinds.ReasonTraitNotFound:              {trace.CodeTraitNotFound, "", "correct spec.traits of the Component or of its type in Git, or commit the trait"},
		kinds.ReasonWorkflowNotFound:           {trace.CodeWorkflowNotUsable, "", "correct spec.workflow of the Component in Git; without a kind it is a ClusterWorkflow"},
		kinds.ReasonWorkflowNotAllowed:         {trace.CodeWorkflowNotUsable, "", "set spec.workflow of the Component to a workflow that its type allows, in Git"},
		kinds.ReasonInvalidConfiguration:       {trace.CodeInvalidConfiguration, "", ""},
		kinds.ReasonAutoDeployFailed:           {trace.CodeAutoDeployFailed, "", ""},
	}
}

// componentReady: the Component's controller watches everything that it reads (controller.go:851-872), so its
// conditions are fresh; the reason may point at another rung.
func componentReady(v *view.Component, j *result.Result, o facts.Object) {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	if view.Deleting(o.Body) || !ready.False() || !ready.Current(o.Body) {
		delivery.DeclaredState(v, j, o, trace.CodeComponentNotReady)
		return
	}
	fault, known := componentFaults()[ready.Reason]
	if !known {
		fault.code = trace.CodeComponentNotReady
	}
	if ready.Reason == kinds.ReasonAutoDeployFailed && Conflict(ready.Message) && v.Within(view.LastTransition(ready), view.ObserveTimeout) {
		j.Wait(view.LastTransition(ready), "%s: update conflict, OpenChoreo retries", o.Ref.Name)
		return
	}
	if created := justCreated(v, o, ready.Reason); created.Outcome == facts.Found {
		j.Wait(view.CreatedAt(created), "%s: OpenChoreo has not read %s yet", o.Ref.Name, created.Ref)
		return
	}
	if fault.follows == trace.RungWorkload && AssessWorkload(v).State == trace.Progressing {
		j.Wait(view.LastTransition(ready), "%s waits for its build", o.Ref.Name)
		return
	}
	j.Cause = result.CausedBy(fault.follows)
	if strings.HasPrefix(ready.Message, "Multiple Workloads found") {
		j.Cause = result.CausedBy(trace.RungWorkload)
	}
	before := len(j.Findings)
	delivery.DeclaredState(v, j, o, fault.code)
	if fault.follows != "" { // the reason is also the code of the rung that it follows from
		j.Summary = result.WithCode(o.Ref.Name, trace.Code(ready.Reason))
	}
	if before > 0 {
		j.Findings = j.Findings[:before] // the absent type is the cause; Ready only repeats it
		return
	}
	last := &j.Findings[len(j.Findings)-1]
	last.Hint = cmp.Or(last.Hint, fault.hint)
	if strings.HasPrefix(ready.Message, "WorkloadType mismatch") {
		last.Hint = typeNameHint(v, o)
	}
	otherTrait(v, last, o)
	autoDeployHint(last)
}

// refusedParameters is how OpenChoreo's webhook rejects a release of a Component (as recorded with openchoreo v1.2.3, autodeploy-fails).
var refusedParameters = regexp.MustCompile(`: parameters do not match ComponentType schema: (.+)$`)

// autoDeployHint says what OpenChoreo tried, and what to change.
func autoDeployHint(f *trace.Finding) {
	if f.Code != trace.CodeAutoDeployFailed {
		return
	}
	f.Hint = "OpenChoreo cannot create or bind a release of this Component"
	if m := refusedParameters.FindStringSubmatch(f.Message); m != nil {
		f.Hint += ": correct spec.parameters of the Component in Git, as " + strings.TrimSuffix(m[1], ".")
	} else {
		f.Hint += ", for the reason in the message: correct the Component in Git"
	}
	f.Hint += ". Running pods are not affected"
}

// typeNameHint: spec.componentType.name begins with the workload type of the component type, and cannot be changed (openchoreo v1.2.3
// internal/controller/component/controller.go, api/v1alpha1/component_types.go).
func typeNameHint(v *view.Component, o facts.Object) string {
	ref, name := v.TypeRef(o), kinds.Text(o.Body, "spec", "componentType", "name")
	if workloadType := kinds.Text(v.Object(ref).Body, "spec", "workloadType"); workloadType != "" {
		return fmt.Sprintf("spec.componentType.name must be %s/%s instead of %s, and is immutable: delete the Component in Git, and commit it again after its pods are gone", workloadType, ref.Name, name)
	}
	return fmt.Sprintf("spec.componentType.name must not be %s: it begins with the spec.workloadType of %s; it is immutable: delete the Component in Git, and commit it again after its pods are gone", name, ref)
}

// justCreated returns the object that is missing according to the reason, if it was created so lately that the Component's controller may not
// have read it. Objects of one commit are created one after the other.
func justCreated(v *view.Component, component facts.Object, reason string) facts.Object {
	for _, o := range named(v, component, reason) {
		if o.Outcome == facts.Found && v.Within(view.CreatedAt(o), view.ObserveTimeout) {
			return o
		}
	}
	return facts.Object{}
}

// named are the objects of which one is missing according to a reason.
func named(v *view.Component, component facts.Object, reason string) []facts.Object {
	switch reason {
	case kinds.ReasonWorkloadNotFound:
		return v.Workloads()
	case kinds.ReasonProjectNotFound:
		return []facts.Object{v.Object(v.Ref("Project", v.ProjectName))}
	case kinds.ReasonDeploymentPipelineNotFound:
		return []facts.Object{v.Pipeline()}
	case kinds.ReasonComponentTypeNotFound:
		return []facts.Object{v.Object(v.TypeRef(component))}
	case kinds.ReasonTraitNotFound:
		var traits []facts.Object
		of := v.Object(v.TypeRef(component))
		for _, trait := range append(kinds.Items(component.Body, "spec", "traits"), kinds.Items(of.Body, "spec", "traits")...) {
			traits = append(traits, v.Object(v.Ref(cmp.Or(kinds.String(trait, "kind"), "Trait"), kinds.String(trait, "name"))))
		}
		return traits
	}
	return nil
}

// otherTrait: a trait that is not there under the kind that is named may be there under the other.
func otherTrait(v *view.Component, f *trace.Finding, component facts.Object) {
	if f.Code != trace.CodeTraitNotFound {
		return
	}
	for _, trait := range kinds.Items(component.Body, "spec", "traits") {
		cluster := v.Object(v.Ref("ClusterTrait", kinds.String(trait, "name")))
		if kind := kinds.String(trait, "kind"); (kind == "" || kind == "Trait") && cluster.Outcome == facts.Found {
			f.Hint = fmt.Sprintf("%s exists: set the trait's kind to ClusterTrait", cluster.Ref)
		}
	}
}

// Conflict reports whether a message is about two writers that met: the controller tries again at once.
func Conflict(message string) bool { return strings.Contains(message, "the object has been modified") }
