package collect

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// missing asks, when the component is absent, which components there are: in this namespace for a slip of the pen, in
// all others for the wrong namespace.
func (k *known) missing() {
	if k.Object(k.ref("Component", k.component)).Outcome == facts.Absent {
		here := k.all("Component")
		here.Names = true
		k.list(here)
		everywhere := here
		everywhere.Namespace = ""
		everywhere.Fields = "metadata.name=" + k.component
		k.list(everywhere)
	}
	for _, b := range k.ownedObjects("ReleaseBinding") {
		k.notFound(b)
	}
}

// notFound looks for what a binding says is not there: its controller does not look again by itself.
func (k *known) notFound(binding facts.Object) {
	release := k.Object(k.ref("ComponentRelease", kinds.Text(binding.Body, "spec", "releaseName")))
	switch kinds.ConditionOf(binding.Body, "ReleaseSynced").Reason {
	case "ComponentNotFound":
		k.get(k.ref("Component", kinds.Text(release.Body, "spec", "owner", "componentName")))
	case "ProjectNotFound":
		k.get(k.ref("Project", kinds.Text(release.Body, "spec", "owner", "projectName")))
	}
}
