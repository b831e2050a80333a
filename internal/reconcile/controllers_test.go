package reconcile

import (
	"fmt"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// enqueue is the work queue of a controller, which keeps one entry per object. The lock is held.
func (w *world) enqueue(ref facts.Ref) {
	h := w.hosts[ref]
	if h.running {
		h.again = true
		return
	}
	h.running = true
	w.later(5*time.Millisecond, func() { w.begin(ref, h) })
}

// later runs f with the lock held, unless the controllers stand still by then.
func (w *world) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.stopped {
			f()
		}
	})
}

func (w *world) begin(ref facts.Ref, h *hosted) {
	h.runs++
	token := w.objects[ref].GetAnnotations()[meta.ReconcileRequestAnnotation]
	if kinds.Bool(w.objects[ref], "spec", "suspend") {
		w.end(ref, h, token, nil)
		return
	}
	if ref.Kind != "Kustomization" {
		w.later(h.takes, func() { w.fetched(ref, h, token) })
		return
	}
	revision := w.sourceSeen(ref, h)
	if message := w.unready(ref, revision); message != "" {
		w.condition(ref, "False", "DependencyNotReady", message)
		w.end(ref, h, token, nil)
		w.later(30*time.Second, func() { w.enqueue(ref) })
		return
	}
	w.condition(ref, "Unknown", "Progressing", "Building manifests for revision "+revision+" with a timeout of 1m")
	w.later(h.takes/2, func() {
		w.change(ref, func(u *unstructured.Unstructured) { put(u, revision, "status", "lastAttemptedRevision") })
		w.later(h.takes/2, func() { w.checked(ref, h, token, revision) })
	})
}

// sourceSeen is the revision in the controller's cache.
func (w *world) sourceSeen(ref facts.Ref, h *hosted) string {
	if h.runs <= h.stale {
		return h.seen
	}
	return kinds.Text(w.objects[w.source(ref)], "status", "artifact", "revision")
}

func (w *world) source(ref facts.Ref) facts.Ref {
	return engines.All().SourceOf(facts.Object{Ref: ref, Outcome: facts.Found, Body: w.objects[ref]})
}

func (w *world) unready(ref facts.Ref, revision string) string {
	for _, d := range engines.All().DependsOn(facts.Object{Ref: ref, Body: w.objects[ref]}) {
		dep := w.objects[d]
		switch {
		case !kinds.ConditionOf(dep, "Ready").True():
			return fmt.Sprintf("dependency '%s/%s' is not ready", d.Namespace, d.Name)
		case w.source(d) == w.source(ref) && kinds.Text(dep, "status", "lastAppliedRevision") != revision:
			return fmt.Sprintf("dependency '%s/%s' revision is not up to date", d.Namespace, d.Name)
		}
	}
	return ""
}

// checked runs health checks, where there are any.
func (w *world) checked(ref facts.Ref, h *hosted, token, revision string) {
	if h.checks == 0 {
		w.built(ref, h, token, revision)
		return
	}
	w.condition(ref, "Unknown", "Progressing", "Running health checks for revision "+revision+" with a timeout of 1m")
	w.later(h.checks, func() { w.built(ref, h, token, revision) })
}

func (w *world) built(ref facts.Ref, h *hosted, token, revision string) {
	if h.fails != nil {
		if reason, message := h.fails(h.runs); reason != "" {
			w.condition(ref, "False", reason, message)
			w.end(ref, h, token, nil)
			return
		}
	}
	w.condition(ref, "True", "ReconciliationSucceeded", "Applied revision: "+revision)
	w.end(ref, h, token, func(u *unstructured.Unstructured) {
		put(u, revision, "status", "lastAppliedRevision")
		put(u, u.GetGeneration(), "status", "observedGeneration")
	})
}

func (w *world) fetched(ref facts.Ref, h *hosted, token string) {
	if h.fails != nil {
		if reason, message := h.fails(h.runs); reason != "" {
			w.condition(ref, "False", reason, message)
			w.end(ref, h, token, nil)
			return
		}
	}
	fresh := h.upstream != kinds.Text(w.objects[ref], "status", "artifact", "revision")
	w.condition(ref, "True", "Succeeded", "stored artifact for revision '"+h.upstream+"'")
	w.end(ref, h, token, func(u *unstructured.Unstructured) {
		put(u, h.upstream, "status", "artifact", "revision")
		put(u, u.GetGeneration(), "status", "observedGeneration")
	})
	for _, other := range w.refs() {
		if fresh && other.Kind == "Kustomization" && w.source(other) == ref {
			w.enqueue(other)
		}
	}
}

// end writes the status some time after the conditions, as a request of its own.
func (w *world) end(ref facts.Ref, h *hosted, token string, write func(u *unstructured.Unstructured)) {
	w.later(3*time.Millisecond, func() {
		w.change(ref, func(u *unstructured.Unstructured) {
			put(u, token, "status", "lastHandledReconcileAt")
			if write != nil {
				write(u)
			}
		})
		h.running = false
		if h.again {
			h.again = false
			w.enqueue(ref)
		}
	})
}

func (w *world) condition(ref facts.Ref, status, reason, message string) {
	w.change(ref, func(u *unstructured.Unstructured) {
		since := clock().Format(time.RFC3339)
		ready := map[string]any{
			"type": "Ready", "status": status, "reason": reason, "message": message,
			"observedGeneration": u.GetGeneration(), "lastTransitionTime": since,
		}
		all := []any{ready}
		if status == "Unknown" {
			ready["message"] = "Reconciliation in progress"
			all = []any{map[string]any{"type": "Reconciling", "status": "True", "reason": reason, "message": message, "lastTransitionTime": since}, ready}
		}
		put(u, all, "status", "conditions")
	})
}

func put(u *unstructured.Unstructured, value any, path ...string) {
	if err := unstructured.SetNestedField(u.Object, value, path...); err != nil {
		panic(err)
	}
}
