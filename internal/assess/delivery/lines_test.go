package delivery_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// unapplied removes all labels and inventories.
func unapplied(w assesstest.World) {
	for _, o := range w.Objects() {
		switch {
		case o.Ref.Kind == "Kustomization":
			w.Set(o, []any{}, "status", "inventory", "entries")
		case o.Ref.Group == kinds.OpenChoreo:
			o.Body.SetLabels(nil)
		}
	}
}

// secondApplier is a ready Kustomization whose labels the binding of staging bears.
func secondApplier(w assesstest.World) {
	revision := kinds.Text(w.Projects().Body, "status", "lastAppliedRevision")
	w.PutYAML(`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: second, namespace: flux-system, generation: 1}, spec: {sourceRef: {kind: GitRepository, name: oc-healthy}}, status: {observedGeneration: 1, lastAppliedRevision: "` + revision + `", conditions: [{type: Ready, status: "True", reason: ReconciliationSucceeded, observedGeneration: 1}]}}`)
	w.One("ReleaseBinding", "-staging").Body.SetLabels(map[string]string{kinds.FluxKustomize + "/name": "second", kinds.FluxKustomize + "/namespace": "flux-system"})
}

// cycle has the first Kustomization depend on the last.
func cycle(w assesstest.World) {
	w.Set(w.One("Kustomization", "-namespaces"), []any{map[string]any{"name": w.Projects().Ref.Name}}, "spec", "dependsOn")
}

func pausedSet(reason string) func(assesstest.World) {
	return func(w assesstest.World) {
		byResourceSet(w)
		set := w.One("ResourceSet", "greeters")
		set.Body.SetAnnotations(map[string]string{kinds.FluxOperator + "/reconcile": "disabled"})
		if reason != "" {
			w.Condition(set, time.Hour, "Ready", "False", reason, "build failed: no such input")
		}
	}
}

// TestDeliveryLines covers the lines of the rung, and the hints of its findings.
func TestDeliveryLines(t *testing.T) {
	t.Parallel()
	const waitForEachOther = "these wait for each other: remove one of the entries of spec.dependsOn in Git; until then, the other Kustomizations of the same source get a new revision only at their interval"
	const circle = "oc-healthy-namespaces → oc-healthy-projects → oc-healthy-platform → oc-healthy-namespaces"
	const paused = "ResourceSet shop/greeters has fluxcd.controlplane.io/reconcile: disabled: changes in Git are not applied"
	for name, c := range map[string]struct {
		change      func(assesstest.World)
		lines, hint []string
	}{
		"Healthy":       {func(assesstest.World) {}, []string{"OK oc-healthy-projects, after 3 more"}, nil},
		"TwoAppliers":   {secondApplier, []string{"OK oc-healthy-projects, +1, after 3 more"}, nil},
		"ResourceSet":   {byResourceSet, []string{"OK ResourceSet greeters"}, nil},
		"ProjectByFlux": {byHand, []string{"OK applied by hand; oc-healthy-projects applies only its project"}, nil},
		"ByHand":        {unapplied, []string{"OK none: this component is applied by hand"}, nil},
		"CycleAtWork": {cycle, []string{
			"OK oc-healthy-projects, after 3 more",
			"warning DependencyCycle of Kustomization oc-healthy-namespaces: spec.dependsOn has a cycle: " + circle,
		}, []string{waitForEachOther}},
		"Cycle": {func(w assesstest.World) {
			cycle(w)
			w.Set(w.Projects(), "main@sha1:"+otherCommit, "status", "lastAppliedRevision")
			w.Condition(w.One("Kustomization", "-namespaces"), time.Hour, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/oc-healthy-projects' is not ready")
		}, []string{
			"Failed oc-healthy-namespaces waits for itself",
			"error DependencyCycle of Kustomization oc-healthy-namespaces: spec.dependsOn has a cycle: " + circle,
		}, []string{waitForEachOther}},
		"SetDeleted": {func(w assesstest.World) { byResourceSet(w); w.Answer(w.One("ResourceSet", "greeters"), facts.Absent) }, []string{
			"Failed ResourceSet shop/greeters does not exist",
			"error ApplierNotFound of ResourceSet greeters: ResourceSet shop/greeters does not exist",
		}, []string{"labels on the objects name this ResourceSet: it was probably deleted without its objects, and commits no longer change them. Find the commit that deleted its file, and revert it"}},
		"SetPaused": {pausedSet(""), []string{"Suspended ResourceSet greeters", "warning ApplierPaused of ResourceSet greeters: " + paused}, []string{"it does not record who suspended it, or why"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := assesstest.Healthy(t)
			c.change(w)
			r := delivery.AssessDelivery(w.Component())
			if diff := cmp.Diff(c.lines, assesstest.Lines(r.Rung)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.hint, assesstest.Hints(r.Rung)); diff != "" {
				t.Errorf("hints (-want +got)\n%s", diff)
			}
		})
	}
}

// TestFailedAndPaused: what is paused stays failed, and the pause is a warning.
func TestFailedAndPaused(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	pausedSet("BuildFailed")(w)
	r := delivery.AssessDelivery(w.Component())
	if r.State != trace.Failed || len(r.Findings) != 2 || r.Findings[0].Code != trace.CodeResourceSetFailed || r.Findings[1].Code != trace.CodeApplierPaused || r.Findings[1].Severity != trace.Warning {
		t.Errorf("%q", assesstest.Lines(r.Rung))
	}
}

// TestBlockedByADependency: an applier that waits for one that failed is a symptom. Its place is the path of the cause.
func TestBlockedByADependency(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	platform := w.One("Kustomization", "-platform")
	w.Condition(platform, time.Hour, "Ready", "False", "BuildFailed", "kustomize build failed: no")
	w.Set(w.Projects(), "main@sha1:"+otherCommit, "status", "lastAppliedRevision")
	w.Condition(w.Projects(), time.Hour, "Ready", "False", "DependencyNotReady", "dependency 'flux-system/oc-healthy-platform' is not ready")
	r := delivery.AssessDelivery(w.Component())
	if r.State != trace.Failed || len(r.Findings) != 1 || r.Findings[0].Code != trace.CodeKustomizationBuildFailed {
		t.Fatalf("%q", assesstest.Lines(r.Rung))
	}
	if diff := cmp.Diff([]facts.Ref{w.Projects().Ref}, r.Findings[0].Path); diff != "" || r.Findings[0].Object != platform.Ref {
		t.Errorf("object %s (-want +got)\n%s", r.Findings[0].Object, diff)
	}
	for _, part := range r.Parts {
		if want := "oc-healthy-projects waits for oc-healthy-platform, which failed"; part.Object == w.Projects().Ref && (part.State != trace.Blocked || part.Summary != want) {
			t.Errorf("%s %q, want Blocked %q", part.State, part.Summary, want)
		}
	}
}

// TestNoSource covers the rung source of a component that no source delivers.
func TestNoSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(assesstest.World)
		want   []string
	}{
		"ByHand":      {byHand, []string{"OK none: applied by hand"}},
		"ResourceSet": {byResourceSet, []string{"OK none: ResourceSet greeters has no source"}},
		"NotSeen":     {func(w assesstest.World) { byResourceSet(w); w.Answer(w.One("ResourceSet", "greeters"), facts.Absent) }, []string{"Unknown ResourceSet greeters, which names the source, does not exist"}},
	} {
		w := assesstest.Healthy(t)
		c.change(w)
		if diff := cmp.Diff(c.want, assesstest.Lines(delivery.AssessSource(w.Component()).Rung)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
