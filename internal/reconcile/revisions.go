package reconcile

import (
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// revisions compares the objects with the revisions that they should have.
type revisions struct{ *tracker }

// artifactOf is what a source has, in the form in which appliers repeat it; "" for any other object.
func artifactOf(o facts.Object) string { return kinds.Text(o.Body, "status", "artifact", "revision") }

// wanted are the revisions that n may have at the end: that of its source after the request, or its present one. Empty for an
// object without a source, and if the source has no artifact.
func (r revisions) wanted(n *node) []string {
	ref := engines.All().SourceOf(n.object)
	revisions := []string{artifactOf(r.object(ref))}
	if source := r.byRef[ref]; source != nil {
		revisions = append(revisions, source.artifact)
	}
	return slices.DeleteFunc(revisions, func(r string) bool { return r == "" })
}

// hasWanted reports whether n can be compared with a source at all.
func (r revisions) hasWanted(n *node) bool { return len(r.wanted(n)) > 0 }

// has reports whether o, which is n now or before, has a revision that is wanted: attempted, and applied. An object without a
// source always has; of a source without an artifact nothing has.
func (r revisions) has(n *node, o facts.Object) (attempted, applied bool) {
	if engines.All().SourceOf(n.object).IsZero() {
		return true, true
	}
	return engines.All().Has(o, r.wanted(n))
}

// hadApplied and hasApplied report whether a revision that is wanted was applied before this run, and is now.
func (r revisions) hadApplied(n *node) bool { _, applied := r.has(n, n.first); return applied }
func (r revisions) hasApplied(n *node) bool { _, applied := r.has(n, n.object); return applied }

// isCurrent reports whether an applier was as wanted before this run, and still is, and nothing before it in this run can have
// changed it.
func (r revisions) isCurrent(n *node) bool {
	return !r.options.Full && !n.retry && !engines.All().Properties(n.ref).Fetches && r.parentsUnchanged(n) && r.hadApplied(n) && r.succeeded(n)
}

// succeeded reports whether an object without a request of ours proves success: Ready for its newest generation, with the
// revision of its source, and no run under way.
func (r revisions) succeeded(n *node) bool {
	return kinds.ConditionOf(n.object.Body, meta.ReadyCondition).True() && kinds.Observed(n.object.Body) &&
		!kinds.ConditionOf(n.object.Body, meta.ReconcilingCondition).True() && r.hasApplied(n)
}

// parentsUnchanged reports whether no parent ran: one that did may have changed n so recently that this was not seen yet.
func (r revisions) parentsUnchanged(n *node) bool {
	return !slices.ContainsFunc(n.neededFor(plan.Parent), func(ref facts.Ref) bool { return r.byRef[ref].state == Done })
}

// hasAttempted reports whether n's controller reconciles the wanted revision, or has. It writes the field only after it has
// fetched the artifact, but names the revision before (kustomize-controller v1.9.3 kustomization_controller.go:331).
func (r revisions) hasAttempted(n *node) bool {
	attempted, _ := r.has(n, n.object)
	return attempted || (kinds.Running(n.object.Body) && slices.ContainsFunc(r.wanted(n), func(revision string) bool {
		return strings.Contains(phase(n.object), " "+revision+" ")
	}))
}

// isBehind reports whether n did not have the wanted revision when this run began, so that it is a change to have it. With
// Options.Full, it must not even have been attempted.
func (r revisions) isBehind(n *node) bool {
	if !r.hasWanted(n) {
		return false
	}
	attempted, applied := r.has(n, n.first)
	if kinds.Running(n.first.Body) && !r.options.Full {
		return !applied
	}
	return !attempted
}

// runsAfterDependencies reports whether a run without a request is sure to have started after the dependencies of n were done:
// either none has changed, or all are of the same source, which the controller itself compares (kustomize-controller v1.9.3
// kustomization_controller.go, checkDependencies).
func (r revisions) runsAfterDependencies(n *node) bool {
	return !slices.ContainsFunc(n.neededFor(plan.Dependency), func(ref facts.Ref) bool {
		other := r.byRef[ref]
		return other.state != Current && (!engines.All().Properties(n.ref).ComparesDependencies || engines.All().SourceOf(other.object) != engines.All().SourceOf(n.object))
	})
}

// isNotBackingOff reports whether n's controller cannot have found a dependency that is not ready when the event came: in that
// case it retries only after an interval.
func (r revisions) isNotBackingOff(n *node) bool {
	return !slices.ContainsFunc(n.neededFor(plan.Dependency), func(ref facts.Ref) bool { return r.byRef[ref].state != Current })
}

// runningDependencies are the dependencies that are done but reconciled again: a request would find them not ready, and back
// off. That is not waited for long: if another client triggers them all the time, there is no better moment.
func (r revisions) runningDependencies(n *node) []facts.Ref {
	return slices.DeleteFunc(n.neededFor(plan.Dependency), func(ref facts.Ref) bool { return !kinds.Running(r.byRef[ref].object.Body) })
}
