package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func kustomizationRef(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// delivered declares a Kustomization, and lets it apply the objects of some kinds.
func delivered(t *testing.T, r *manifest.Repository, name, dependsOn string, applies ...string) {
	t.Helper()
	d := documents(t, "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: "+name+", namespace: flux-system}, spec: {interval: 5m, prune: true, sourceRef: {kind: GitRepository, name: fleet}, path: ./"+name+", dependsOn: ["+dependsOn+"]}}")[0]
	r.Kustomizations = append(r.Kustomizations, manifest.Kustomization{Object: manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File}, Folder: name})
	r.Declared = append(r.Declared, d.Ref)
	for i, o := range r.Objects {
		for _, kind := range applies {
			if o.Ref.Kind == kind {
				r.Objects[i].AppliedBy = append(r.Objects[i].AppliedBy, d.Ref)
			}
		}
	}
}

func TestBindingsBeforeReleases(t *testing.T) {
	t.Parallel()
	early := []string{"front-development.yaml warning BindingBeforeRelease"}
	for name, c := range map[string]struct {
		dependsOn string
		together  bool
		want      []string
	}{
		"NoOrder":    {"", false, early},
		"OtherOrder": {"{name: platform}", false, early},
		"Ordered":    {"{name: releases}", false, nil},
		"Indirectly": {"{name: middle}", false, nil},
		"Together":   {"", true, nil},
	} {
		r := repository(t, shop)
		delivered(t, r, "platform", "")
		delivered(t, r, "releases", "", "ComponentRelease")
		delivered(t, r, "middle", "{name: releases}")
		if c.together {
			delivered(t, r, "both", "", "ComponentRelease", "ReleaseBinding")
		} else {
			delivered(t, r, "bindings", c.dependsOn, "ReleaseBinding")
		}
		got := found(t, r)
		got = without(got, "TwoOwners")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestManyBindingsBeforeReleases: where the same two Kustomizations hold many of them, that is said once, with their number.
func TestManyBindingsBeforeReleases(t *testing.T) {
	t.Parallel()
	r := repository(t, shop+binding("b", "staging", "releaseName: front-20261121-1, state: Undeploy"))
	delivered(t, r, "releases", "", "ComponentRelease")
	delivered(t, r, "bindings", "", "ReleaseBinding")
	var messages []string
	for _, f := range judge(t, r) {
		if f.Code == "BindingBeforeRelease" {
			messages = append(messages, f.Message)
		}
	}
	if len(messages) != 1 || !strings.HasSuffix(messages[0], "; 1 more likewise") {
		t.Errorf("%q", messages)
	}
}

func without(lines []string, code string) []string {
	var kept []string
	for _, l := range lines {
		if !strings.HasSuffix(l, " "+code) {
			kept = append(kept, l)
		}
	}
	return kept
}

func TestKustomizationsWait(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	delivered(t, r, "a", "{name: b}")
	delivered(t, r, "b", "{name: c}")
	delivered(t, r, "c", "{name: a}")
	delivered(t, r, "d", "{name: a}, {name: gone}")
	want := []string{"a.yaml error DependencyCycle", "b.yaml error DependencyCycle", "c.yaml error DependencyCycle", "d.yaml warning KustomizationNotFound"}
	if diff := cmp.Diff(want, found(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestTwoOwners: paths that overlap are said once.
func TestTwoOwners(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	delivered(t, r, "a", "", "Environment", "Project")
	delivered(t, r, "b", "", "Environment")
	all := judge(t, r)
	var names [][]string
	for _, f := range all {
		if f.Code == "TwoOwners" {
			names = append(names, f.names)
		}
	}
	if diff := cmp.Diff([][]string{{"Environment shop/development", "Environment shop/staging"}}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestClustersDoNotMeet: what is there for each of two clusters is there once.
func TestClustersDoNotMeet(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	again := repository(t, shop)
	for i := range r.Objects {
		r.Objects[i].Cluster, again.Objects[i].Cluster = "clusters/one", "clusters/two"
	}
	r.Objects = append(r.Objects, again.Objects...)
	if got := found(t, r); got != nil {
		t.Errorf("%v", got)
	}
}

// TestNamespaces: Flux has no namespace of its own to put an object into.
func TestNamespaces(t *testing.T) {
	t.Parallel()
	lost := "{apiVersion: v1, kind: ConfigMap, metadata: {name: lost}}"
	r := repository(t, lost+"\n{apiVersion: v1, kind: Namespace, metadata: {name: n}}\n{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}}")
	if got := found(t, r); got != nil {
		t.Errorf("applied by hand: %v", got)
	}
	r.Objects[0].AppliedBy = []facts.Ref{{Plane: facts.Control, Group: "argoproj.io", Kind: "Application", Namespace: "argocd", Name: "apps"}}
	if got := found(t, r); got != nil {
		t.Errorf("Argo CD has spec.destination.namespace: %v", got)
	}
	r.Objects[0].AppliedBy = nil
	delivered(t, r, "a", "", "ConfigMap", "Namespace", "Thing")
	if diff := cmp.Diff([]string{"lost.yaml error KustomizationApplyFailed"}, found(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNeverApplied(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	delivered(t, r, "apps", "")
	for file, text := range map[string]string{
		"drafts/c.yaml":   choreo("Component", "c", "") + choreo("Component", "d", ""),
		"apps/limit.yaml": "{apiVersion: v1, kind: LimitRange, metadata: {name: l}}",
		"types/t.yaml":    "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterTrait, metadata: {name: t}}",
		"apps/trait.yaml": "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterTrait, metadata: {name: u}}",
		"hack/kind.yaml":  "{apiVersion: kind.x-k8s.io/v1alpha4, kind: Cluster, metadata: {name: k}}",
	} {
		for _, d := range documents(t, text) {
			d.Place.File = file
			r.Loose = append(r.Loose, *d)
		}
	}
	want := []string{"apps/limit.yaml warning NeverApplied", "apps/trait.yaml warning NeverApplied", "drafts/c.yaml warning NeverApplied", "types/t.yaml info NeverApplied"}
	if diff := cmp.Diff(want, found(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSourceOfOneKustomization: one that alone names a source, which is not declared, but applies a folder of this repository.
func TestSourceOfOneKustomization(t *testing.T) {
	t.Parallel()
	const declared = "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: %s, namespace: flux-system}, spec: {interval: 1m, url: https://git.example.net/x}}"
	for name, c := range map[string]struct {
		sources  []string // of the Kustomizations
		declared string
		folder   string // of the last one; default its name
		want     string
	}{
		"AllTheSame":       {[]string{"fleet", "fleet"}, "", "", ""},
		"Mistyped":         {[]string{"fleet", "fleet", "flet"}, "", "", "its path is a folder of this repository: is GitRepository flux-system/fleet meant?"},
		"OtherDeclared":    {[]string{"fleet", "flet"}, "fleet", "", "its path is a folder of this repository: is GitRepository flux-system/fleet meant?"},
		"Declared":         {[]string{"fleet", "fleet", "flet"}, "flet", "", ""},
		"EachItsOwn":       {[]string{"fleet", "flet"}, "", "", ""},
		"NamedBySeveral":   {[]string{"fleet", "fleet", "flet", "flet"}, "", "", ""},
		"TheWholeOfTheirs": {[]string{"fleet", "fleet", "flet"}, "", ".", ""},
		"Variable":         {[]string{"fleet", "fleet", "${SOURCE}"}, "", "", ""},
	} {
		r := repository(t, shop)
		for i, source := range c.sources {
			delivered(t, r, fmt.Sprint("k", i), "")
			last := &r.Kustomizations[len(r.Kustomizations)-1]
			if err := unstructured.SetNestedField(last.Body.Object, source, "spec", "sourceRef", "name"); err != nil {
				t.Fatal(err)
			}
			if i == len(c.sources)-1 && c.folder != "" {
				last.Folder = c.folder
			}
		}
		if c.declared != "" {
			d := documents(t, fmt.Sprintf(declared, c.declared))[0]
			r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d})
			r.Declared = append(r.Declared, d.Ref)
		}
		got := ""
		for _, f := range judge(t, r) {
			if f.Code == "SourceNotFound" {
				got += f.Hint
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
