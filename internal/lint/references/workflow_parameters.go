package references

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// workflowParameters: OpenChoreo does not know what the parameters of a workflow mean. Those of a workflow that writes releases to Git name the
// component and its project (openchoreo/sample-gitops platform-shared/workflows), and the workflow would write them for another one.
func workflowParameters(ix *index.Index) {
	for _, o := range ix.ByKind["Component"] {
		parameters := kinds.Fields(o.Body.Object, "spec", "workflow", "parameters")
		for _, p := range []target{
			{trace.CodeComponentNotFound, "componentName", "Component", kinds.String(parameters, "componentName")},
			{trace.CodeProjectNotFound, "projectName", "Project", kinds.String(parameters, "projectName")},
		} {
			missing := index.Ref(p.kind, o.Ref.Namespace, p.name)
			if p.name == "" || !declares(ix, p.kind) || ix.Has(missing) {
				continue
			}
			f := trace.Finding{Code: p.code, Message: fmt.Sprintf("%s gives its workflow the parameter %s of %s, which is not in this repository", o.Ref, p.path, missing)}
			if near := near(ix, p.kind, p.name); near != "" {
				f.Hint = fmt.Sprintf("is %s meant?", near)
			}
			ix.Report(o, "spec.workflow.parameters."+p.path, trace.Warning, f)
		}
	}
}
