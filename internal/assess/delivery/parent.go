package delivery

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// nameParent adds to the hint of a failure in the spec of a delivering object where that spec comes from: what applies the object, or that
// no label shows it.
func nameParent(v *view.Component, j *result.Result, o facts.Object) {
	if j.State != trace.Failed || o.Outcome != facts.Found {
		return
	}
	for i := range j.Findings {
		f := &j.Findings[i]
		if f.Severity != trace.Error || f.Object != o.Ref || !isInSpec(f.Hint) {
			continue
		}
		f.Hint = withParent(v, o, f.Hint)
	}
}

// withParent is a hint about the spec of an object with where that spec comes from. An object without a label may be in no repository.
func withParent(v *view.Component, o facts.Object, hint string) string {
	parent := parentOf(v, o)
	if !parent.IsZero() && strings.Contains(hint, parent.String()) {
		return hint
	}
	if parent.IsZero() {
		hint = strings.ReplaceAll(hint, " in Git", "")
	}
	return hint + "; " + parentSentence(v, o)
}

// parentSentence names what applies an object, or says that nothing shows it.
func parentSentence(v *view.Component, o facts.Object) string {
	parent := parentOf(v, o)
	switch {
	case parent.IsZero():
		return fmt.Sprintf("no label of this %s shows what applies it, so change its spec in the cluster, or where you apply it from", o.Ref.Kind)
	case v.Engines.SourceOf(v.Object(parent)) == o.Ref:
		return fmt.Sprintf("%s applies this %s from this same source, so no commit arrives: change its spec in the cluster as well", parent, o.Ref.Kind)
	}
	return fmt.Sprintf("%s applies this %s%s", parent, o.Ref.Kind, fromFolder(v.Object(parent)))
}

// isInSpec reports whether a hint names a field of the object to correct. A missing right is not in it.
func isInSpec(hint string) bool {
	return (strings.Contains(hint, "orrect spec.") || strings.Contains(hint, "orrect its spec")) && !strings.Contains(hint, "RoleBinding")
}

func parentOf(v *view.Component, o facts.Object) facts.Ref {
	for _, ref := range v.Engines.AppliedBy(o) {
		return ref
	}
	return facts.Ref{}
}

// fromFolder names the folder that a Kustomization applies.
func fromFolder(parent facts.Object) string {
	if path := kinds.Text(parent.Body, "spec", "path"); path != "" {
		return " from " + path
	}
	return ""
}
