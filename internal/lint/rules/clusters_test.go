package rules

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestPartsByCluster: what is not assigned to a cluster is in each; a name is declared only where its object may be.
func TestPartsByCluster(t *testing.T) {
	t.Parallel()
	ref := func(name string) facts.Ref { return facts.Ref{Kind: "Project", Name: name} }
	object := func(name, cluster string) manifest.Object { return manifest.Object{Ref: ref(name), Cluster: cluster} }
	renamed := object("dev-app", "a")
	renamed.Document = &manifest.Document{Ref: ref("app")}
	r := &manifest.Repository{
		Objects:        []manifest.Object{object("everywhere", ""), object("one", "a"), object("two", "b"), object("both", "a"), object("both", "b"), renamed},
		Kustomizations: []manifest.Kustomization{{Object: object("k", "b")}, {Object: object("root", "")}},
		Unapplied:      []manifest.Document{{Ref: ref("loose")}},
		Declared:       []facts.Ref{ref("everywhere"), ref("one"), ref("two"), ref("both"), ref("dev-app"), ref("app"), ref("loose")},
	}
	names := func(part *manifest.Repository) (all [3][]string) {
		for _, o := range part.Objects {
			all[0] = append(all[0], o.Ref.Name)
		}
		for _, k := range part.Kustomizations {
			all[1] = append(all[1], k.Ref.Name)
		}
		for _, d := range part.Declared {
			all[2] = append(all[2], d.Name)
		}
		return all
	}
	parts := clusters(r)
	if len(parts) != 2 {
		t.Fatalf("%d parts, want one for each cluster", len(parts))
	}
	if diff := cmp.Diff([3][]string{{"everywhere", "one", "both", "dev-app"}, {"root"}, {"everywhere", "one", "both", "dev-app", "app", "loose"}}, names(parts[0])); diff != "" {
		t.Errorf("a (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([3][]string{{"everywhere", "two", "both"}, {"k", "root"}, {"everywhere", "two", "both", "loose"}}, names(parts[1])); diff != "" {
		t.Errorf("b (-want +got)\n%s", diff)
	}
	if len(r.Declared) != 7 || len(r.Objects) != 6 {
		t.Error("the repository was changed")
	}
	if alone := clusters(&manifest.Repository{Objects: []manifest.Object{object("x", "")}}); len(alone) != 1 || len(alone[0].Objects) != 1 {
		t.Errorf("without clusters there are %d parts", len(alone))
	}
}
