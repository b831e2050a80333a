package index_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// indexed returns the index of objects that are declared and applied.
func indexed(t *testing.T, text string) *index.Index {
	t.Helper()
	return index.New(linttest.Repository(t, text), linttest.Schemas())
}

func choreo(kind, namespace, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: "openchoreo.dev", Kind: kind, Namespace: namespace, Name: name}
}

// TestRef: an object of OpenChoreo is in the namespace of the object that refers to it, unless its kind has none.
func TestRef(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"Project": "shop", "ComponentType": "shop", "Trait": "shop", "DataPlane": "shop",
		"ClusterComponentType": "", "ClusterTrait": "", "ClusterProjectType": "", "ClusterDataPlane": "",
		"Unknown": "shop",
	} {
		if diff := cmp.Diff(choreo(kind, want, "x"), index.Ref(kind, "shop", "x")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", kind, diff)
		}
	}
}

// TestIndexHoldsOpenChoreo: only objects of OpenChoreo are found by kind and by name; every applied object is declared.
func TestIndexHoldsOpenChoreo(t *testing.T) {
	t.Parallel()
	const foreign = "{apiVersion: example.com/v1, kind: Project, metadata: {name: demo, namespace: shop}}\n"
	r := linttest.Repository(t, foreign+linttest.Choreo("Project", "demo", "a: 1")+linttest.Choreo("Project", "other", "")+linttest.Choreo("Project", "demo", "a: 2"))
	r.Declared = []facts.Ref{choreo("Environment", "shop", "unbuilt")}
	w := index.New(r, linttest.Schemas())
	var names []string
	for _, o := range w.ByKind["Project"] {
		names = append(names, o.Ref.String())
	}
	if diff := cmp.Diff([]string{"Project shop/demo", "Project shop/other", "Project shop/demo"}, names); diff != "" {
		t.Errorf("by kind (-want +got)\n%s", diff)
	}
	if got := w.Find(choreo("Project", "shop", "demo")); got != &r.Objects[1] {
		t.Errorf("%v, want the first of two objects with one name", got)
	}
	for _, missing := range []facts.Ref{r.Objects[0].Ref, choreo("Environment", "shop", "unbuilt")} {
		if got := w.Find(missing); got != nil {
			t.Errorf("%s: %v", missing, got)
		}
	}
	want := map[facts.Ref]bool{r.Objects[0].Ref: true, r.Objects[1].Ref: true, r.Objects[2].Ref: true, r.Declared[0]: true}
	if diff := cmp.Diff(want, w.DeclaredRefs); diff != "" {
		t.Errorf("declared (-want +got)\n%s", diff)
	}
}

// TestFluxApplies: Flux applies objects of a repository that declares an object of Flux, anywhere in it.
func TestFluxApplies(t *testing.T) {
	t.Parallel()
	const group = "toolkit.fluxcd.io"
	for name, c := range map[string]struct {
		declared []facts.Ref
		want     bool
	}{
		"Nothing":    {nil, false},
		"OpenChoreo": {[]facts.Ref{choreo("Project", "a", "b")}, false},
		"ArgoCD":     {[]facts.Ref{{Group: "argoproj.io", Kind: "Application"}}, false},
		"First":      {[]facts.Ref{{Group: "kustomize." + group, Kind: "Kustomization"}, choreo("Project", "a", "b")}, true},
		"Last":       {[]facts.Ref{choreo("Project", "a", "b"), {Group: "source." + group, Kind: "GitRepository"}}, true},
	} {
		if got := index.New(&manifest.Repository{Declared: c.declared}, linttest.Schemas()).Flux; got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

// TestHas: an object is missing only if no file can declare it.
func TestHas(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Choreo("Environment", "dev", ""))
	r.Declared = append(r.Declared, choreo("Environment", "", "anywhere"), choreo("Environment", "other", "qa"))
	r.Unread = []string{"torn"}
	r.External = []manifest.External{{Kind: "Environment", Name: "prod*"}, {Kind: "Environment", Namespace: "shop", Name: "prod-eu"}, {Kind: "Environment", Name: "other"}}
	for name, c := range map[string]struct {
		ref    facts.Ref
		want   bool
		needed []bool
	}{
		"Declared":          {choreo("Environment", "shop", "dev"), true, []bool{false, false, false}},
		"OtherKind":         {choreo("Project", "shop", "dev"), false, []bool{false, false, false}},
		"OtherNamespace":    {choreo("Environment", "shop", "qa"), false, []bool{false, false, false}},
		"NamespaceByFlux":   {choreo("Environment", "shop", "anywhere"), true, []bool{false, false, false}},
		"Variable":          {choreo("Environment", "shop", "${ENV}-eu"), true, []bool{false, false, false}},
		"NoVariable":        {choreo("Environment", "shop", "$ENV"), false, []bool{false, false, false}},
		"Unread":            {choreo("Environment", "shop", "torn"), true, []bool{false, false, false}},
		"External":          {choreo("Environment", "web", "prod-eu"), true, []bool{true, false, false}},
		"ExternalTwice":     {choreo("Environment", "shop", "prod-eu"), true, []bool{true, true, false}},
		"ExternalOtherKind": {choreo("Project", "shop", "prod-eu"), false, []bool{false, false, false}},
	} {
		w := index.New(r, linttest.Schemas())
		if got := w.Has(c.ref); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
		if diff := cmp.Diff(c.needed, w.Needed); diff != "" {
			t.Errorf("%s: needed entries (-want +got)\n%s", name, diff)
		}
	}
}

// TestReport: a finding has its object, its severity and the line of the field; without a document, only the file is known.
func TestReport(t *testing.T) {
	t.Parallel()
	file, err := manifest.Parse("a.yaml", []byte("apiVersion: openchoreo.dev/v1alpha1\nkind: Project\nmetadata:\n  name: demo\nspec:\n  type:\n    name: default\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := &file.Documents[0]
	o := &manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: "a.yaml"}
	w := index.New(&manifest.Repository{}, linttest.Schemas())
	w.Report(o, "spec.type.name", trace.Warning, trace.Finding{Code: "A", Message: "m"}, "one", "two")
	w.Report(&manifest.Object{Ref: d.Ref, File: "generated.yaml"}, "spec.type.name", trace.Error, trace.Finding{Code: "B"})
	w.ReportAt(manifest.Place{File: "c.yaml", Line: 3}, facts.Ref{}, trace.Info, trace.Finding{Code: "C", Severity: trace.Error, Object: d.Ref})
	want := []index.Finding{
		{Finding: trace.Finding{Code: "A", Message: "m", Severity: trace.Warning, Object: d.Ref}, Place: manifest.Place{File: "a.yaml", Line: 7}, Names: []string{"one", "two"}},
		{Finding: trace.Finding{Code: "B", Severity: trace.Error, Object: d.Ref}, Place: manifest.Place{File: "generated.yaml"}},
		{Finding: trace.Finding{Code: "C", Severity: trace.Info}, Place: manifest.Place{File: "c.yaml", Line: 3}},
	}
	if diff := cmp.Diff(want, w.Findings); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSeveral: one name is itself, and more are the first with the number of the others.
func TestSeveral(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{"a": {"a"}, "a, with 1 more,": {"a", "b"}, "a, with 2 more,": {"a", "b", "c"}} {
		if got := index.Several(names); got != want {
			t.Errorf("%v: %q, want %q", names, got, want)
		}
	}
}
