package collect

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// listLimit is how many objects of a kind that grows with the cluster are read to find a few. An inventory of 200 entries is
// 20 KB, so that 1,000 Kustomizations take seconds. Where there are more, each that is needed is read by its name.
const listLimit = 100

// listedKustomizations are all Kustomizations, if they are few.
func listedKustomizations() facts.Query {
	q := allKustomizations()
	q.Limit = listLimit
	return q
}

func allKustomizations() facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization"}
}

// request is one read of a cluster: exactly one field is set.
type request struct {
	get    facts.Ref
	list   facts.Query
	search facts.Query // a list, of which listFilter says what is kept
	log    facts.LogQuery
}

// requests is the Snapshot with the requests that follow from it.
type requests struct {
	*facts.Snapshot
	namespace, component string
	pending              []request
	inferred             bool // an object was noted as absent, because a complete list does not have it
}

func newRequests(s *facts.Snapshot) *requests {
	return &requests{Snapshot: s, namespace: s.Subject.Namespace, component: s.Subject.Component}
}

// ref names an OpenChoreo object: every reference of a component is resolved in its own namespace.
func (k *requests) ref(kind, name string) facts.Ref {
	r := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: k.namespace, Name: name}
	if known, ok := kinds.Lookup(kinds.OpenChoreo, kind); ok && !known.Namespaced {
		r.Namespace = ""
	}
	return r
}

// all are the OpenChoreo objects of a kind in the subject's namespace.
func (k *requests) all(kind string) facts.Query {
	return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: k.namespace}
}

// listed are the same, where they are few.
func (k *requests) listed(kind string) facts.Query {
	q := k.all(kind)
	q.Limit = listLimit
	return q
}

// namesOf are the names of the same.
func (k *requests) namesOf(kind string) facts.Query {
	q := k.all(kind)
	q.Names = true
	return q
}

// owned are those of a component, or of a project.
func (k *requests) owned(kind, owner string) facts.Query {
	q := k.all(kind)
	q.Owner = owner
	return q
}

// get requests an object. One that is not in a complete list is absent, which is noted as if it had been requested.
func (k *requests) get(ref facts.Ref) {
	switch {
	case ref.Name == "", k.Object(ref).Outcome != facts.NotAsked, slices.Contains(k.pending, request{get: ref}):
	case k.covered(ref):
		k.Put(facts.Object{Ref: ref, Outcome: facts.Absent})
		k.inferred = true
	default:
		k.pending = append(k.pending, request{get: ref})
	}
}

// covered reports whether a complete list shows that ref is absent. An invalid reference is not absent: the Source gets it, and
// refuses it without a request. The list of ProjectReleaseBindings has lost those of other projects.
func (k *requests) covered(ref facts.Ref) bool {
	if reference.Object(ref) != nil || ref.Kind == "ProjectReleaseBinding" {
		return false
	}
	q := facts.Query{Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind}
	for _, q.Namespace = range []string{ref.Namespace, ""} {
		for _, q.Limit = range []int{0, listLimit} {
			if l := k.List(q); l.Outcome == facts.Found && !l.Truncated && !k.searched(q) {
				return true
			}
		}
	}
	return false
}

func (k *requests) list(q facts.Query) {
	if k.List(q).Outcome == facts.NotAsked && !slices.Contains(k.pending, request{list: q}) {
		k.pending = append(k.pending, request{list: q})
	}
}

// search requests a list of large objects of which few are kept.
func (k *requests) search(q facts.Query) {
	if k.List(q).Outcome == facts.NotAsked && !slices.Contains(k.pending, request{search: q}) {
		k.pending = append(k.pending, request{search: q})
	}
}

// searched reports whether q was a search, which keeps a part of the list only, so that it does not show what is absent.
func (k *requests) searched(q facts.Query) bool {
	return q == allKustomizations() && k.List(listedKustomizations()).Truncated
}

func (k *requests) log(q facts.LogQuery) {
	if k.Log(q).Outcome == facts.NotAsked && !slices.Contains(k.pending, request{log: q}) {
		k.pending = append(k.pending, request{log: q})
	}
}
