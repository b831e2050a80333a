package collect

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func (k subject) requestProject() {
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		for _, o := range k.ownedObjects(kind) {
			if kind != "ReleaseBinding" || k.wantedBinding(o) {
				k.RequestObject(o.Ref)
			}
		}
	}
	project := k.Ref("Project", k.projectName())
	k.RequestObject(project)
	k.RequestObject(k.Ref("DeploymentPipeline", kinds.Text(k.Object(project).Body, "spec", "deploymentPipelineRef", "name")))
}

// wantedBinding leaves out the bindings of environments that are not wanted, as far as that is known without reading them: the
// RenderedRelease that a binding owns names its environment.
func (k subject) wantedBinding(o facts.Object) bool {
	if len(k.Subject.Environments) == 0 {
		return true
	}
	for _, r := range k.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		for _, owner := range r.Body.GetOwnerReferences() {
			if owner.Kind == "ReleaseBinding" && owner.Name == o.Ref.Name {
				return k.wantsEnvironment(kinds.Text(r.Body, "spec", "environmentName"))
			}
		}
	}
	return true
}

// requestComponentType requests the type and the traits. If the kind is omitted, it is the namespaced one; if that does not
// exist, the cluster-scoped one of the same name is requested, because that is the usual mistake.
func (k subject) requestComponentType() {
	component := k.Object(k.Ref("Component", k.Component)).Body
	name := kinds.Text(component, "spec", "componentType", "name")
	name = name[strings.LastIndex(name, "/")+1:]
	kind := kinds.Text(component, "spec", "componentType", "kind")
	if kind == "" {
		kind = "ComponentType"
	}
	k.RequestObject(k.Ref(kind, name))
	if k.Object(k.Ref(kind, name)).Outcome == facts.Absent && kind == "ComponentType" {
		k.RequestObject(k.Ref("ClusterComponentType", name))
	}
	traits := kinds.Items(component, "spec", "traits")
	if kinds.ConditionOf(k.Object(k.Ref("Component", k.Component)).Body, kinds.ConditionReady).Reason == kinds.ReasonTraitNotFound {
		traits = append(traits, kinds.Items(k.Object(k.Ref(kind, name)).Body, "spec", "traits")...)
	}
	for _, trait := range traits {
		kind := kinds.String(trait, "kind")
		if kind == "" {
			kind = "Trait"
		}
		k.RequestObject(k.Ref(kind, kinds.String(trait, "name")))
		if k.Object(k.Ref(kind, kinds.String(trait, "name"))).Outcome == facts.Absent && kind == "Trait" {
			k.RequestObject(k.Ref("ClusterTrait", kinds.String(trait, "name")))
		}
	}
}
