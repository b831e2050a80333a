package component_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/component"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// found puts an object of the control plane of which nothing but its name is asked.
func found(w assesstest.World, kind, namespace, name string) {
	w.PutYAML("{apiVersion: openchoreo.dev/v1alpha1, kind: " + kind + ", metadata: {name: " + name + ", namespace: \"" + namespace + "\"}}")
}

// TestComponentReasons: the reason of Ready says which rung has the cause, and what is to be done (openchoreo v1.2.3
// internal/controller/component/controller.go).
func TestComponentReasons(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	type judged struct {
		State    trace.State
		Code     trace.Code
		CausedBy trace.RungID
		Hint     string
	}
	for reason, c := range map[string]struct {
		message string
		change  func(w assesstest.World)
		want    judged
	}{
		"WorkloadNotFound":           {"no", nil, judged{trace.Failed, trace.CodeComponentNotReady, trace.RungWorkload, ""}},
		"ProjectNotFound":            {"no", nil, judged{trace.Failed, trace.CodeComponentNotReady, trace.RungProject, ""}},
		"DeploymentPipelineNotFound": {"no", nil, judged{trace.Failed, trace.CodeComponentNotReady, trace.RungProject, ""}},
		"ComponentTypeNotFound":      {"no", nil, judged{trace.Failed, trace.CodeComponentTypeNotFound, "", "commit the type, or recreate the Component with another spec.componentType, which is immutable"}},
		"TraitNotFound":              {"no", nil, judged{trace.Failed, trace.CodeTraitNotFound, "", "correct spec.traits of the Component or of its type in Git, or commit the trait"}},
		"WorkflowNotFound":           {"no", nil, judged{trace.Failed, trace.CodeWorkflowNotUsable, "", "correct spec.workflow of the Component in Git; without a kind it is a ClusterWorkflow"}},
		"WorkflowNotAllowed":         {"no", nil, judged{trace.Failed, trace.CodeWorkflowNotUsable, "", "set spec.workflow of the Component to a workflow that its type allows, in Git"}},
		"InvalidConfiguration":       {"no", nil, judged{trace.Failed, trace.CodeInvalidConfiguration, "", ""}},
		"AutoDeployFailed":           {"no", nil, judged{trace.Failed, trace.CodeAutoDeployFailed, "", "OpenChoreo cannot create or bind a release of this Component, for the reason in the message: correct the Component in Git. Running pods are not affected"}},
		"OfTomorrow":                 {"no", nil, judged{trace.Failed, trace.CodeComponentNotReady, "", ""}},
		"Several":                    {"Multiple Workloads found for it", nil, judged{trace.Failed, trace.CodeComponentNotReady, trace.RungWorkload, ""}},
	} {
		w := healthy.Copy(t)
		for _, kind := range []string{"Workload", "Project", "DeploymentPipeline"} {
			created(w, kind, "", time.Hour)
		}
		created(w, "ClusterComponentType", "service", time.Hour)
		w.Condition(w.One("Component", ""), time.Hour, "Ready", "False", reason, c.message)
		r := component.AssessComponent(w.Component())
		got := judged{State: r.State, CausedBy: r.Cause.Rung()}
		if len(r.Findings) == 1 {
			got.Code, got.Hint = r.Findings[0].Code, r.Findings[0].Hint
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", reason, diff)
		}
	}
}

