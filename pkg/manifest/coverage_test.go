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
		Unapplied:      []Document{{Place: Place{File: "loose.yaml"}}},
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
	if diff := cmp.Diff([]string{"one"}, c.Clusters); diff != "" || c.NotApplied != 1 {
		t.Errorf("%+v (-want +got)\n%s", c, diff)
	}
	r := fleet()
	r.Coverage = Coverage{Clusters: []string{"a", "b"}, Deliveries: []Delivery{{State: Skipped}}}
	if c := r.Checked(); len(c.Clusters) != 2 || len(c.Deliveries) != 1 || len(c.Objects) != 4 {
		t.Errorf("what the loader recorded is lost: %+v", c)
	}
}

// TestFamilyOf: groups of Kubernetes have no dot, or end in k8s.io.
func TestFamilyOf(t *testing.T) {
	t.Parallel()
	for group, want := range map[string]Family{
		"": KubernetesFamily, "apps": KubernetesFamily, "rbac.authorization.k8s.io": KubernetesFamily, "gateway.networking.k8s.io": KubernetesFamily, "k8s.io.example.com": OtherFamily, "notk8s.io": OtherFamily,
		"openchoreo.dev": OpenChoreoFamily, "internal.openchoreo.dev": OpenChoreoFamily, "notopenchoreo.dev": OtherFamily,
		"kustomize.toolkit.fluxcd.io": FluxFamily, "source.extensions.fluxcd.io": FluxFamily, "fluxcd.controlplane.io": FluxFamily, "controlplane.io": OtherFamily,
		"argoproj.io": OtherFamily, "cert-manager.io": OtherFamily,
	} {
		if got := FamilyOf(facts.Ref{Group: group, Kind: "K"}); got != want {
			t.Errorf("%q: %s, want %s", group, got, want)
		}
	}
}

// TestCheckedClusters: without a record, the clusters are those of the objects, each once. What is recorded is not counted again.
func TestCheckedClusters(t *testing.T) {
	t.Parallel()
	r := &Repository{Objects: []Object{{Cluster: "b"}, {Cluster: "a"}, {Cluster: "b"}}, Unapplied: make([]Document, 2)}
	if diff := cmp.Diff(Coverage{Clusters: []string{"a", "b"}, Objects: map[Family]int{KubernetesFamily: 3}, NotApplied: 2}, r.Checked()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	recorded := Coverage{Clusters: []string{"c"}, Deliveries: []Delivery{{State: Skipped}}, Objects: map[Family]int{FluxFamily: 7}, NotApplied: 9, Against: &Against{Changed: 1}}
	r.Coverage = recorded
	if diff := cmp.Diff(recorded, r.Checked()); diff != "" {
		t.Errorf("recorded (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{}, (&Repository{}).Checked().Clusters); diff != "" {
		t.Errorf("nothing (-want +got)\n%s", diff)
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
	if len(r.Kustomizations) != 1 || len(r.Problems) != 1 || len(r.Unapplied) != 0 || len(r.Declared) != 4 || states(r.Checked())[Skipped] != 1 {
		t.Errorf("%+v", r)
	}
}
