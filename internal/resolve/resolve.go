// Package resolve finds the components of OpenChoreo that an object belongs to: by its labels, by the owner in its spec, by its
// owner references, or because it delivers them.
package resolve

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Result is what an object leads to. The zero value leads nowhere.
type Result struct {
	Object facts.Object
	// Subjects are the components, sorted. Each has the environment that the object belongs to, if it belongs to one.
	Subjects []facts.Subject
	// AppliedBy is what delivers the object, if its labels name it.
	AppliedBy []facts.Ref
}

// resolving is one search, which reads from source.
type resolving struct {
	source facts.Source
}

// Components finds the components that an object belongs to, or that it delivers. It fails if an object on the way cannot be read. An
// object that is not OpenChoreo's has none.
func Components(ctx context.Context, source facts.Source, o facts.Object) (Result, error) {
	r := resolving{source}
	subjects, err := r.subjects(ctx, o)
	if err != nil {
		return Result{}, err
	}
	for _, s := range subjects {
		if err := check(s); err != nil {
			return Result{}, fmt.Errorf("cannot use the owner of %s: %w", o.Ref, err)
		}
	}
	return Result{Object: o, Subjects: unite(subjects), AppliedBy: engines.All().AppliedBy(o)}, nil
}

func compare(a, b facts.Subject) int {
	if order := strings.Compare(a.Namespace, b.Namespace); order != 0 {
		return order
	}
	return strings.Compare(a.Component, b.Component)
}

// check rejects names that are invalid for any object: labels and specs are untrusted.
func check(s facts.Subject) error {
	if err := reference.Namespace(s.Namespace); err != nil {
		return err
	}
	for _, name := range append([]string{s.Component}, s.Environments...) {
		if err := reference.Name(name); err != nil {
			return err
		}
	}
	return nil
}

func (r resolving) subjects(ctx context.Context, o facts.Object) ([]facts.Subject, error) {
	switch {
	case o.Ref.Group == kinds.OpenChoreo:
		return r.ofOpenChoreo(ctx, o)
	case labelled(o, kinds.LabelComponent):
		return []facts.Subject{subject(o.Ref.Namespace, labels(o))}, nil
	case labelled(o, kinds.LabelProject):
		return r.ofProject(ctx, labels(o)[kinds.LabelNamespace], labels(o)[kinds.LabelProject], labels(o)[kinds.LabelEnvironment])
	}
	if _, delivers := engines.All().Of(o.Ref); delivers {
		return r.ofDeliverer(ctx, o)
	}
	return r.ofOwner(ctx, o)
}

func labels(o facts.Object) map[string]string {
	if o.Body == nil {
		return nil
	}
	return o.Body.GetLabels()
}

// labelled reports whether OpenChoreo has set a label: only with the namespace of the control plane does it lead anywhere.
func labelled(o facts.Object, key string) bool {
	return labels(o)[key] != "" && labels(o)[kinds.LabelNamespace] != ""
}

// subject is the component that the labels of an object name (openchoreo v1.2.3
// internal/controller/releasebinding/controller.go, the labels of what a RenderedRelease applies).
func subject(namespace string, labels map[string]string) facts.Subject {
	s := facts.Subject{Namespace: namespace, Component: labels[kinds.LabelComponent]}
	if of := labels[kinds.LabelNamespace]; of != "" {
		s.Namespace = of
	}
	if environment := labels[kinds.LabelEnvironment]; environment != "" {
		s.Environments = []string{environment}
	}
	return s
}

// Join unites the components of several objects. Object and AppliedBy are those of the first. A component is seen in the environments of
// all its objects, in all of them if one object belongs to no environment.
func Join(all []Result) Result {
	if len(all) == 0 {
		return Result{}
	}
	joined := all[0]
	for _, r := range all[1:] {
		joined.Subjects = append(joined.Subjects, r.Subjects...)
	}
	joined.Subjects = unite(joined.Subjects)
	return joined
}

// unite sorts subjects, and makes one of those of the same component.
func unite(subjects []facts.Subject) []facts.Subject {
	slices.SortStableFunc(subjects, compare)
	var united []facts.Subject
	for _, s := range subjects {
		if len(united) == 0 || compare(united[len(united)-1], s) != 0 {
			united = append(united, s)
			continue
		}
		last := &united[len(united)-1]
		if len(s.Environments) == 0 || len(last.Environments) == 0 {
			last.Environments = nil
			continue
		}
		environments := append(slices.Clone(last.Environments), s.Environments...)
		slices.Sort(environments)
		last.Environments = slices.Compact(environments)
	}
	return united
}