// created sets the age of an object.
func created(w assesstest.World, kind, name string, age time.Duration) {
	w.Set(w.One(kind, name), w.TakenAt.Add(-age).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
}

type componentCase struct {
	change       func(w assesstest.World)
	lines, hints []string
}

const conflict = `Operation cannot be fulfilled on componentreleases.openchoreo.dev "x": the object has been modified; please apply your changes`

func fails(age time.Duration, reason, message string) func(w assesstest.World) {
	return func(w assesstest.World) {
		w.Condition(w.One("Component", ""), age, "Ready", "False", reason, message)
	}
}

func namespaced(w assesstest.World) {
	w.Set(w.One("Component", ""), "ComponentType", "spec", "componentType", "kind")
	w.Answer(facts.Object{Ref: w.Component().Ref("ComponentType", "service")}, facts.Absent)
}

func trait(kind string) func(w assesstest.World) {
	return func(w assesstest.World) {
		w.Set(w.One("Component", ""), []any{map[string]any{"name": "volume", "kind": kind}}, "spec", "traits")
		found(w, "ClusterTrait", "", "volume")
		fails(time.Hour, "TraitNotFound", "no volume")(w)
	}
}

var componentCases = map[string]componentCase{
	"Healthy":  {func(assesstest.World) {}, []string{"OK deployment/service (ClusterComponentType)"}, nil},
	"NotAsked": {func(w assesstest.World) { w.Drop(w.One("Component", "").Ref) }, []string{"Unknown not checked"}, nil},
	"AppliedAndAbsent": {func(w assesstest.World) { w.Answer(w.One("Component", ""), facts.Absent) }, []string{
		"Failed greeter-service does not exist",
		"error AppliedButAbsent of Component greeter-service: Component healthy/greeter-service does not exist, although Kustomization oc-healthy-projects lists it as applied",
	}, []string{"Kustomization flux-system/oc-healthy-projects creates it again at its next interval (10m0s)"}},
	"AConflictAMomentAgo": {fails(time.Second, "AutoDeployFailed", conflict), []string{"Progressing greeter-service: update conflict, OpenChoreo retries"}, nil},
	"AConflictThatStays": {
		fails(3*time.Minute, "AutoDeployFailed", conflict),
		[]string{"Failed greeter-service: AutoDeployFailed", "error AutoDeployFailed of Component greeter-service: " + conflict},
		[]string{"OpenChoreo cannot create or bind a release of this Component, for the reason in the message: correct the Component in Git. Running pods are not affected"},
	},
	"AConflictOfAnotherReason": {fails(time.Second, "InvalidConfiguration", conflict), []string{
		"Failed greeter-service: InvalidConfiguration", "error InvalidConfiguration of Component greeter-service: " + conflict,
	}, []string{""}},
	"TypeOfTheOtherScope": {
		namespaced,
		[]string{"Failed ComponentType healthy/service does not exist", "error ComponentTypeNotFound of ComponentType service: ComponentType healthy/service does not exist"},
		[]string{"ClusterComponentType service exists, and spec.componentType.kind is immutable: commit a Component under a new name with kind ClusterComponentType, or set the kind and recreate this one"},
	},
	"TypeOfNoScope": {func(w assesstest.World) {
		namespaced(w)
		w.Answer(w.One("ClusterComponentType", "service"), facts.Absent)
	}, []string{"Failed ComponentType healthy/service does not exist", "error ComponentTypeNotFound of ComponentType service: ComponentType healthy/service does not exist"}, []string{""}},
	"TypeIsToldOnce": {func(w assesstest.World) {
		namespaced(w)
		fails(time.Hour, "ComponentTypeNotFound", "it says so too")(w)
	}, []string{"Failed greeter-service: ComponentTypeNotFound", "error ComponentTypeNotFound of ComponentType service: ComponentType healthy/service does not exist"}, []string{
		"ClusterComponentType service exists, and spec.componentType.kind is immutable: commit a Component under a new name with kind ClusterComponentType, or set the kind and recreate this one",
	}},
	"TraitOfTheOtherScope": {trait("Trait"), []string{"Failed greeter-service: TraitNotFound", "error TraitNotFound of Component greeter-service: no volume"}, []string{
		"ClusterTrait volume exists: set the trait's kind to ClusterTrait",
	}},
	"TraitOfTheDefaultScope": {trait(""), []string{"Failed greeter-service: TraitNotFound", "error TraitNotFound of Component greeter-service: no volume"}, []string{
		"ClusterTrait volume exists: set the trait's kind to ClusterTrait",
	}},
	"TraitOfThatScope": {trait("ClusterTrait"), []string{"Failed greeter-service: TraitNotFound", "error TraitNotFound of Component greeter-service: no volume"}, []string{
		"correct spec.traits of the Component or of its type in Git, or commit the trait",
	}},
	"WorkloadOfAMomentAgo": {func(w assesstest.World) {
		created(w, "Workload", "", 2*time.Second)
		fails(time.Second, "WorkloadNotFound", "no")(w)
	}, []string{"Progressing greeter-service: OpenChoreo has not read Workload healthy/greeter-service-workload yet"}, nil},
	"WorkloadOfLongAgo": {func(w assesstest.World) {
		created(w, "Workload", "", 3*time.Minute)
		fails(3*time.Minute, "WorkloadNotFound", "no")(w)
	}, []string{"Failed greeter-service: WorkloadNotFound", "error ComponentNotReady of Component greeter-service: no"}, []string{""}},
	"ProjectOfAMomentAgo": {func(w assesstest.World) {
		created(w, "Project", "", time.Second)
		fails(time.Second, "ProjectNotFound", "no")(w)
	}, []string{"Progressing greeter-service: OpenChoreo has not read Project healthy/demo yet"}, nil},
	"PipelineOfAMomentAgo": {func(w assesstest.World) {
		created(w, "DeploymentPipeline", "", time.Second)
		fails(time.Second, "DeploymentPipelineNotFound", "no")(w)
	}, []string{"Progressing greeter-service: OpenChoreo has not read DeploymentPipeline healthy/standard yet"}, nil},
	"TypeOfAMomentAgo": {func(w assesstest.World) {
		created(w, "ClusterComponentType", "service", time.Second)
		fails(time.Second, "ComponentTypeNotFound", "no")(w)
	}, []string{"Progressing greeter-service: OpenChoreo has not read ClusterComponentType service yet"}, nil},
	"TraitOfAMomentAgo": {func(w assesstest.World) {
		trait("ClusterTrait")(w)
		created(w, "ClusterTrait", "volume", time.Second)
	}, []string{"Progressing greeter-service: OpenChoreo has not read ClusterTrait volume yet"}, nil},
	"TypeOfAnotherWorkloadType": {func(w assesstest.World) {
		w.Set(w.One("Component", ""), "cronjob/service", "spec", "componentType", "name")
		fails(time.Hour, "InvalidConfiguration", "WorkloadType mismatch: x")(w)
	}, []string{
		"Failed greeter-service: InvalidConfiguration", "error InvalidConfiguration of Component greeter-service: WorkloadType mismatch: x",
	}, []string{"spec.componentType.name must be deployment/service instead of cronjob/service, and is immutable: delete the Component in Git, and commit it again after its pods are gone"}},
	"TypeThatIsNotRead": {func(w assesstest.World) {
		w.Answer(w.One("ClusterComponentType", "service"), facts.Forbidden)
		fails(time.Hour, "InvalidConfiguration", "WorkloadType mismatch: x")(w)
	}, []string{"Failed greeter-service: InvalidConfiguration", "error InvalidConfiguration of Component greeter-service: WorkloadType mismatch: x"}, []string{
		"spec.componentType.name must not be deployment/service: it begins with the spec.workloadType of ClusterComponentType service; it is immutable: delete the Component in Git, and commit it again after its pods are gone",
	}},
	"WaitsForItsBuild": {func(w assesstest.World) {
		noWorkload(w)
		run(w, "build-1", time.Minute, "")
		fails(time.Hour, "WorkloadNotFound", "no")(w)
	}, []string{"Progressing greeter-service waits for its build"}, nil},
}

func TestComponent(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range componentCases {
		w := healthy.Copy(t)
		c.change(w)
		r := component.AssessComponent(w.Component()).Rung
		if diff := cmp.Diff(c.lines, assesstest.Lines(r)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.hints, assesstest.Hints(r)); diff != "" {
			t.Errorf("%s: hints (-want +got)\n%s", name, diff)
		}
	}
}

// TestComponentThatIsLeftAlone: a healthy Component that Flux no longer changes has a warning.
func TestComponentThatIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Set(w.One("Component", ""), "disabled", "metadata", "annotations", "kustomize.toolkit.fluxcd.io/reconcile")
	got := component.AssessComponent(w.Component())
	if got.State != trace.OK || len(got.Findings) != 1 || got.Findings[0].Code != trace.CodeReconcileDisabled {
		t.Errorf("%s with %v, want OK with %s", got.State, got.Findings, trace.CodeReconcileDisabled)
	}
}

// TestParametersOfAutoDeploy: a message about parameters names the field to correct.
func TestParametersOfAutoDeploy(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	w.Condition(w.One("Component", ""), time.Hour, "Ready", "False", "AutoDeployFailed", `Failed to handle autoDeploy: failed to create ComponentRelease: admission webhook "v.kb.io" denied the request: `+
		`x is invalid: spec.componentProfile.parameters: Invalid value: parameters do not match ComponentType schema: backoffLimit must be of type integer: "string"`)
	const want = `OpenChoreo cannot create or bind a release of this Component: correct spec.parameters of the Component in Git, as backoffLimit must be of type integer: "string". Running pods are not affected`
	if r := component.AssessComponent(w.Component()); len(r.Findings) != 1 || r.Findings[0].Hint != want {
		t.Errorf("%+v, want the hint %q", r.Findings, want)
	}
}
