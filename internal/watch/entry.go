package watch

import (
	"context"
	"maps"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// question is the key of a cached object or list. ref is zero for a list.
type question struct {
	ref   facts.Ref
	query facts.Query
}

// oneObject requests ref as a list of one object. Unlike a GET, such a list has a resourceVersion when the object is absent. RBAC
// allows it if the user may list and watch only that name (Kubernetes v1.36
// staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go takes the name from the selector).
func oneObject(ref facts.Ref) question {
	return question{ref: ref, query: facts.Query{
		Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace,
		Fields: fields.OneTermEqualSelector("metadata.name", ref.Name).String(),
	}}
}

// references reports whether the question is for references without bodies.
func (q question) references() bool { return q.query.Owner != "" || q.query.Names }

// answer is the result of a question. The zero value means that no result was read.
type answer struct {
	outcome   facts.Outcome
	reason    string
	truncated bool
	// items holds the objects of a list that was Found. Bodies are nil if the question is for references. A body never changes.
	items map[facts.Ref]*unstructured.Unstructured
}

// differs reports whether b has a different outcome or different items. It ignores the reason, because the error of a broken
// connection differs each time.
func (a answer) differs(b answer) bool {
	return a.outcome != b.outcome || a.truncated != b.truncated || !maps.EqualFunc(a.items, b.items, same)
}

// same compares resourceVersions: every write gives an object a new one.
func same(a, b *unstructured.Unstructured) bool {
	return (a == nil) == (b == nil) && (a == nil || a.GetResourceVersion() == b.GetResourceVersion())
}

// entry is a question with its current answer.
type entry struct {
	question
	cancel context.CancelFunc
	asked  int           // the number of changes when it was last used; guarded by Source.mu
	first  chan struct{} // closed when the first answer is read

	mu     sync.Mutex
	missed bool // a caller timed out before the first answer
	now    answer
}

// replace replaces the answer. It reports whether a caller that has read the old answer must be notified.
func (k *entry) replace(a answer) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := k.now
	k.now = a
	if before.outcome == facts.NotAsked {
		close(k.first)
		return k.missed
	}
	return before.differs(a)
}

// apply applies one change to a list and reports whether the list differs now.
func (k *entry) apply(e kube.Event) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	before, had := k.now.items[e.Object.Ref]
	if e.Object.Outcome != facts.Found {
		delete(k.now.items, e.Object.Ref)
		return had
	}
	body := e.Object.Body
	if k.references() {
		body = nil
	}
	k.now.items[e.Object.Ref] = body
	return !had || !same(before, body)
}

// stopWaiting records that a caller stopped waiting. It reports whether an answer has arrived in the meantime.
func (k *entry) stopWaiting() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.missed = true
	return k.now.outcome != facts.NotAsked
}

// known reports whether the cluster has returned an answer.
func (k *entry) known() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.outcome != facts.NotAsked && k.now.outcome != facts.Unreachable
}

// complete reports whether an object that is not among the items is absent.
func (k *entry) complete() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.outcome == facts.Found && !k.now.truncated && !k.outgrown()
}

// outgrown reports whether the list is longer than its limit. The cluster would return no items then. They are kept because some
// may be deleted later.
func (k *entry) outgrown() bool { return k.query.Limit > 0 && len(k.now.items) > k.query.Limit }

// object returns one object of a list that covers it.
func (k *entry) object(ref facts.Ref) facts.Object {
	kind, _ := kinds.Lookup(ref.Group, ref.Kind)
	at := ref
	if !kind.Namespaced {
		at.Namespace = ""
	}
	k.mu.Lock()
	body, o := k.now.items[at], facts.Object{Ref: ref, Outcome: k.now.outcome, Reason: k.now.reason}
	k.mu.Unlock()
	switch {
	case body != nil:
		o.Body = body.DeepCopy()
	case o.Outcome == facts.Found: // without it: the reason text of a GET
		o.Outcome = facts.Absent
		o.Reason = apierrors.NewNotFound(kind.Resource().GroupResource(), ref.Name).Error()
	}
	return o
}

// list returns the answer to a query, sorted.
func (k *entry) list() (facts.List, []facts.Object) {
	k.mu.Lock()
	now := k.now
	if k.outgrown() {
		now.items, now.truncated = nil, true
	}
	now.items = maps.Clone(now.items)
	k.mu.Unlock()
	l := facts.List{Query: k.query, Outcome: now.outcome, Reason: now.reason, Truncated: now.truncated}
	l.Items = slices.SortedFunc(maps.Keys(now.items), facts.Ref.Compare)
	var objects []facts.Object
	for _, ref := range l.Items {
		if body := now.items[ref]; body != nil {
			objects = append(objects, facts.Object{Ref: ref, Outcome: facts.Found, Body: body.DeepCopy()})
		}
	}
	return l, objects
}

// versionOf returns the resourceVersion of an object, or "" if its body is not cached.
func (k *entry) versionOf(ref facts.Ref) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if body := k.now.items[ref]; body != nil {
		return body.GetResourceVersion()
	}
	return ""
}
