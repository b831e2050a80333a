package references

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// dependencies name an endpoint of another component. A binding waits for ever where there is none
// (openchoreo v1.2.3 internal/controller/releasebinding/controller_connections.go).
func dependencies(ix *index.Index) {
	for _, o := range ix.ByKind["Workload"] {
		for i, d := range kinds.Items(o.Body, "spec", "dependencies", "endpoints") {
			dependency(ix, o, fmt.Sprintf("spec.dependencies.endpoints[%d].", i), d)
		}
	}
}

func dependency(ix *index.Index, o *manifest.Object, path string, d map[string]any) {
	name, endpoint, of := kinds.String(d, "component"), kinds.String(d, "name"), kinds.String(d, "project")
	if name == "" || endpoint == "" {
		return
	}
	if of == "" {
		of = index.Project(o)
	}
	provider := index.Ref("Component", o.Ref.Namespace, name)
	found := ix.Find(provider)
	switch {
	case found != nil && index.Project(found) == of:
		dependencyEndpoint(ix, o, path, name, endpoint)
	case found != nil:
		ix.Report(o, path+"component", trace.Error, trace.Finding{
			Code: trace.CodeProviderNotFound, Message: fmt.Sprintf("%s depends on component %s of project %s, but it belongs to project %s", o.Ref, name, of, index.Project(found)),
		})
	case !ix.Has(provider) && (of == index.Project(o) || ix.Has(index.Ref("Project", o.Ref.Namespace, of))) && declares(ix, "Component"):
		ix.Report(o, path+"component", trace.Error, trace.Finding{
			Code: trace.CodeProviderNotFound, Message: fmt.Sprintf("%s depends on component %s of project %s, which is not in this repository", o.Ref, name, of),
		})
	}
}

func dependencyEndpoint(ix *index.Index, o *manifest.Object, path, provider, endpoint string) {
	workloads := ix.Owned("Workload", index.Ref("Component", o.Ref.Namespace, provider))
	if len(workloads) == 0 {
		return
	}
	endpoints, _, _ := unstructured.NestedMap(workloads[0].Body.Object, "spec", "endpoints")
	if _, ok := endpoints[endpoint]; !ok {
		ix.Report(o, path+"name", trace.Error, trace.Finding{
			Code:    trace.CodeProviderEndpointNotFound,
			Message: fmt.Sprintf("%s depends on endpoint %s of component %s, whose Workload %s declares %s", o.Ref, endpoint, provider, workloads[0].Ref.Name, listed(endpoints)),
		})
	}
}

func listed(m map[string]any) string {
	if len(m) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}

// cells: since OpenChoreo 1.2 a component runs only where its project has a ProjectReleaseBinding, which makes the namespace.
func cells(ix *index.Index) {
	if !declares(ix, "ProjectReleaseBinding") {
		return
	}
	there := map[string]bool{}
	for _, o := range ix.ByKind["ProjectReleaseBinding"] {
		there[cell(o)] = true
	}
	for _, o := range ix.ByKind["ReleaseBinding"] {
		environment := kinds.Text(o.Body, "spec", "environment")
		if there[cell(o)] || environment == "" || index.IsUndeployed(o) || !ix.Has(index.Ref("Environment", o.Ref.Namespace, environment)) {
			continue
		}
		ix.Report(o, "spec.environment", trace.Error, trace.Finding{
			Code:    trace.CodeProjectReleaseBindingNotFound,
			Message: fmt.Sprintf("%s is for environment %s, where project %s has no ProjectReleaseBinding", o.Ref, environment, index.Project(o)),
		})
	}
}

func cell(o *manifest.Object) string {
	return strings.Join([]string{o.Ref.Namespace, index.Project(o), kinds.Text(o.Body, "spec", "environment")}, "\x00")
}
