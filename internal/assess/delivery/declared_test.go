package delivery_test

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// listApplied adds an object to what the component's Kustomization lists as applied.
func listApplied(w assesstest.World, ref facts.Ref) facts.Ref {
	w.T.Helper()
	ks := w.One("Kustomization", "-projects")
	entries, _, _ := unstructured.NestedSlice(ks.Body.Object, "status", "inventory", "entries")
	id := map[string]any{"id": ref.Namespace + "_" + ref.Name + "_" + ref.Group + "_" + ref.Kind, "v": "v1alpha1"}
	w.Set(ks, append(entries, id), "status", "inventory", "entries")
	return ks.Ref
}

// TestVanished: what an inventory lists and the cluster has not comes back by one more run of that Kustomization.
func TestVanished(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for name, c := range map[string]struct {
		kind, suffix string
		code         trace.Code
	}{
		"Component":             {"Component", "greeter-service", trace.CodeAppliedButAbsent},
		"Project":               {"Project", "demo", trace.CodeProjectNotFound},
		"Workload":              {"Workload", "-workload", trace.CodeWorkloadNotFound},
		"ComponentRelease":      {"ComponentRelease", "-1", trace.CodeComponentReleaseNotFound},
		"ReleaseBinding":        {"ReleaseBinding", "-staging", trace.CodeReleaseBindingNotFound},
		"ProjectReleaseBinding": {"ProjectReleaseBinding", "-staging", trace.CodeProjectReleaseBindingNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			gone := w.One(c.kind, c.suffix)
			want := listApplied(w, gone.Ref)
			for _, l := range w.Lists() {
				if l.Query.Kind == c.kind {
					var left []facts.Ref
					for _, item := range l.Items {
						if item != gone.Ref {
							left = append(left, item)
						}
					}
					l.Items = left
					w.PutList(l, nil)
				}
			}
			w.Answer(gone, facts.Absent)
			if got := finding(assess.Assess(w.Snapshot, w.TakenAt), c.code).Wake; got != want {
				t.Errorf("%s wakes %v, want %v", c.code, got, want)
			}
			w.Drop(want)
			if got := finding(assess.Assess(w.Snapshot, w.TakenAt), c.code).Wake; !got.IsZero() && got.Group == kinds.FluxKustomize {
				t.Errorf("%s wakes %v, which does not exist", c.code, got)
			}
		})
	}
}

// TestWhenTheVanishedReturns: what an applier lists comes back by its next run, unless it makes none or leaves alone what was deleted.
func TestWhenTheVanishedReturns(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const ks = "Kustomization flux-system/oc-healthy-projects"
	for name, c := range map[string]struct {
		change func(w assesstest.World, applier facts.Object)
		clause string // what the hint says of the applier; "" for nothing
		wakes  bool
		next   string
	}{
		"Ready": {func(w assesstest.World, o facts.Object) { w.Set(o, "7m", "spec", "interval") }, "creates it again at its next interval (7m0s)", true, "kubectl choreo reconcile greeter-service -n healthy "},
		"NoInterval": {func(_ assesstest.World, o facts.Object) {
			unstructured.RemoveNestedField(o.Body.Object, "spec", "interval")
		}, "", true, "kubectl choreo reconcile greeter-service -n healthy "},
		"Suspended": {func(w assesstest.World, o facts.Object) { w.Set(o, true, "spec", "suspend") }, "applies nothing until it is resumed (spec.suspend: true)", false, `kubectl patch kustomizations.kustomize.toolkit.fluxcd.io oc-healthy-projects -n flux-system --type merge -p '{"spec":{"suspend":false}}'`},
		"Failing": {func(w assesstest.World, o facts.Object) {
			w.Condition(o, time.Hour, "Ready", "False", "HealthCheckFailed", "no")
		}, "failed at its last run", true, "kubectl choreo reconcile greeter-service -n healthy "},
		"Running": {func(w assesstest.World, o facts.Object) {
			w.Condition(o, time.Second, "Ready", "Unknown", "Progressing", "Building manifests")
		}, "", true, "kubectl choreo reconcile greeter-service -n healthy "},
		"Deleted": {func(w assesstest.World, o facts.Object) { w.Deleted(o, time.Hour) }, "is being deleted", false, ""},
	} {
		for _, of := range []struct {
			kind, suffix string
			code         trace.Code
		}{{"Component", "greeter-service", trace.CodeAppliedButAbsent}, {"ReleaseBinding", "-staging", trace.CodeReleaseBindingNotFound}} {
			t.Run(name+"/"+of.kind, func(t *testing.T) {
				t.Parallel()
				w := healthy.Copy(t)
				w.Subject.Environments = []string{"development", "staging"}
				gone := w.One(of.kind, of.suffix)
				listApplied(w, gone.Ref)
				applier := w.One("Kustomization", "-projects")
				c.change(w, applier)
				w.Answer(gone, facts.Absent)
				want := ks + " lists " + gone.Ref.String() + " as applied"
				if c.clause != "" {
					want += ", and " + c.clause
				}
				if of.kind == "Component" && c.clause != "" {
					want = ks + " " + c.clause
				} else if of.kind == "Component" {
					want = ""
				}
				f := finding(assess.Assess(w.Snapshot, w.TakenAt), of.code)
				if f.Hint != want || f.Wake == applier.Ref != c.wakes {
					t.Errorf("wakes %s, hint\n%q, want\n%q", f.Wake, f.Hint, want)
				}
				got := strings.Join(f.Next, "\n")
				if !strings.Contains(got, c.next) || strings.Contains(got, "reconcile ") != c.wakes || strings.Contains(got, " generate ") {
					t.Errorf("next %q, want %q, reconcile: %t, and nothing generated", got, c.next, c.wakes)
				}
			})
		}
	}
}

// TestHelmLeavesTheVanishedAlone: without drift detection helm-controller does not compare the cluster with the chart.
func TestHelmLeavesTheVanishedAlone(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const hr = "HelmRelease flux-system/chart "
	for mode, c := range map[string]struct {
		want  string
		wakes bool
	}{
		"":         {hr + "does not create deleted objects again", false},
		"warn":     {hr + "does not create deleted objects again", false},
		"disabled": {hr + "does not create deleted objects again", false},
		"enabled":  {hr + "creates it again at its next interval (5m0s)", true},
	} {
		w := healthy.Copy(t)
		component := w.One("Component", "greeter-service")
		for _, o := range w.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
			w.Set(o, []any{}, "status", "inventory", "entries")
		}
		helm := w.PutYAML(`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: chart, namespace: flux-system}, spec: {interval: 5m, driftDetection: {mode: "` + mode + `"}},
status: {inventory: {entries: [{id: healthy_greeter-service_openchoreo.dev_Component}]}, conditions: [{type: Ready, status: "True"}]}}`)
		w.Answer(component, facts.Absent)
		f := finding(assess.Assess(w.Snapshot, w.TakenAt), trace.CodeAppliedButAbsent)
		if f.Hint != c.want || f.Wake == helm.Ref != c.wakes {
			t.Errorf("%q: wakes %s, hint %q, want %q", mode, f.Wake, f.Hint, c.want)
		}
	}
}

// finding is the first one with a code.
func finding(t *trace.Trace, code trace.Code) trace.Finding {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs[:len(rungs):len(rungs)], e.Rungs...)
	}
	for _, r := range rungs {
		for _, f := range r.Findings {
			if f.Code == code {
				return f
			}
		}
	}
	return trace.Finding{}
}
