// Package request holds the requests that follow from a Snapshot, and sends them. Each object, list and log is requested once.
package request

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// ListLimit is how many objects of a kind that grows with the cluster are read to find a few. An inventory of 200 entries is
// 20 KB, so that 1,000 Kustomizations take seconds. Where there are more, each that is needed is read by its name.
const ListLimit = 100

// ListedKustomizations are all Kustomizations, if they are few.
func ListedKustomizations() facts.Query {
	q := AllKustomizations()
	q.Limit = ListLimit
	return q
}

// AllKustomizations are all of the cluster.
func AllKustomizations() facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization"}
}

// Request is one read of a cluster: exactly one field is set.
type Request struct {
	get    facts.Ref
	list   facts.Query
	search facts.Query // a list, of which a Filter decides what is kept
	log    facts.LogQuery
}

// Set is the Snapshot with the requests that follow from it.
type Set struct {
	*facts.Snapshot
	Namespace, Component string
	Pending              []Request
	Inferred             bool // an object was noted as absent, because a complete list does not have it
}

// New returns the Set of a Snapshot, with no request.
func New(s *facts.Snapshot) *Set {
	return &Set{Snapshot: s, Namespace: s.Subject.Namespace, Component: s.Subject.Component}
}

// Ref names an OpenChoreo object: every reference of a component is resolved in its own namespace.
func (k *Set) Ref(kind, name string) facts.Ref {
	r := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: k.Namespace, Name: name}
	if known, ok := kinds.Lookup(kinds.OpenChoreo, kind); ok && !known.Namespaced {
		r.Namespace = ""
	}
	return r
}

// All are the OpenChoreo objects of a kind in the subject's namespace.
func (k *Set) All(kind string) facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: k.Namespace}
}

// Listed are the same, where they are few.
func (k *Set) Listed(kind string) facts.Query {
	q := k.All(kind)
	q.Limit = ListLimit
	return q
}

// NamesOf are the names of the same.
func (k *Set) NamesOf(kind string) facts.Query {
	q := k.All(kind)
	q.Names = true
	return q
}

// Owned are those of a component, or of a project.
func (k *Set) Owned(kind, owner string) facts.Query {
	q := k.All(kind)
	q.Owner = owner
	return q
}

// RequestObject requests an object. One that is not in a complete list is absent, which is noted as if it had been requested.
func (k *Set) RequestObject(ref facts.Ref) {
	switch {
	case ref.Name == "", k.Object(ref).Outcome != facts.NotAsked, slices.Contains(k.Pending, Request{get: ref}):
	case k.Covered(ref):
		k.Put(facts.Object{Ref: ref, Outcome: facts.Absent})
		k.Inferred = true
	default:
		k.Pending = append(k.Pending, Request{get: ref})
	}
}

// Covered reports whether a complete list shows that ref is absent. An invalid reference is not absent: the Source gets it, and
// refuses it without a request. The list of ProjectReleaseBindings has lost those of other projects.
func (k *Set) Covered(ref facts.Ref) bool {
	if reference.Object(ref) != nil || ref.Kind == "ProjectReleaseBinding" {
		return false
	}
	q := facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind}
	for _, q.Namespace = range []string{ref.Namespace, ""} {
		for _, q.Limit = range []int{0, ListLimit} {
			if l := k.List(q); l.Outcome == facts.Found && !l.Truncated && !k.searched(q) {
				return true
			}
		}
	}
	return false
}

// RequestList requests a list.
func (k *Set) RequestList(q facts.Query) {
	if k.List(q).Outcome == facts.NotAsked && !slices.Contains(k.Pending, Request{list: q}) {
		k.Pending = append(k.Pending, Request{list: q})
	}
}

// RequestSearch requests a list of large objects of which few are kept.
func (k *Set) RequestSearch(q facts.Query) {
	if k.List(q).Outcome == facts.NotAsked && !slices.Contains(k.Pending, Request{search: q}) {
		k.Pending = append(k.Pending, Request{search: q})
	}
}

// searched reports whether q was a search, which keeps a part of the list only, so that it does not show what is absent.
func (k *Set) searched(q facts.Query) bool {
	return q == AllKustomizations() && k.List(ListedKustomizations()).Truncated
}

// RequestLog requests a log.
func (k *Set) RequestLog(q facts.LogQuery) {
	if k.Log(q).Outcome == facts.NotAsked && !slices.Contains(k.Pending, Request{log: q}) {
		k.Pending = append(k.Pending, Request{log: q})
	}
}
