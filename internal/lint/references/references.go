// Package references has the rules about names of other objects of OpenChoreo.
package references

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Rules are about names of other objects of OpenChoreo.
func Rules() index.Rules {
	return index.Rules{
		Repository: []index.Rule{installed},
		Cluster:    []index.Rule{references, dependencies, secretReferences, secretKeys, cells, workloadTypes, workflowParameters, workloadProjects},
	}
}

// target is what a field of an object names.
type target struct {
	code       trace.Code
	path       string
	kind, name string
}

// references lead somewhere. What another repository may hold cannot be missed: where a repository declares no object of
// the kind at all, that is said once for the kind, and no reference to it fails.
func references(ix *index.Index) {
	unchecked := map[string][]location{}
	seen := map[location]bool{}
	for i := range ix.Objects {
		o := &ix.Objects[i]
		if o.Ref.Group != kinds.OpenChoreo {
			continue
		}
		for _, t := range targets(o) {
			at := location{o.Document, o.File, t.path}
			if t.name == "" || resolve(ix, o, t) || seen[at] {
				continue
			}
			seen[at] = true
			unchecked[t.kind] = append(unchecked[t.kind], at)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(unchecked)) {
		count := "this reference to kind " + kind + " was"
		if n := len(unchecked[kind]); n > 1 {
			count = fmt.Sprintf("%d references to kind %s, this one first, were", n, kind)
		}
		ix.ReportAt(unchecked[kind][0].place(), index.Ref(kind, "", ""), trace.Info, trace.Finding{
			Code:    trace.CodeReferencesNotChecked,
			Message: count + " not checked: this repository declares no " + kind,
			Hint:    "what they name must be in the cluster, or come from another repository",
		})
	}
}

// workloadProjects are those of Workloads, if the repository declares projects. Their components name them as well.
func workloadProjects(ix *index.Index) {
	for _, o := range ix.ByKind["Workload"] {
		if t := ownerProject(o); t.name != "" && declares(ix, t.kind) {
			resolve(ix, o, t)
		}
	}
}

// location is a field of a document, which several Kustomizations may apply.
type location struct {
	document *manifest.Document
	file     string
	path     string
}

func (s location) place() manifest.Place {
	return manifest.Object{Document: s.document, File: s.file}.At(s.path)
}

// resolve reports what is missing; false where that cannot be known.
func resolve(ix *index.Index, o *manifest.Object, t target) bool {
	missing := index.Ref(t.kind, o.Ref.Namespace, t.name)
	if ix.Has(missing) {
		return true
	}
	f := trace.Finding{Code: t.code, Message: fmt.Sprintf("%s names %s, which is not in this repository", o.Ref, missing)}
	if other := otherScope(t.kind); other != "" && ix.Has(index.Ref(other, o.Ref.Namespace, t.name)) {
		f.Hint = fmt.Sprintf("there is a %s of that name: say kind: %s", other, other)
		ix.Report(o, t.path, trace.Error, f)
		return true
	}
	if !declares(ix, t.kind) {
		return false
	}
	if _, known := ix.Installed[missing]; known {
		return true
	}
	if near := near(ix, t.kind, t.name); near != "" {
		f.Hint = fmt.Sprintf("is %s meant?", near)
	}
	ix.Report(o, t.path, trace.Error, f)
	return true
}

func declares(ix *index.Index, kind string) bool { return len(ix.ByKind[kind]) > 0 }

// otherScope is the kind of the same meaning with the other scope. Which one is meant when none is said differs from field
// to field (openchoreo v1.2.3 api/v1alpha1), and is often guessed wrong.
func otherScope(kind string) string {
	if rest, cluster := strings.CutPrefix(kind, "Cluster"); cluster {
		return rest
	}
	if _, known := kinds.Lookup(kinds.OpenChoreo, "Cluster"+kind); known {
		return "Cluster" + kind
	}
	return ""
}

// near is an object whose namespace is another, or whose name differs in a letter; "" where there is none.
func near(ix *index.Index, kind, name string) string {
	for _, o := range ix.ByKind[kind] {
		if o.Ref.Name == name {
			return o.Ref.String()
		}
	}
	for _, o := range ix.ByKind[kind] {
		if suggest.OneEdit(o.Ref.Name, name) {
			return o.Ref.String()
		}
	}
	return ""
}
