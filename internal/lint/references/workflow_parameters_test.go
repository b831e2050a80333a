package references_test

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

// TestWorkflowParameters: they name the component and the project, which are in the repository.
func TestWorkflowParameters(t *testing.T) {
	t.Parallel()
	const missing = "back.yaml warning ComponentNotFound Component shop/back gives its workflow the parameter componentName of Component shop/bak, which is not in this repository"
	for name, c := range map[string]struct {
		parameters string
		want       []string
	}{
		"Own":      {"componentName: back, projectName: demo", nil},
		"Other":    {"componentName: front, projectName: demo", nil},
		"Mistyped": {"componentName: bak, projectName: demo", []string{missing}},
		"Project":  {"projectName: dem", []string{"back.yaml warning ProjectNotFound Component shop/back gives its workflow the parameter projectName of Project shop/dem, which is not in this repository"}},
		"None":     {"repository: {componentName: bak}", nil},
		"Variable": {"componentName: '${NAME}'", nil},
		"NoText":   {"componentName: {a: b}", nil},
	} {
		linttest.CompareMessages(t, name, linttest.BackComponent(", workflow: {kind: ClusterWorkflow, name: dockerfile-builder, parameters: {"+c.parameters+"}}"), c.want)
	}
}
