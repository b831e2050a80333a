package assess

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
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
			if got := wakes(Assess(w.Snapshot, w.TakenAt), c.code); got != want {
				t.Errorf("%s wakes %v, want %v", c.code, got, want)
			}
			w.Drop(want)
			if got := wakes(Assess(w.Snapshot, w.TakenAt), c.code); !got.IsZero() && got.Group == kinds.FluxKustomize {
				t.Errorf("%s wakes %v, which is not there", c.code, got)
			}
		})
	}
}

// wakes is the object that a finding would wake.
func wakes(t *trace.Trace, code trace.Code) facts.Ref {
	rungs := t.Rungs
	for _, e := range t.Environments {
		rungs = append(rungs[:len(rungs):len(rungs)], e.Rungs...)
	}
	for _, r := range rungs {
		for _, f := range r.Findings {
			if f.Code == code {
				return f.Wake
			}
		}
	}
	return facts.Ref{}
}
