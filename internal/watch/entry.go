package watch

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// cacheKey is the key of a cached object or list. ref is zero for a list.
type cacheKey struct {
	ref   facts.Ref
	query facts.Query
}

// oneObject requests ref as a list of one object. Unlike a GET, such a list has a resourceVersion when the object is absent. RBAC
// allows it if the user may list and watch only that name (Kubernetes v1.36
// staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go takes the name from the selector).
func oneObject(ref facts.Ref) cacheKey {
	return cacheKey{ref: ref, query: facts.Query{
		Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace,
		Fields: fields.OneTermEqualSelector("metadata.name", ref.Name).String(),
	}}
}

// referencesOnly reports whether the list has references without bodies.
func (q cacheKey) referencesOnly() bool { return q.query.Owner != "" || q.query.Names }

// result is an object or a list, or why it could not be read. The zero value means that no result was read.
type result struct {
	outcome   facts.Outcome
	reason    string
	truncated bool
	// items holds the objects of a list that was Found. They are zero if the list has references only.
	items map[facts.Ref]item
}

// item is a cached object, unparsed: decoded into maps, the objects of a fleet would take about ten times the memory.
type item struct{ version, json string }

// itemOf returns an object as it is cached.
func itemOf(e facts.Encoded) item { return item{e.Text("metadata", "resourceVersion"), e.JSON} }

// encode returns an object as the API server could have sent it. One that cannot be written is Unreachable when it is decoded.
func encode(o facts.Object) facts.Encoded {
	text, err := json.Marshal(o.Body.Object)
	if err != nil {
		return facts.Encoded{Ref: o.Ref}
	}
	return facts.Encoded{Ref: o.Ref, JSON: string(text)}
}

// differs reports whether b has a different outcome or different items. It ignores the reason, because the error of a broken
// connection differs each time.
func (a result) differs(b result) bool {
	return a.outcome != b.outcome || a.truncated != b.truncated || !maps.EqualFunc(a.items, b.items, sameVersion)
}

// sameVersion compares resourceVersions: every write gives an object a new one.
func sameVersion(a, b item) bool { return a.version == b.version }

// entry is a cached object or list with its current result.
type entry struct {
	cacheKey
	cancel   context.CancelFunc
	lastUsed int           // the number of changes when it was last used; guarded by Source.mu
	ready    chan struct{} // closed when the first result is read

	mu       sync.Mutex
	timedOut bool // a caller timed out before the first result
	current  result
}

// replace replaces the result. It reports whether a caller that has read the old result must be notified.
func (e *entry) replace(a result) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.current
	e.current = a
	if before.outcome == facts.NotAsked {
		close(e.ready)
		return e.timedOut
	}
	return before.differs(a)
}

// apply applies one change to a list and reports whether the list differs now.
func (e *entry) apply(ev kube.Event) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	before, had := e.current.items[ev.Object.Ref]
	if ev.Object.Outcome != facts.Found {
		delete(e.current.items, ev.Object.Ref)
		return had
	}
	var now item
	if !e.referencesOnly() {
		now = itemOf(encode(ev.Object))
	}
	e.current.items[ev.Object.Ref] = now
	return !had || !sameVersion(before, now)
}

// stopWaiting records that a caller stopped waiting. It reports whether a result has arrived in the meantime.
func (e *entry) stopWaiting() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.timedOut = true
	return e.current.outcome != facts.NotAsked
}

// hasResult reports whether the cluster has returned a result.
func (e *entry) hasResult() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.current.outcome != facts.NotAsked && e.current.outcome != facts.Unreachable
}

// complete reports whether an object that is not among the items is absent.
func (e *entry) complete() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.current.outcome == facts.Found && !e.current.truncated && !e.exceedsLimit()
}

// exceedsLimit reports whether the list is longer than its limit. The cluster would return no items then. They are kept because some
// may be deleted later.
func (e *entry) exceedsLimit() bool { return e.query.Limit > 0 && len(e.current.items) > e.query.Limit }

// object returns one object of a list that covers it.
func (e *entry) object(ref facts.Ref) facts.Object {
	kind, _ := kinds.Lookup(ref.Group, ref.Kind)
	at := ref
	if !kind.Namespaced {
		at.Namespace = ""
	}
	e.mu.Lock()
	cached, o := e.current.items[at], facts.Object{Ref: ref, Outcome: e.current.outcome, Reason: e.current.reason}
	e.mu.Unlock()
	switch {
	case cached.json != "":
		o = facts.Encoded{Ref: ref, JSON: cached.json}.Object()
	case o.Outcome == facts.Found: // without it: the reason text of a GET
		o.Outcome = facts.Absent
		o.Reason = apierrors.NewNotFound(kind.Resource().GroupResource(), ref.Name).Error()
	}
	return o
}

// list returns the result of a query, sorted.
func (e *entry) list() (facts.List, []facts.Object) {
	l, all := e.encoded()
	var objects []facts.Object
	for _, one := range all {
		objects = append(objects, one.Object())
	}
	return l, objects
}

// encoded returns the result of a query, sorted, with unparsed objects.
func (e *entry) encoded() (facts.List, []facts.Encoded) {
	e.mu.Lock()
	now := e.current
	if e.exceedsLimit() {
		now.items, now.truncated = nil, true
	}
	now.items = maps.Clone(now.items)
	e.mu.Unlock()
	l := facts.List{Query: e.query, Outcome: now.outcome, Reason: now.reason, Truncated: now.truncated}
	l.Items = slices.SortedFunc(maps.Keys(now.items), facts.Ref.Compare)
	var objects []facts.Encoded
	for _, ref := range l.Items {
		if one := now.items[ref]; one.json != "" {
			objects = append(objects, facts.Encoded{Ref: ref, JSON: one.json})
		}
	}
	return l, objects
}

// versionOf returns the resourceVersion of an object, or "" if it is not cached.
func (e *entry) versionOf(ref facts.Ref) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.current.items[ref].version
}
