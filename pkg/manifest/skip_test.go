package manifest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestSkipAppliers: an object stays while one of those that apply it stays. An applier that is also declared in a file that is checked is
// not skipped.
func TestSkipAppliers(t *testing.T) {
	t.Parallel()
	ks := func(name string) facts.Ref { return facts.Ref{Kind: "Kustomization", Name: name} }
	skips := func(file string) bool { return file == "skipped.yaml" }
	for name, c := range map[string]struct {
		kustomizations []Kustomization
		objects        []Object
		want           [][]facts.Ref // the appliers of each object that is left
	}{
		"NoApplier":    {nil, []Object{{File: "a.yaml"}}, [][]facts.Ref{nil}},
		"Skipped":      {nil, []Object{{File: "skipped.yaml"}}, nil},
		"BySkipped":    {[]Kustomization{{Object: Object{Ref: ks("old"), File: "skipped.yaml"}}}, []Object{{File: "a.yaml", AppliedBy: []facts.Ref{ks("old")}}}, nil},
		"ByBoth":       {[]Kustomization{{Object: Object{Ref: ks("old"), File: "skipped.yaml"}}}, []Object{{File: "a.yaml", AppliedBy: []facts.Ref{ks("old"), ks("new")}}}, [][]facts.Ref{{ks("new")}}},
		"ByUnknown":    {nil, []Object{{File: "a.yaml", AppliedBy: []facts.Ref{ks("cluster")}}}, [][]facts.Ref{{ks("cluster")}}},
		"DeclaredBoth": {[]Kustomization{{Object: Object{Ref: ks("old"), File: "skipped.yaml"}}, {Object: Object{Ref: ks("old"), File: "kept.yaml"}}}, []Object{{File: "a.yaml", AppliedBy: []facts.Ref{ks("old")}}}, [][]facts.Ref{{ks("old")}}},
		"ByAnObject":   {nil, []Object{{Ref: ks("made"), File: "skipped.yaml"}, {File: "a.yaml", AppliedBy: []facts.Ref{ks("made")}}}, nil},
	} {
		r := &Repository{Kustomizations: c.kustomizations, Objects: c.objects}
		r.Skip(skips)
		var got [][]facts.Ref
		for _, o := range r.Objects {
			got = append(got, o.AppliedBy)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestSkipLists: what is listed with the place of a skipped file is removed, and so are the problems of a skipped Kustomization. Its
// delivery is reported as skipped, with the reason.
func TestSkipLists(t *testing.T) {
	t.Parallel()
	old := facts.Ref{Kind: "Kustomization", Name: "old"}
	shared := []facts.Ref{old, {Name: "new"}}
	at := func(file string) Place { return Place{File: file, Line: 1} }
	r := &Repository{
		Kustomizations: []Kustomization{{Object: Object{Ref: old, File: "s.yaml"}}, {Object: Object{Ref: facts.Ref{Name: "new"}, File: "k.yaml"}}},
		Objects:        []Object{{File: "a.yaml", AppliedBy: shared}},
		Unapplied:      []Document{{Place: at("s.yaml")}, {Place: at("k.yaml")}}, Former: []Document{{Place: at("k.yaml")}, {Place: at("s.yaml")}},
		Problems: []Problem{{Place: at("s.yaml")}, {Place: at("k.yaml"), Object: old}, {Place: at("k.yaml"), Object: facts.Ref{Name: "new"}}, {Place: at("k.yaml")}},
		Declared: []facts.Ref{old},
		Coverage: Coverage{Deliveries: []Delivery{{Place: at("s.yaml"), State: Built}, {Place: at("k.yaml"), State: BuildFailed, Reason: "r"}}},
	}
	r.Skip(func(file string) bool { return file == "s.yaml" })
	want := &Repository{
		Kustomizations: []Kustomization{{Object: Object{Ref: facts.Ref{Name: "new"}, File: "k.yaml"}}},
		Objects:        []Object{{File: "a.yaml", AppliedBy: []facts.Ref{{Name: "new"}}}},
		Unapplied:      []Document{{Place: at("k.yaml")}}, Former: []Document{{Place: at("k.yaml")}},
		Problems: []Problem{{Place: at("k.yaml"), Object: facts.Ref{Name: "new"}}, {Place: at("k.yaml")}},
		Declared: []facts.Ref{old},
		Coverage: Coverage{Deliveries: []Delivery{{Place: at("s.yaml"), State: Skipped, Reason: "in skipPaths"}, {Place: at("k.yaml"), State: BuildFailed, Reason: "r"}}},
	}
	if diff := cmp.Diff(want, r, cmp.Comparer(func(a, b Document) bool { return a.Place == b.Place })); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]facts.Ref{old, {Name: "new"}}, shared); diff != "" {
		t.Errorf("the shared list of appliers is changed (-want +got)\n%s", diff)
	}
}
