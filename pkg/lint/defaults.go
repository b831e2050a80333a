package lint

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// installed records the types, traits, workflows, environments and the pipeline that OpenChoreo's getting-started guide installs in the
// releases of this repository. Other names of these kinds must be declared.
func installed(w *index) {
	for _, release := range w.versions.used() {
		objects, err := w.schemas.Installed(release)
		if err != nil {
			w.err = err
			return
		}
		for _, o := range objects {
			w.installed[ref(o.Kind, o.Namespace, o.Name)] = o
		}
	}
}

// workloadTypeOf returns the workloadType of a component type; "" if it is not known.
func (w *index) workloadTypeOf(r facts.Ref) string {
	if o := w.find(r); o != nil {
		return kinds.Text(o.Body, "spec", "workloadType")
	}
	if w.declared[r] {
		return "" // in a file that is not applied
	}
	return w.installed[r].WorkloadType
}

// workloadTypes: a Component names its type as workloadType/name, and OpenChoreo refuses it if the type has another workloadType
// (openchoreo v1.2.3 internal/controller/component/controller.go:241).
func workloadTypes(w *index) {
	for _, o := range w.byKind["Component"] {
		want, name, _ := strings.Cut(kinds.Text(o.Body, "spec", "componentType", "name"), "/")
		if strings.Contains(want, "${") {
			continue
		}
		t := kinded(o, trace.CodeInvalidConfiguration, "ComponentType", "spec.componentType")
		componentType := ref(t.kind, o.Ref.Namespace, name)
		has := w.workloadTypeOf(componentType)
		if has == "" || has == want || strings.Contains(has, "${") {
			continue
		}
		w.report(o, t.path, trace.Error, trace.Finding{
			Code: t.code, Message: fmt.Sprintf("%s names its type as %s/%s, but the workloadType of %s is %s", o.Ref, want, name, componentType, has),
			Hint: fmt.Sprintf("write %s/%s", has, name),
		})
	}
}
