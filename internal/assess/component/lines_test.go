package component_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/component"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestHints: what each rung of a component advises, and whether a failure of an object above explains that it is not found.
func TestHints(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	again := func(w assesstest.World, name string) {
		o := w.One("Workload", "")
		body := o.Body.DeepCopy()
		body.SetName(name)
		ref := o.Ref
		ref.Name = name
		w.Put(facts.Object{Ref: ref, Outcome: facts.Found, Body: body})
	}
	for name, c := range map[string]struct {
		change   func(assesstest.World)
		assess   func(*view.Component) *result.Result
		hint     string
		evidence int
		notFound bool
	}{
		"ComponentInAnInventory": {func(w assesstest.World) { w.Answer(w.One("Component", ""), facts.Absent) }, component.AssessComponent, "Kustomization flux-system/oc-healthy-projects creates it again at its next interval (10m0s)", 0, false},
		"TwoWorkloads":           {func(w assesstest.World) { again(w, "b") }, component.AssessWorkload, "in Git, delete one of them", 0, false},
		"ThreeWorkloads": {func(w assesstest.World) {
			again(w, "b")
			again(w, "c")
		}, component.AssessWorkload, "in Git, delete all of them but one", 0, false},
		"TypeOfTheProject": {func(w assesstest.World) {
			w.Condition(w.One("Project", "demo"), time.Hour, "Ready", "False", "Invalid", `ClusterProjectType "big" not found`)
		}, component.AssessProject, "commit ClusterProjectType big, or recreate the Project with another spec.type, which is immutable: that also deletes its components", 3, false},
		"NoWorkload": {func(w assesstest.World) {
			w.Drop(w.One("Workload", "").Ref)
			w.ClearOwners("Workload")
			w.Condition(w.One("Component", ""), time.Hour, "Ready", "False", "WorkloadNotFound", "no Workload")
		}, component.AssessWorkload, "check that its file exists and that spec.owner is correct; without a Workload no release can be created", 3, true},
		"NoWorkloadForAnotherReason": {func(w assesstest.World) {
			w.Drop(w.One("Workload", "").Ref)
			w.ClearOwners("Workload")
			w.Condition(w.One("Component", ""), time.Hour, "Ready", "False", "InvalidConfiguration", "no")
		}, component.AssessWorkload, "check that its file exists and that spec.owner is correct; without a Workload no release can be created", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			j := c.assess(w.Component())
			if diff := cmp.Diff([]string{c.hint}, assesstest.Hints(j.Rung)); diff != "" {
				t.Errorf("hints (-want +got)\n%s\n%v", diff, assesstest.Lines(j.Rung))
			}
			if len(j.Findings) > 0 && len(j.Findings[0].Evidence) != c.evidence || j.Cause.IsNotFound() != c.notFound {
				t.Errorf("evidence %v, not found %t; want %d, %t", j.Findings[0].Evidence, j.Cause.IsNotFound(), c.evidence, c.notFound)
			}
		})
	}
}
