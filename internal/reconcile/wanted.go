package reconcile

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// artifactOf is what a source has, in the form in which appliers repeat it; "" for any other object.
func artifactOf(o facts.Object) string { return kinds.Text(o.Body, "status", "artifact", "revision") }

// wanted are the revisions that n may end at: what its source had after it was asked, or has now, where it has moved on.
// Empty for an object without a source, and where the source has nothing.
func (b *book) wanted(n *node) []string {
	ref := engines.All().SourceOf(n.object)
	revisions := []string{artifactOf(b.object(ref))}
	if source := b.byRef[ref]; source != nil {
		revisions = append(revisions, source.artifact)
	}
	return slices.DeleteFunc(revisions, func(r string) bool { return r == "" })
}

// hasWanted reports whether n can be compared with a source at all.
func (b *book) hasWanted(n *node) bool { return len(b.wanted(n)) > 0 }

// has reports whether o, which is n now or before, repeats a revision that is wanted: once tried, and once applied. An object
// without a source has whatever it says; a source that has nothing yet gives nobody anything.
func (b *book) has(n *node, o facts.Object) (attempted, applied bool) {
	if engines.All().SourceOf(n.object).IsZero() {
		return true, true
	}
	return engines.All().Has(o, b.wanted(n))
}

// hadApplied and hasApplied report whether a revision that is wanted was applied before this run, and is now.
func (b *book) hadApplied(n *node) bool { _, applied := b.has(n, n.first); return applied }
func (b *book) hasApplied(n *node) bool { _, applied := b.has(n, n.object); return applied }
