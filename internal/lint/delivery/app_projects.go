package delivery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// defaultProject is the AppProject that Argo CD creates itself. An Application without a project has it (argo-cd v3
// pkg/apis/application/v1alpha1/types.go, DefaultAppProjectName, GetProject).
const defaultProject = "default"

// appProjects are those of the Applications in one cluster.
func appProjects(w *index.Index) { missingProjects(w, appliedObjects(w)) }

// rootAppProjects are those of the Applications that nothing in the repository applies. They may be in any cluster.
func rootAppProjects(w *index.Index) { missingProjects(w, rootObjects(w)) }

// appliedObjects are those of Argo CD. Examples count if something applies them.
func appliedObjects(w *index.Index) []*manifest.Object {
	var all []*manifest.Object
	for i := range w.Objects {
		if o := &w.Objects[i]; o.Ref.Group == kinds.ArgoCD && (len(o.AppliedBy) > 0 || !index.IsExample(o.File)) {
			all = append(all, o)
		}
	}
	return all
}

// rootObjects are those of Argo CD that nothing applies: a person or a bootstrap does, but not examples.
func rootObjects(w *index.Index) []*manifest.Object {
	var all []*manifest.Object
	for i := range w.Unapplied {
		if d := &w.Unapplied[i]; d.Ref.Group == kinds.ArgoCD && !index.IsExample(d.Place.File) {
			all = append(all, rootObject(d))
		}
	}
	return all
}

// missingProjects: Argo CD syncs no Application whose project does not exist (argo-cd v3 util/argo/argo.go, ValidatePermissions). Most
// repositories leave projects to another one, or to a person. One that is not declared is an omission only if the repository has evidence
// that projects are declared here. A project is in the namespace of Argo CD, and Applications may be in others (argo-cd v3
// docs/operator-manual/app-any-namespace.md).
func missingProjects(w *index.Index, all []*manifest.Object) {
	projects := projectsOf(w)
	if len(projects.declared) == 0 {
		return
	}
	for _, o := range all {
		name, path := projectOf(o)
		if name == "" || projects.exists[name] || w.Has(appProject(o.Ref.Namespace, name)) {
			continue
		}
		if hint := projects.meant(o.Ref.Namespace, name); hint != "" {
			w.Report(o, path, trace.Warning, trace.Finding{
				Code: trace.CodeAppProjectNotFound, Message: fmt.Sprintf("%s names %s, which is not in this repository", o.Ref, appProject("", name)), Hint: hint,
			})
		}
	}
}

func appProject(namespace, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.ArgoCD, Kind: "AppProject", Namespace: namespace, Name: name}
}

// projectOf returns the project that an Application, or the template of an ApplicationSet, names, and the field; "" for the default one, and for
// a name that is not known. A templatePatch may set another one.
func projectOf(o *manifest.Object) (name, path string) {
	switch {
	case o.Ref.Kind == "Application":
		name, path = kinds.Text(o.Body, "spec", "project"), "spec.project"
	case o.Ref.Kind == "ApplicationSet" && kinds.Text(o.Body, "spec", "templatePatch") == "":
		name, path = kinds.Text(o.Body, "spec", "template", "spec", "project"), "spec.template.spec.project"
	}
	if name == defaultProject || strings.Contains(name, "${") || strings.Contains(name, "{{") {
		return "", ""
	}
	return name, path
}

// projects are the AppProjects of a repository without the default one.
type projects struct {
	declared []facts.Ref // sorted, without examples
	exists   map[string]bool
	named    map[string]bool // by Applications
	// used are the namespaces of the Applications that name one of the declared.
	used map[string]bool
}

func projectsOf(w *index.Index) projects {
	p := projects{exists: map[string]bool{}, named: map[string]bool{}, used: map[string]bool{}}
	for r := range w.DeclaredRefs {
		if r.Group == kinds.ArgoCD && r.Kind == "AppProject" {
			p.exists[r.Name] = true
		}
	}
	if len(p.exists) == 0 {
		return p
	}
	all := slices.Concat(appliedObjects(w), rootObjects(w))
	for _, o := range all {
		if o.Ref.Kind == "AppProject" && o.Ref.Name != defaultProject {
			p.declared = append(p.declared, o.Ref)
		}
		if name, _ := projectOf(o); name != "" {
			p.named[name] = true
			p.used[o.Ref.Namespace] = p.used[o.Ref.Namespace] || p.exists[name]
		}
	}
	slices.SortFunc(p.declared, func(a, b facts.Ref) int { return cmp.Compare(a.String(), b.String()) })
	return p
}

// meant returns a hint about the declared project that a missing one may stand for, or about those of other Applications; "" if nothing shows
// that it should be declared here.
func (p projects) meant(namespace, missing string) string {
	var near, unnamed facts.Ref
	for _, r := range slices.Backward(p.declared) {
		switch {
		case suggest.OneEdit(r.Name, missing):
			near = r
		case !p.named[r.Name] && r.Namespace == namespace:
			unnamed = r
		}
	}
	switch {
	case !near.IsZero():
		return fmt.Sprintf("is %s meant?", near)
	case !unnamed.IsZero():
		return fmt.Sprintf("nothing names %s, which is in this repository: is it meant?", unnamed)
	case p.used[namespace]:
		return "the projects of other Applications are in this repository; Argo CD syncs nothing until the project exists"
	}
	return ""
}
