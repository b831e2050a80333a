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

// question is one thing that is kept. ref is zero for a list.
type question struct {
	ref   facts.Ref
	query facts.Query
}

// oneObject asks for ref as a list of one: unlike a GET, that has a resourceVersion where the object is absent, and RBAC
// allows it to those who may list and watch that name only (Kubernetes v1.36
// staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go takes the name from the selector).
func oneObject(ref facts.Ref) question {
	return question{ref: ref, query: facts.Query{
		Plane: ref.Plane, Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace,
		Fields: fields.OneTermEqualSelector("metadata.name", ref.Name).String(),
	}}
}

// references reports whether the question is for references alone.
func (q question) references() bool { return q.query.Owner != "" || q.query.Names }

// answer is what the cluster says to a question. The zero value is none.
type answer struct {
	outcome   facts.Outcome
	reason    string
	truncated bool
	// items, of a list that was Found: bodies are nil where the question is for references. A body never changes.
	items map[facts.Ref]*unstructured.Unstructured
}

// differs reports whether b says something else. Reasons do not count: those of a broken connection differ each time.
func (a answer) differs(b answer) bool {
	return a.outcome != b.outcome || a.truncated != b.truncated || !maps.EqualFunc(a.items, b.items, same)
}

// same: every write gives an object another resourceVersion.
func same(a, b *unstructured.Unstructured) bool {
	return (a == nil) == (b == nil) && (a == nil || a.GetResourceVersion() == b.GetResourceVersion())
}

// entry is a question with its answer.
type entry struct {
	question
	cancel context.CancelFunc
	asked  int           // the number of changes when it was last asked; guarded by Source.mu
	first  chan struct{} // closed when there is an answer

	mu     sync.Mutex
	missed bool // someone went away without an answer
	now    answer
}

// replace replaces the answer, and reports whether someone who has asked must hear of it.
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

// apply brings a list up to date with one change, and reports whether that made it another one.
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

// stopWaiting says that someone waits no longer, and reports whether there is an answer after all.
func (k *entry) stopWaiting() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.missed = true
	return k.now.outcome != facts.NotAsked
}

// known reports whether the cluster has answered.
func (k *entry) known() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.outcome != facts.NotAsked && k.now.outcome != facts.Unreachable
}

// complete reports whether what is not among the items is absent.
func (k *entry) complete() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now.outcome == facts.Found && !k.now.truncated && !k.outgrown()
}

// outgrown reports whether the list has become longer than its limit. The cluster would give no items then. They are kept:
// some may go again.
func (k *entry) outgrown() bool { return k.query.Limit > 0 && len(k.now.items) > k.query.Limit }

// object is the answer for one object of a list that covers it.
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
	case o.Outcome == facts.Found: // without it: the words of a GET
		o.Outcome = facts.Absent
		o.Reason = apierrors.NewNotFound(kind.Resource().GroupResource(), ref.Name).Error()
	}
	return o
}

// list is the answer to a query, sorted.
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

// versionOf is the resourceVersion of an object, "" where it is not kept with its body.
func (k *entry) versionOf(ref facts.Ref) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if body := k.now.items[ref]; body != nil {
		return body.GetResourceVersion()
	}
	return ""
}
