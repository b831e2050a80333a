package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TerminatingFinding is the finding for an object that is being deleted: what is about to vanish has no other state that counts, not even that it is suspended.
func (v *Component) TerminatingFinding(o facts.Object) trace.Finding {
	f := trace.Finding{
		Code: trace.CodeTerminating, Object: o.Ref, Since: o.Body.GetDeletionTimestamp().UTC(),
		Message: fmt.Sprintf("%s is being deleted%s", o.Ref, finalizers(o)),
	}
	if len(o.Body.GetFinalizers()) > 0 {
		f.Hint = "check the controller of the finalizer, which has to remove it: the field managers of the object show who set it. Do not remove it by hand"
	}
	if by := v.Engines.PausedBy(o); by != "" {
		f.Hint = "it also has " + by
	}
	return f
}

// Nested reads a map of an object without copying it; nil when it is not there.
func Nested(o facts.Object, path ...string) map[string]any {
	if o.Body == nil {
		return nil
	}
	field, _, _ := unstructured.NestedFieldNoCopy(o.Body.Object, path...)
	m, _ := field.(map[string]any)
	return m
}

// FirstBody is the body of the first object; nil where there is none.
func FirstBody(objects []facts.Object) *unstructured.Unstructured {
	if len(objects) == 0 {
		return nil
	}
	return objects[0].Body
}

func finalizers(o facts.Object) string {
	if len(o.Body.GetFinalizers()) == 0 {
		return ""
	}
	return "; blocked by finalizer " + strings.Join(o.Body.GetFinalizers(), ", ")
}

// CreatedAt is the time of an object's creation; the zero time for one that was not read.
func CreatedAt(o facts.Object) time.Time {
	if o.Body == nil {
		return time.Time{}
	}
	return o.Body.GetCreationTimestamp().UTC()
}

// Latest is the latest of some times.
func Latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// LastTransition is the time at which the condition took its present status, unknown for an absent one.
func LastTransition(c kinds.Condition) time.Time { return c.LastTransitionTime }

// ConditionEvidence is the evidence that a condition gives.
func ConditionEvidence(c kinds.Condition) []trace.Evidence {
	if !c.Present() {
		return nil
	}
	path := "status.conditions[" + c.Type + "]"
	return []trace.Evidence{
		{Path: path + ".status", Value: c.Status},
		{Path: path + ".reason", Value: c.Reason},
		{Path: path + ".message", Value: c.Message},
	}
}

// Deleting reports whether the object is being deleted: it still exists.
func Deleting(u *unstructured.Unstructured) bool { return u != nil && u.GetDeletionTimestamp() != nil }

// LastDelivery is the newest time at which something is known to have changed o: its making, or the last run of the
// Kustomization that applies it.
func (v *Component) LastDelivery(o facts.Object) time.Time {
	newest := o.Body.GetCreationTimestamp().UTC()
	for _, ref := range v.Engines.AppliedBy(o) {
		if t := LastTransition(kinds.ConditionOf(v.Object(ref).Body, kinds.ConditionReady)); t.After(newest) {
			newest = t
		}
	}
	return newest
}
