package delivery_test

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/component"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestVariableNotSubstituted: kustomize-controller replaces every variable as soon as it has one value, so what is left was written as
// $${GHOST}. Without spec.postBuild a ${GHOST} is text (fluxcd/pkg kustomize v1.35.3 kustomize_varsub.go).
func TestVariableNotSubstituted(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	from := func(optional ...bool) map[string]any {
		list := []any{}
		for _, o := range optional {
			list = append(list, map[string]any{"kind": "ConfigMap", "name": "vars", "optional": o})
		}
		return map[string]any{"substituteFrom": list}
	}
	inline := func(postBuild map[string]any) map[string]any {
		postBuild["substitute"] = map[string]any{"REGION": "eu"}
		return postBuild
	}
	for name, c := range map[string]struct {
		postBuild map[string]any
		disabled  bool // by the annotation of the object
		want      bool
	}{
		"NoPostBuild":         {nil, false, false},
		"NoVariables":         {map[string]any{"substitute": map[string]any{}, "substituteFrom": []any{}}, false, true},
		"OptionalConfigMap":   {from(true), false, true},
		"ConfigMap":           {from(false), false, false},
		"OneIsThere":          {from(true, false), false, false},
		"Inline":              {inline(map[string]any{}), false, false},
		"InlineAndOptional":   {inline(from(true)), false, false},
		"DisabledForAnObject": {from(true), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			workload := w.One("Workload", "")
			w.Set(workload, "hello ${GHOST}", "spec", "container", "command")
			if c.postBuild != nil {
				w.Set(w.One("Kustomization", "-projects"), c.postBuild, "spec", "postBuild")
			}
			if c.disabled {
				workload.Body.SetAnnotations(map[string]string{"kustomize.toolkit.fluxcd.io/substitute": "disabled"})
			}
			got := false
			for _, f := range component.AssessWorkload(w.Component()).Findings {
				got = got || f.Code == trace.CodeVariableNotSubstituted
			}
			if got != c.want {
				t.Errorf("warned %t, want %t", got, c.want)
			}
		})
	}
}
