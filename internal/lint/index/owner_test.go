package index_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestOwned: objects belong to the component that spec.owner names, in their own namespace.
func TestOwned(t *testing.T) {
	t.Parallel()
	const elsewhere = "{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: w, namespace: web}, spec: {owner: {componentName: front}}}\n"
	w := indexed(t, linttest.OwnedWorkload("a", "front", "")+linttest.OwnedWorkload("b", "back", "")+linttest.Binding("c", "development", "releaseName: r")+linttest.OwnedWorkload("d", "front", "")+elsewhere)
	for name, c := range map[string]struct {
		kind      string
		component facts.Ref
		want      []string
	}{
		"Front":          {"Workload", choreo("Component", "shop", "front"), []string{"a", "d"}},
		"Back":           {"Workload", choreo("Component", "shop", "back"), []string{"b"}},
		"Bindings":       {"ReleaseBinding", choreo("Component", "shop", "front"), []string{"c"}},
		"OtherNamespace": {"Workload", choreo("Component", "web", "front"), []string{"w"}},
		"OtherKind":      {"ComponentRelease", choreo("Component", "shop", "front"), nil},
		"NoComponent":    {"Workload", choreo("Component", "shop", "side"), nil},
	} {
		var got []string
		for _, o := range w.Owned(c.kind, c.component) {
			got = append(got, o.Ref.Name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestBindingNames: a binding names its component, project and release, and whether it removes the component.
func TestBindingNames(t *testing.T) {
	t.Parallel()
	type named struct {
		Component, Release facts.Ref
		Project            string
		Undeployed         bool
	}
	for name, c := range map[string]struct {
		more string
		want named
	}{
		"Active":     {"releaseName: front-1, state: Active", named{Component: choreo("Component", "shop", "front"), Release: choreo("ComponentRelease", "shop", "front-1"), Project: "demo"}},
		"Undeploy":   {"releaseName: front-1, state: Undeploy", named{Component: choreo("Component", "shop", "front"), Release: choreo("ComponentRelease", "shop", "front-1"), Project: "demo", Undeployed: true}},
		"NoState":    {"releaseName: front-2", named{Component: choreo("Component", "shop", "front"), Release: choreo("ComponentRelease", "shop", "front-2"), Project: "demo"}},
		"OtherState": {"state: Suspend", named{Component: choreo("Component", "shop", "front"), Release: choreo("ComponentRelease", "shop", ""), Project: "demo"}},
	} {
		o := indexed(t, linttest.Binding("b", "development", c.more)).ByKind["ReleaseBinding"][0]
		got := named{index.Component(o), index.Pinned(o), index.Project(o), index.IsUndeployed(o)}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestKustomizationsOf: several Kustomizations may apply an object, and an Application is none of them.
func TestKustomizationsOf(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Choreo("Project", "p", "")+linttest.Choreo("Environment", "e", ""))
	linttest.Delivered(t, r, "one", "", "Project")
	linttest.Delivered(t, r, "two", "", "Environment")
	linttest.Delivered(t, r, "three", "", "Project")
	r.Objects[0].AppliedBy = append(r.Objects[0].AppliedBy, facts.Ref{Group: "argoproj.io", Kind: "Application", Name: "four"})
	w := index.New(r, linttest.Schemas())
	for i, want := range [][]string{{"one", "three"}, {"two"}} {
		var got []string
		for _, k := range w.KustomizationsOf(&r.Objects[i]) {
			got = append(got, k.Folder)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", r.Objects[i].Ref, diff)
		}
	}
	if got := w.KustomizationsOf(&manifest.Object{}); got != nil {
		t.Errorf("an object that nothing applies: %v", got)
	}
}
