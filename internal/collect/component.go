package collect

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// projectName is asked of the Component first; what a binding or a RenderedRelease says outlives it.
func (k *known) projectName() string {
	if p := kinds.Text(k.Object(k.ref("Component", k.component)).Body, "spec", "owner", "projectName"); p != "" {
		return p
	}
	if k.Subject.Project != "" {
		return k.Subject.Project
	}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		for _, o := range k.ownedObjects(kind) {
			if p := kinds.Text(o.Body, "spec", "owner", "projectName"); p != "" {
				return p
			}
		}
	}
	return ""
}

// ownedObjects are the answers for all items of an owner list, whether read or not.
func (k *known) ownedObjects(kind string) []facts.Object {
	var objects []facts.Object
	for _, item := range k.List(k.owned(kind, k.component)).Items {
		objects = append(objects, k.Object(item))
	}
	return objects
}

func (k *known) project() {
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

// wantedBinding leaves out the bindings of environments that were not asked for, as far as that can be told without
// reading them: the RenderedRelease that a binding owns names its environment.
func (k *known) wantedBinding(o facts.Object) bool {
	if len(k.Subject.Environments) == 0 {
		return true
	}
	for _, r := range k.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		for _, owner := range r.Body.GetOwnerReferences() {
			if owner.Kind == "ReleaseBinding" && owner.Name == o.Ref.Name {
				return k.asked(kinds.Text(r.Body, "spec", "environmentName"))
			}
		}
	}
	return true
}

func (k *known) asked(environment string) bool {
	if len(k.Subject.Environments) == 0 {
		return true
	}
	for _, e := range k.Subject.Environments {
		if e == environment {
			return true
		}
	}
	return false
}

// componentType asks for the type and the traits. A kind that is left out means the namespaced one; when that does not
// exist, the cluster-scoped one of the same name is asked for, because that is the usual slip.
func (k *known) componentType() {
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
