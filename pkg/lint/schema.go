package lint

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// schema holds OpenChoreo's objects against their definitions, as Flux's dry-run would. What a variable of Flux still stands
// for is not known. What has a finding of its own is not said twice.
func schema(w *world) {
	former := map[facts.Ref]*unstructured.Unstructured{}
	for _, d := range w.Former {
		if d.Ref.Kind != "ComponentRelease" {
			former[d.Ref] = d.Body
		}
	}
	for i := range w.Objects {
		o := &w.Objects[i]
		if o.Ref.Group != kinds.OpenChoreo {
			continue
		}
		if version := o.Body.GroupVersionKind().Version; !w.schemas.Knows(version, o.Ref.Kind) {
			w.report(o, "kind", trace.Error, trace.Finding{
				Code: trace.CodeSchemaInvalid, Message: fmt.Sprintf("OpenChoreo %s has no kind %s in %s", schemas.Version, o.Ref.Kind, o.Body.GetAPIVersion()),
			})
			continue
		}
		w.violations(o, former[o.Ref])
	}
}

func (w *world) violations(o *manifest.Object, before *unstructured.Unstructured) {
	found, err := w.schemas.Check(o.Body, before)
	if err != nil {
		w.err = err
		return
	}
	for _, v := range found {
		if text, ok := v.Value.(string); ok && strings.Contains(text, "${") {
			continue
		}
		if strings.Contains(v.Message, "value and valueFrom are mutually exclusive") {
			continue
		}
		w.report(o, v.Path, trace.Error, trace.Finding{
			Code: trace.CodeSchemaInvalid, Message: v.Message, Hint: "the API server refuses it, and Flux applies nothing of the Kustomization",
		})
	}
}
