package lint

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// schema holds OpenChoreo's objects against their definitions, as Flux's dry-run would. What a variable of Flux still stands
// for is not known. What has a finding of its own is not said twice.
func schema(w *index) {
	former := map[facts.Ref]*unstructured.Unstructured{}
	for _, d := range w.Former {
		if d.Ref.Kind != "ComponentRelease" {
			former[d.Ref] = d.Body
		}
	}
	found, errs := make([][]schemas.Violation, len(w.Objects)), make([]error, len(w.Objects))
	var hands errgroup.Group
	hands.SetLimit(runtime.GOMAXPROCS(0))
	for i, o := range w.Objects {
		if o.Ref.Group == kinds.OpenChoreo && w.schemas.Knows(o.Body.GroupVersionKind().Version, o.Ref.Kind) {
			hands.Go(func() error {
				found[i], errs[i] = w.schemas.Check(o.Body, former[o.Ref])
				return nil
			})
		}
	}
	_ = hands.Wait() // the errors are in errs
	w.err = errors.Join(errs...)
	for i := range w.Objects {
		w.unknownKind(&w.Objects[i])
		for _, v := range found[i] {
			w.violation(&w.Objects[i], v)
		}
	}
}

func (w *index) unknownKind(o *manifest.Object) {
	if o.Ref.Group == kinds.OpenChoreo && !w.schemas.Knows(o.Body.GroupVersionKind().Version, o.Ref.Kind) {
		w.report(o, "kind", trace.Error, trace.Finding{
			Code: trace.CodeSchemaViolation, Message: fmt.Sprintf("OpenChoreo %s has no kind %s in %s", schemas.Version, o.Ref.Kind, o.Body.GetAPIVersion()),
		})
	}
}

func (w *index) violation(o *manifest.Object, v schemas.Violation) {
	if text, ok := v.Value.(string); ok && strings.Contains(text, "${") {
		return
	}
	if strings.Contains(v.Message, "value and valueFrom are mutually exclusive") {
		return
	}
	hint := "the API server refuses it"
	if w.flux {
		hint += ", and Flux applies nothing of the Kustomization"
	}
	w.report(o, v.Path, trace.Error, trace.Finding{Code: trace.CodeSchemaViolation, Message: v.Message, Hint: hint})
}
