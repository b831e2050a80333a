package manifest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// fleet is a repository with two Kustomizations. The file of the second is old.yaml.
func fleet() *Repository {
	ks := func(name string) facts.Ref {
		return facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: name}
	}
	foreign := ks("foreign")
	object := func(group, kind, name, file string, by ...facts.Ref) Object {
		return Object{Ref: facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Name: name}, File: file, AppliedBy: by, Cluster: "one"}
	}
	return &Repository{
		Objects: []Object{
			object("openchoreo.dev", "Project", "a", "a.yaml", ks("new"), ks("old")), object("apps", "Deployment", "b", "b.yaml", ks("old")),
			object("helm.toolkit.fluxcd.io", "HelmRelease", "c", "c.yaml", ks("new")), object("cert-manager.io", "Issuer", "d", "d.yaml", ks("new")),
		},
		Kustomizations: []Kustomization{{Object: Object{Ref: ks("new"), File: "new.yaml"}}, {Object: Object{Ref: ks("old"), File: "old.yaml"}}},
		Problems:       []Problem{{Kind: NotBuilt, Object: ks("old"), Place: Place{File: "x.yaml"}}, {Kind: RemoteNotFetched, Object: ks("new")}},
		Declared:       []facts.Ref{ks("new"), ks("old"), foreign, foreign},
		Loose:          []Document{{Place: Place{File: "loose.yaml"}}},
	}
}

// states counts the deliveries by state.
func states(c Coverage) map[DeliveryState]int {
	count := map[DeliveryState]int{}
	for _, d := range c.Deliveries {
		count[d.State]++
	}
	return count
}

func TestChecked(t *testing.T) {
	t.Parallel()
	c := fleet().Checked()
	if diff := cmp.Diff(map[Family]int{OpenChoreoFamily: 1, KubernetesFamily: 1, FluxFamily: 1, OtherFamily: 1}, c.Objects); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[DeliveryState]int{Built: 1, BuildFailed: 1, NotRead: 1}, states(c)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"one"}, c.Clusters); diff != "" || c.NotApplied != 1 {
		t.Errorf("%+v (-want +got)\n%s", c, diff)
	}
	r := fleet()
	r.Coverage = Coverage{Clusters: []string{"a", "b"}, Deliveries: []Delivery{}}
	if c := r.Checked(); len(c.Clusters) != 2 || len(c.Deliveries) != 0 || len(c.Objects) != 4 {
		t.Errorf("what the loader recorded is lost: %+v", c)
	}
}

// TestSkip: what a skipped file declares or alone applies is not checked, but stays declared.
func TestSkip(t *testing.T) {
	t.Parallel()
	r := fleet()
	r.Coverage.Deliveries = []Delivery{{Place: Place{File: "old.yaml"}, State: Built}, {Place: Place{File: "new.yaml"}, State: Built}}
	r.Skip(func(file string) bool { return file == "old.yaml" || file == "c.yaml" || file == "loose.yaml" })
	var names []string
	for _, o := range r.Objects {
		names = append(names, o.Ref.Name)
	}
	if diff := cmp.Diff([]string{"a", "d"}, names); diff != "" || len(r.Objects[0].AppliedBy) != 1 {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(r.Kustomizations) != 1 || len(r.Problems) != 1 || len(r.Loose) != 0 || len(r.Declared) != 4 || states(r.Checked())[Skipped] != 1 {
		t.Errorf("%+v", r)
	}
}
