package delivery_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// argo is an object of Argo CD, in one line. Its file has its name.
func argo(kind, namespace, name, spec string) string {
	return "{apiVersion: argoproj.io/v1alpha1, kind: " + kind + ", metadata: {name: " + name + ", namespace: " + namespace + "}, spec: {" + spec + "}}\n"
}

func application(namespace, name, project string) string {
	return argo("Application", namespace, name, "project: '"+project+"', destination: {name: in-cluster}, source: {repoURL: 'https://git.example.net/x', path: .}")
}

// TestAppProjects: a project that no file declares is reported if the repository shows that projects are declared here, because other
// Applications of the namespace name one, or because one that is declared may be meant.
func TestAppProjects(t *testing.T) {
	t.Parallel()
	project := func(namespace, name string) string { return argo("AppProject", namespace, name, "description: d") }
	set := func(project, more string) string {
		return argo("ApplicationSet", "argocd", "sets", "generators: [{list: {elements: [{project: shop}]}}], template: {metadata: {name: a}, spec: {project: '"+project+"', destination: {name: in-cluster}, source: {repoURL: 'https://git.example.net/x', path: .}}}"+more)
	}
	shop := project("argocd", "shop") + application("argocd", "one", "shop")
	const (
		missing = "two.yaml warning Application argocd/two names AppProject "
		here    = "the projects of other Applications are in this repository; Argo CD syncs nothing until the project exists"
	)
	for name, c := range map[string]struct{ text, want, hint string }{
		"Declared":           {shop + application("argocd", "two", "shop"), "", ""},
		"NoneDeclared":       {application("argocd", "one", "shop") + application("argocd", "two", "shp"), "", ""},
		"Default":            {shop + application("argocd", "two", "default"), "", ""},
		"Empty":              {shop + application("argocd", "two", ""), "", ""},
		"OnlyDefaultHere":    {project("argocd", "default") + application("argocd", "one", "default") + application("argocd", "two", "shop"), "", ""},
		"OtherIsHere":        {shop + application("argocd", "two", "payments"), missing + "payments", here},
		"Mistyped":           {project("argocd", "shop") + application("argocd", "two", "shp"), missing + "shp", "is AppProject argocd/shop meant?"},
		"Unnamed":            {project("argocd", "shop") + application("argocd", "two", "payments"), missing + "payments", "nothing names AppProject argocd/shop, which is in this repository: is it meant?"},
		"UnnamedElsewhere":   {project("other", "shop") + application("argocd", "two", "payments"), "", ""},
		"OfAnotherNamespace": {project("argocd", "shop") + application("teams", "two", "shop"), "", ""},
		"OtherArgoCD":        {strings.ReplaceAll(shop, "namespace: argocd", "namespace: other") + application("argocd", "two", "payments"), "", ""},
		"Variable":           {shop + application("argocd", "two", "${PROJECT}"), "", ""},
		"Template":           {shop + set("payments", ""), "sets.yaml warning ApplicationSet argocd/sets names AppProject payments", here},
		"Parameter":          {shop + set("{{project}}", ""), "", ""},
		"TemplatePatch":      {shop + set("payments", ", templatePatch: 'spec: {project: shop}'"), "", ""},
	} {
		r := linttest.Repository(t, linttest.Shop+c.text)
		got, hint := "", ""
		for _, f := range linttest.Findings(t, r) {
			if f.Code == "AppProjectNotFound" {
				got, hint = got+f.Place.File+" "+string(f.Severity)+" "+f.Message, f.Hint
			}
		}
		if c.want != "" {
			c.want += ", which is not in this repository"
		}
		if got != c.want || hint != c.hint {
			t.Errorf("%s: %q (%q), want %q (%q)", name, got, hint, c.want, c.hint)
		}
	}
}

// TestAppProjectsOfRoots: an Application that nothing applies counts, because a person applies it. One in a folder of examples does not, nor does
// a project there. A project of the list of external names is not missing.
func TestAppProjectsOfRoots(t *testing.T) {
	t.Parallel()
	text := argo("AppProject", "argocd", "shop", "description: d") + application("argocd", "one", "shop") + application("argocd", "two", "payments")
	repository := func(folder string, external ...manifest.External) *manifest.Repository {
		r := &manifest.Repository{External: external}
		for _, d := range linttest.Documents(t, text) {
			d.Place.File = folder + d.Place.File
			r.Unapplied = append(r.Unapplied, *d)
			r.Declared = append(r.Declared, d.Ref)
		}
		return r
	}
	for name, c := range map[string]struct {
		repository *manifest.Repository
		want       string
	}{
		"Root":     {repository("bootstrap/"), "bootstrap/two.yaml warning AppProjectNotFound Application argocd/two names AppProject payments, which is not in this repository"},
		"Example":  {repository("docs/"), ""},
		"External": {repository("bootstrap/", manifest.External{Kind: "AppProject", Name: "pay*", Place: manifest.Place{File: ".choreolint.yaml", Line: 2}}), ""},
	} {
		if got := linttest.Of(t, c.repository, "AppProjectNotFound"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestAppProjectsByCluster: each cluster has its own projects.
func TestAppProjectsByCluster(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, argo("AppProject", "argocd", "shop", "description: d")+application("argocd", "one", "shop")+
		argo("AppProject", "argocd", "payments", "description: d")+application("argocd", "two", "payments")+application("argocd", "three", "payments"))
	for i, o := range r.Objects {
		r.Objects[i].Cluster = "clusters/east"
		if o.Ref.Name == "payments" || o.Ref.Name == "two" {
			r.Objects[i].Cluster = "clusters/west"
		}
	}
	const want = "three.yaml warning AppProjectNotFound Application argocd/three names AppProject payments, which is not in this repository"
	if got := linttest.Of(t, r, "AppProjectNotFound"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
