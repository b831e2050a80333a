package changes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// creationTime is how long after its creation a spec still belongs to it: managedFields and creationTimestamp are in whole seconds.
const creationTime = 2 * time.Second

// edits are the objects from the top of the ladder down to the failure whose spec a person, or an applier, has changed shortly before. What
// an applier changed of the component itself is left out if a commit or a rollout explains it, and of other objects if the failure does not
// name them: an Environment is applied again for many reasons.
func (b finder) edits(explained bool) []trace.PriorChange {
	var all []trace.PriorChange
	for _, ref := range b.above() {
		o := b.Object(ref)
		manager, at := facts.SpecSetBy(o.Body)
		created := view.CreatedAt(o)
		if manager == "" || !b.recent(at) || created.IsZero() || at.Sub(created) <= creationTime || b.isController(manager) {
			continue
		}
		applied := b.Engines.IsFieldManager(manager)
		fields := b.causing(ref, facts.SpecManagers(o.Body)[manager])
		if !applied && fields != nil && len(fields) == 0 {
			continue
		}
		if applied && (explained && isOwn(ref) || !isOwn(ref) && !b.isNamed(ref) || b.writesItself(ref, manager)) {
			continue
		}
		all = append(all, b.change(trace.PriorChange{
			Kind: trace.ChangeEdit, Object: ref, At: at, Source: "metadata.managedFields[" + manager + "] of " + ref.String(), Manager: manager,
			Message: editWords(o, manager, applied, fields),
		}))
	}
	return append(all, b.binding(explained, all)...)
}

// binding is a change of the ReleaseBinding that only its status shows: managedFields may have been left out.
func (b finder) binding(explained bool, edits []trace.PriorChange) []trace.PriorChange {
	if b.environment == nil || explained {
		return nil
	}
	o := b.environment.Binding
	at := kinds.Time(o.Body, "status", "lastSpecUpdateTime")
	observed, _ := kinds.Number(o.Body, "status", "observedGeneration")
	isKnown := slices.ContainsFunc(edits, func(c trace.PriorChange) bool { return c.Object == o.Ref })
	if o.Body == nil || isKnown || observed != o.Body.GetGeneration() || !b.recent(at) || at.Sub(view.CreatedAt(o)) <= creationTime {
		return nil
	}
	message := fmt.Sprintf("the spec of %s", o.Ref)
	if release := b.environment.ReleaseName(); release != "" {
		message += ", which pins release " + release
	}
	return []trace.PriorChange{b.change(trace.PriorChange{
		Kind: trace.ChangeEdit, Object: o.Ref, At: at, Source: "status.lastSpecUpdateTime of " + o.Ref.String(), Message: message,
	})}
}

// writesItself reports whether the controller of a delivering object writes the spec of that object, as Argo CD does at each comparison.
func (b finder) writesItself(ref facts.Ref, manager string) bool {
	e, delivers := b.Engines.Of(ref)
	own := ""
	if delivers {
		own = e.Properties().FieldManager
	}
	return own != "" && strings.HasPrefix(manager, own)
}

// editWords is what a field manager did to an object.
func editWords(o facts.Object, manager string, applied bool, fields []string) string {
	what := "the spec"
	if len(fields) > 0 && !applied {
		what = strings.Join(fields[:min(len(fields), maxShown)], ", ")
		if more := len(fields) - maxShown; more > 0 {
			what += fmt.Sprintf(" and %d more fields", more)
		}
	}
	if applied {
		return fmt.Sprintf("field manager %s applied a change of %s", manager, o.Ref)
	}
	return fmt.Sprintf("field manager %s set %s of %s", manager, what, o.Ref)
}

// isOwn reports whether an object is one of those that a commit of the component changes.
func isOwn(ref facts.Ref) bool {
	return slices.Contains([]string{"Component", "Workload", "ReleaseBinding"}, ref.Kind)
}

// isController reports whether the name of a field manager is that of a controller, which writes specs without a person. An applier is none: a
// person has written what it applies.
func (b finder) isController(manager string) bool {
	return !b.Engines.IsFieldManager(manager) &&
		slices.ContainsFunc([]string{"controller", "operator", "manager", "autoscaler", "scheduler", "webhook", "injector", "openchoreo"}, func(word string) bool {
			return strings.Contains(strings.ToLower(manager), word)
		})
}

// isNamed reports whether the failure is of an object, or its path leads to it.
func (b finder) isNamed(ref facts.Ref) bool {
	return ref == b.failure.Object || slices.Contains(b.failure.Path, ref)
}

// above are the objects of the rungs down to the failure, and those that the failure names.
func (b finder) above() []facts.Ref {
	refs := append([]facts.Ref{b.failure.Object}, b.failure.Path...)
	add := func(rungs []trace.Rung) (ends bool) {
		for _, r := range rungs {
			refs = append(refs, r.Object)
			for _, part := range r.Parts {
				refs = append(refs, part.Object)
			}
			if r.ID == b.failure.Rung {
				return true
			}
		}
		return false
	}
	if ended := add(b.trace.Rungs); !ended && b.environment != nil {
		for _, e := range b.trace.Environments {
			if e.Name == b.environment.Name {
				add(e.Rungs)
			}
		}
	}
	slices.SortFunc(refs, facts.Ref.Compare)
	return slices.DeleteFunc(slices.Compact(refs), func(ref facts.Ref) bool {
		return ref.IsZero() || ref.Kind == "Pod" || ref.Kind == "ReplicaSet" || ref.Group == kinds.Core && ref.Kind == "Node"
	})
}
