package duplicates_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestPlaces: the place that is taken already is named.
func TestPlaces(t *testing.T) {
	t.Parallel()
	got := linttest.LinesOf(t, `apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: w, namespace: shop}
spec:
  owner: {projectName: demo, componentName: front}
  container: {image: i}
  endpoints: {http: {type: HTTP, port: 80}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: b, namespace: shop}
spec:
  owner: {projectName: demo, componentName: front}
  environment: development
  releaseName: front-20261121-1
---
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: p, namespace: shop}
spec:
  owner: {projectName: demo}
  environment: development
---
apiVersion: openchoreo.dev/v1alpha1
kind: Environment
metadata: {name: staging, namespace: shop}
spec: {}
`)
	want := []string{
		"5 error MultipleWorkloads: Workload shop/w is for front, and so is front-workload at front-workload.yaml:1",
		"14 error MultipleReleaseBindings: ReleaseBinding shop/b is for demo/front development, and so is front-development at front-development.yaml:1",
		"22 error MultipleProjectReleaseBindings: ProjectReleaseBinding shop/p is for demo development, and so is demo-development at demo-development.yaml:1",
		"24 error DuplicateObject: Environment shop/staging is also declared at staging.yaml:1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDuplicatesOfNoKustomization: in different folders they may be for different clusters, and without a namespace for different
// namespaces.
func TestDuplicatesOfNoKustomization(t *testing.T) {
	t.Parallel()
	const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"
	for name, c := range map[string]struct {
		text, first, second string
		by                  []facts.Ref
		want                trace.Severity
	}{
		"OneFolder":      {text, "a/one.yaml", "a/two.yaml", nil, trace.Error},
		"Examples":       {text, "docs/a/one.yaml", "docs/a/two.yaml", nil, trace.Warning},
		"AppliedExample": {text, "docs/a/one.yaml", "docs/a/two.yaml", []facts.Ref{index.Ref("Kustomization", "flux-system", "a")}, trace.Error},
		"Generated":      {text, "docs/a/one.yaml", "docs/b/two.yaml", []facts.Ref{{Group: "argoproj.io", Kind: "Application", Name: "generated"}}, trace.Warning},
		"TwoFolders":     {text, "a/one.yaml", "b/two.yaml", nil, trace.Warning},
		"Applied":        {text, "a/one.yaml", "b/two.yaml", []facts.Ref{index.Ref("Kustomization", "flux-system", "a")}, trace.Error},
		"NoNamespace":    {strings.Replace(text, ", namespace: shop", "", 1), "a/one.yaml", "b/two.yaml", nil, ""},
		"ClusterScoped":  {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {x: LABEL}}\n", "a/one.yaml", "b/two.yaml", nil, trace.Warning},
	} {
		r := &manifest.Repository{Declared: []facts.Ref{index.Ref("Kustomization", "flux-system", "a")}}
		for i, file := range []string{c.first, c.second} {
			parsed, err := manifest.Parse(file, []byte(strings.Replace(c.text, "LABEL", string(rune('a'+i)), 1)))
			if err != nil {
				t.Fatal(err)
			}
			d := &parsed.Documents[0]
			r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: file, AppliedBy: c.by})
		}
		var got trace.Severity
		for _, f := range linttest.Findings(t, r) {
			if f.Code == "DuplicateObject" {
				got = f.Severity
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestOwnersAreNamed in the order of their names, and the objects in that of the repository.
func TestOwnersAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		second []string // kinds that the second one applies
		want   []string
	}{
		"None":  {nil, nil},
		"One":   {[]string{"Project"}, []string{"Project shop/demo is applied by Kustomization flux-system/a and by Kustomization flux-system/b"}},
		"Three": {[]string{"Project", "Environment"}, []string{"Environment shop/development, with 2 more, is applied by Kustomization flux-system/a and by Kustomization flux-system/b"}},
	} {
		r := linttest.Repository(t, linttest.Shop)
		linttest.Delivered(t, r, "b", "", "Project", "Environment", "Component")
		linttest.Delivered(t, r, "a", "", c.second...)
		var got []string
		for _, f := range linttest.Findings(t, r) {
			if f.Code == "TwoOwners" {
				got = append(got, f.Message)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestOwnedTwiceByOne: two lists of one Kustomization are one owner.
func TestOwnedTwiceByOne(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	linttest.Delivered(t, r, "a", "", "Project", "Project")
	if got := linttest.Lines(t, r); got != nil {
		t.Errorf("%v", got)
	}
}

// TestDuplicatesOfOneDocument: what two Kustomizations make of one document, or kustomize generates, is no second document.
func TestDuplicatesOfOneDocument(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*manifest.Object){
		"SameDocument": func(*manifest.Object) {},
		"Generated":    func(o *manifest.Object) { o.Document = nil },
		"OtherCluster": func(o *manifest.Object) {
			o.Document = &manifest.Document{Ref: o.Ref, Body: o.Body, Place: manifest.Place{File: "other.yaml", Line: 1}}
			o.Cluster = "clusters/two"
		},
	} {
		r := linttest.Repository(t, linttest.Shop)
		again := r.Objects[0]
		change(&again)
		r.Objects = append(r.Objects, again)
		if got := linttest.Lines(t, r); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	r := linttest.Repository(t, linttest.Shop)
	r.Objects = append(r.Objects, r.Objects[0])
	r.Objects[len(r.Objects)-1].Document = &manifest.Document{Ref: facts.Ref{}, Place: manifest.Place{File: "other.yaml", Line: 1}}
	if diff := cmp.Diff([]string{"other.yaml error DuplicateObject"}, linttest.Lines(t, r)); diff != "" {
		t.Errorf("two documents (-want +got)\n%s", diff)
	}
}

// TestTwoOwners: paths that overlap are said once.
func TestTwoOwners(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	linttest.Delivered(t, r, "a", "", "Environment", "Project")
	linttest.Delivered(t, r, "b", "", "Environment")
	all := linttest.Findings(t, r)
	var names [][]string
	for _, f := range all {
		if f.Code == "TwoOwners" {
			names = append(names, f.Names)
		}
	}
	if diff := cmp.Diff([][]string{{"Environment shop/development", "Environment shop/staging"}}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
