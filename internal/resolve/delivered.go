package resolve

import (
	"context"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ofDeliverer returns the components that an object applies, or that are applied from it if it is a source.
func (r resolving) ofDeliverer(ctx context.Context, o facts.Object) ([]facts.Subject, error) {
	appliers := []facts.Object{o}
	if !engines.All().Properties(o.Ref).Applies {
		var err error
		if appliers, err = r.appliedFrom(ctx, o.Ref); err != nil {
			return nil, err
		}
	}
	var applied []facts.Ref
	for _, a := range appliers {
		applied = append(applied, engines.All().Inventory(a)...)
	}
	return r.ofInventory(ctx, applied)
}

// appliedFrom returns the objects that apply what a source has fetched.
func (r resolving) appliedFrom(ctx context.Context, source facts.Ref) ([]facts.Object, error) {
	var appliers []facts.Object
	for _, q := range engines.All().Listed() {
		all, err := r.list(ctx, q.Group, q.Kind, "")
		if err != nil {
			return nil, err
		}
		for _, o := range all {
			if slices.Contains(engines.All().Sources(o), source) {
				appliers = append(appliers, o)
			}
		}
	}
	return appliers, nil
}

// ofInventory returns the components among applied objects, and those of applied Workloads and ReleaseBindings: these may be applied
// apart from their Component.
func (r resolving) ofInventory(ctx context.Context, applied []facts.Ref) ([]facts.Subject, error) {
	var subjects []facts.Subject
	owners := map[facts.Query][]facts.Ref{}
	for _, ref := range applied {
		switch {
		case ref.Group != kinds.OpenChoreo:
		case ref.Kind == "Component":
			subjects = append(subjects, in("", ref.Namespace, ref.Name))
		case ref.Kind == "Workload", ref.Kind == "ReleaseBinding":
			q := facts.Query{Kind: ref.Kind, Namespace: ref.Namespace}
			owners[q] = append(owners[q], ref)
		}
	}
	for q, refs := range owners {
		objects, err := r.list(ctx, kinds.OpenChoreo, q.Kind, q.Namespace)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if component := kinds.Text(o.Body, "spec", "owner", "componentName"); component != "" && slices.Contains(refs, o.Ref) {
				subjects = append(subjects, in("", o.Ref.Namespace, component))
			}
		}
	}
	return subjects, nil
}
