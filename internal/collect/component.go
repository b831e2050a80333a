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
				k.get(o.Ref)
			}
		}
	}
	project := k.ref("Project", k.projectName())
	k.get(project)
	k.get(k.ref("DeploymentPipeline", kinds.Text(k.Object(project).Body, "spec", "deploymentPipelineRef", "name")))
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
	component := k.Object(k.ref("Component", k.component)).Body
	name := kinds.Text(component, "spec", "componentType", "name")
	name = name[strings.LastIndex(name, "/")+1:]
	kind := kinds.Text(component, "spec", "componentType", "kind")
	if kind == "" {
		kind = "ComponentType"
	}
	k.get(k.ref(kind, name))
	if k.Object(k.ref(kind, name)).Outcome == facts.Absent && kind == "ComponentType" {
		k.get(k.ref("ClusterComponentType", name))
	}
	traits := kinds.Items(component, "spec", "traits")
	if kinds.ConditionOf(k.Object(k.ref("Component", k.component)).Body, kinds.ConditionReady).Reason == kinds.ReasonTraitNotFound {
		traits = append(traits, kinds.Items(k.Object(k.ref(kind, name)).Body, "spec", "traits")...)
	}
	for _, trait := range traits {
		kind := kinds.String(trait, "kind")
		if kind == "" {
			kind = "Trait"
		}
		k.get(k.ref(kind, kinds.String(trait, "name")))
		if k.Object(k.ref(kind, kinds.String(trait, "name"))).Outcome == facts.Absent && kind == "Trait" {
			k.get(k.ref("ClusterTrait", kinds.String(trait, "name")))
		}
	}
}
