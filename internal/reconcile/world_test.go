package reconcile

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// world is a cluster in memory, in which source-controller and kustomize-controller behave as in v1.9.3: they acknowledge at
// the end of a run the annotation that they found at its beginning, write conditions before the status, have one run of an
// object at a time, and sleep where a dependency is unready. It runs on the clock of a synctest bubble.
type world struct {
	mu      sync.Mutex
	objects map[facts.Ref]*unstructured.Unstructured
	counter int
	changed chan struct{}
	writes  []written
	hosts   map[facts.Ref]*hosted
	stopped bool
	refused error // of every write
	after   func(ref facts.Ref, value string)
}

type written struct {
	at    time.Time
	ref   facts.Ref
	value string
}

// hosted is how a controller treats one object.
type hosted struct {
	upstream string        // what a source finds
	takes    time.Duration // a run
	checks   time.Duration // health checks after the apply
	runs     int
	stale    int    // so many runs still see the source as it was
	seen     string // the source as it was
	fails    func(run int) (reason, message string)
	running  bool
	again    bool // enqueued while it runs
}

func clock() time.Time { return time.Now() } //nolint:forbidigo // the clock of the synctest bubble

func newWorld(objects ...facts.Object) *world {
	w := &world{objects: map[facts.Ref]*unstructured.Unstructured{}, changed: make(chan struct{}, 1), hosts: map[facts.Ref]*hosted{}}
	for _, o := range objects {
		w.counter++
		o.Body.SetResourceVersion(strconv.Itoa(w.counter))
		w.objects[o.Ref] = o.Body
		w.hosts[o.Ref] = &hosted{upstream: artifactOf(o), takes: 300 * time.Millisecond}
	}
	return w
}

func (w *world) Get(_ context.Context, ref facts.Ref) facts.Object {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u := w.objects[ref]; u != nil {
		return facts.Object{Ref: ref, Outcome: facts.Found, Body: u}
	}
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}

func (w *world) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := facts.List{Query: q, Outcome: facts.Found}
	var found []facts.Object
	for ref, u := range w.objects {
		if ref.Group == q.Group && ref.Kind == q.Kind && (q.Namespace == "" || ref.Namespace == q.Namespace) {
			l.Items = append(l.Items, ref)
			found = append(found, facts.Object{Ref: ref, Outcome: facts.Found, Body: u})
		}
	}
	return l, found
}

func (w *world) Changed() <-chan struct{} { return w.changed }

func (w *world) Annotate(_ context.Context, ref facts.Ref, key, value string) (facts.Object, error) {
	w.mu.Lock()
	if w.refused != nil {
		defer w.mu.Unlock()
		return facts.Object{Ref: ref}, w.refused
	}
	w.writes = append(w.writes, written{clock(), ref, value})
	after := w.annotate(ref, key, value)
	w.mu.Unlock()
	if w.after != nil {
		w.after(ref, value)
	}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: after}, nil
}

// annotate is the write of any client; the lock is held.
func (w *world) annotate(ref facts.Ref, key, value string) *unstructured.Unstructured {
	u := w.objects[ref]
	if u.GetAnnotations()[key] == value {
		return u
	}
	u = w.change(ref, func(u *unstructured.Unstructured) {
		annotations := u.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[key] = value
		if value == "" {
			delete(annotations, key)
		}
		u.SetAnnotations(annotations)
	})
	if value != "" && ref.Group != kinds.ArgoCD {
		w.enqueue(ref)
	}
	return u
}

// client is another client's write.
func (w *world) client(ref facts.Ref, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.annotate(ref, meta.ReconcileRequestAnnotation, value)
}

// edit changes an object as a person would.
func (w *world) edit(ref facts.Ref, change func(u *unstructured.Unstructured)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.change(ref, change)
}

// change makes a new version; readers keep the old one. The lock is held.
func (w *world) change(ref facts.Ref, change func(u *unstructured.Unstructured)) *unstructured.Unstructured {
	u := w.objects[ref].DeepCopy()
	change(u)
	w.counter++
	u.SetResourceVersion(strconv.Itoa(w.counter))
	w.objects[ref] = u
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return u
}

func (w *world) refs() []facts.Ref {
	var refs []facts.Ref
	for ref := range w.objects {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, facts.Ref.Compare)
	return refs
}

// asked are the objects that were annotated by us, in order.
func (w *world) asked() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []string
	for _, a := range w.writes {
		names = append(names, a.ref.Name)
	}
	return strings.Join(names, " ")
}

// pushed makes upstream have a new revision.
func (w *world) pushed(revision string) *world {
	for ref, h := range w.hosts {
		h.seen = kinds.Text(w.objects[ref], "status", "artifact", "revision")
		if ref.Kind == "GitRepository" {
			h.upstream = revision
		}
	}
	return w
}

// run reconciles the targets, and fails the test where Run fails.
func (w *world) run(t *testing.T, o Options, targets ...facts.Ref) Result {
	t.Helper()
	s := facts.New(facts.Subject{}, clock())
	for _, ref := range w.refs() {
		s.Put(w.Get(t.Context(), ref))
	}
	g, err := plan.New(s, targets, false)
	if err != nil {
		t.Fatal(err)
	}
	o.Now = clock
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	r, err := Run(ctx, g, w, o)
	if err != nil {
		t.Fatal(err)
	}
	w.close()
	return r
}

// close lets the controllers stand still, so that the bubble ends.
func (w *world) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
}

// states prints a result, one object a line.
func states(r Result) string {
	var lines []string
	for _, o := range r.Outcomes {
		line := fmt.Sprintf("%s %s", o.Ref.Name, o.State)
		if !o.State.Good() && o.Message != "" {
			line += ": " + o.Message
		}
		for _, ref := range o.After {
			line += " (" + ref.Name + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
