package references

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// installed records the types, traits, workflows, environments and the pipeline that OpenChoreo's getting-started guide installs in the
// releases of this repository. Other names of these kinds must be declared.
func installed(ix *index.Index) {
	for _, release := range ix.Versions.Used() {
		objects, err := ix.Schemas.Installed(release)
		if err != nil {
			ix.Err = err
			return
		}
		for _, o := range objects {
			ix.Installed[index.Ref(o.Kind, o.Namespace, o.Name)] = o
		}
	}
}

// workloadTypeOf returns the workloadType of a component type; "" if it is not known.
func workloadTypeOf(ix *index.Index, r facts.Ref) string {
	if o := ix.Find(r); o != nil {
		return kinds.Text(o.Body, "spec", "workloadType")
	}
	if ix.DeclaredRefs[r] {
		return "" // in a file that is not applied
	}
	return ix.Installed[r].WorkloadType
}

// workloadTypes: a Component names its type as workloadType/name, and OpenChoreo refuses it if the type has another workloadType
// (openchoreo v1.2.3 internal/controller/component/controller.go:241).
func workloadTypes(ix *index.Index) {
	for _, o := range ix.ByKind["Component"] {
		want, name, _ := strings.Cut(kinds.Text(o.Body, "spec", "componentType", "name"), "/")
		if strings.Contains(want, "${") {
			continue
		}
		t := kinded(o, trace.CodeInvalidConfiguration, "ComponentType", "spec.componentType")
		componentType := index.Ref(t.kind, o.Ref.Namespace, name)
		has := workloadTypeOf(ix, componentType)
		if has == "" || has == want || strings.Contains(has, "${") {
			continue
		}
		ix.Report(o, t.path, trace.Error, trace.Finding{
			Code: t.code, Message: fmt.Sprintf("%s names its type as %s/%s, but the workloadType of %s is %s", o.Ref, want, name, componentType, has),
			Hint: fmt.Sprintf("write %s/%s", has, name),
		})
	}
}
