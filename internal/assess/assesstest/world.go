package assesstest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// World is a healthy cluster, recorded in the lab, that a test breaks in one place.
type World struct {
	*facts.Snapshot
	T *testing.T
}

// Healthy is a world in which nothing is broken.
func Healthy(t *testing.T) World {
	t.Helper()
	s := factstest.Scenario(t, "healthy")
	return World{s, t}
}

// Copy is a world of its own, for a case that changes it. Reading one takes much longer.
func (w World) Copy(t *testing.T) World {
	t.Helper()
	s := facts.New(w.Subject, w.TakenAt)
	s.Wanted, s.Changes, s.Skew, s.Masked = w.Wanted, w.Changes, w.Skew, w.Masked
	for o := range w.Each() {
		if o.Body != nil {
			o.Body = o.Body.DeepCopy()
		}
		s.Put(o)
	}
	for l := range w.EachList() {
		l.Items = slices.Clone(l.Items)
		s.PutList(l, nil)
	}
	for _, l := range w.Logs() {
		s.PutLog(l)
	}
	return World{s, t}
}

// One is the object of a kind whose name ends so.
func (w World) One(kind, suffix string) facts.Object {
	w.T.Helper()
	for _, o := range w.Objects() {
		if o.Ref.Kind == kind && strings.HasSuffix(o.Ref.Name, suffix) {
			return o
		}
	}
	w.T.Fatalf("the healthy world has no %s %s", kind, suffix)
	return facts.Object{}
}

// Answer replaces what is known of an object by an outcome without a body.
func (w World) Answer(o facts.Object, outcome facts.Outcome) {
	w.Drop(o.Ref)
	w.Put(facts.Object{Ref: o.Ref, Outcome: outcome, Reason: "so the test says"})
}

// Set replaces the value of a field.
func (w World) Set(o facts.Object, value any, path ...string) {
	w.T.Helper()
	if err := unstructured.SetNestedField(o.Body.Object, value, path...); err != nil {
		w.T.Fatal(err)
	}
}

// Condition replaces one condition, as old as age at the time of the snapshot.
func (w World) Condition(o facts.Object, age time.Duration, name, status, reason, message string) {
	w.T.Helper()
	conditions := []any{map[string]any{
		"type": name, "status": status, "reason": reason, "message": message, "observedGeneration": o.Body.GetGeneration(),
		"lastTransitionTime": w.TakenAt.Add(-age).UTC().Format(time.RFC3339),
	}}
	for _, c := range kinds.Items(o.Body, "status", "conditions") {
		if c["type"] != name {
			conditions = append(conditions, c)
		}
	}
	w.Set(o, conditions, "status", "conditions")
}

// Ago is a time in the form of the API.
func (w World) Ago(age time.Duration) string { return w.TakenAt.Add(-age).UTC().Format(time.RFC3339) }

// Observed changes the generation that a condition was written for.
func (w World) Observed(o facts.Object, condition string, generation int64) {
	w.T.Helper()
	conditions := []any{}
	for _, c := range kinds.Items(o.Body, "status", "conditions") {
		if c["type"] == condition {
			c["observedGeneration"] = generation
		}
		conditions = append(conditions, c)
	}
	w.Set(o, conditions, "status", "conditions")
}

// DropWhere forgets the objects for which when holds.
func (w World) DropWhere(when func(facts.Object) bool) {
	for _, o := range w.Objects() {
		if when(o) {
			w.Drop(o.Ref)
		}
	}
}

// Aged makes everything that was made and delivered older than age, so that no clock runs any more.
func (w World) Aged(age time.Duration) {
	w.T.Helper()
	for _, o := range w.Objects() {
		if o.Body != nil {
			w.Set(o, w.TakenAt.Add(-2*age).UTC().Format(time.RFC3339), "metadata", "creationTimestamp")
		}
	}
	w.Applied(age)
}

// Deleted has an object be deleted since age.
func (w World) Deleted(o facts.Object, age time.Duration) {
	w.T.Helper()
	w.Set(o, w.TakenAt.Add(-age).UTC().Format(time.RFC3339), "metadata", "deletionTimestamp")
}
