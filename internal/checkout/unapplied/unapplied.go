// Package unapplied finds what is in the files that nothing in a repository applies: objects, and what should be one.
package unapplied

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Files are those of a checkout.
type Files struct {
	*files.Parsed
	Used      map[string]bool // files that are applied or that a build reads
	Undecided map[string]bool // files that a failed build may include
}

// Record adds to a Repository what is in the files that nothing applies, and all files that are not valid YAML.
func (f Files) Record(r *manifest.Repository) {
	for _, name := range f.Names {
		if f.Used[name] || f.Undecided[name] {
			continue
		}
		r.Unapplied = append(r.Unapplied, f.unapplied(name)...)
		r.Problems = append(r.Problems, f.Incomplete(name)...)
		r.Problems = append(r.Problems, f.withoutSource(name)...)
	}
	for _, name := range tree.Sorted(f.Broken) {
		for _, m := range namesIn.FindAllSubmatch(f.Files[name], -1) {
			r.Unread = append(r.Unread, string(m[1]))
		}
		if kind := f.problemOf(name); kind != manifest.ProblemUnknown {
			r.Problems = append(r.Problems, manifest.Problem{Kind: kind, Place: f.Broken[name].Place, Message: f.Broken[name].Message})
		}
	}
}

// unapplied returns the objects of a file without those of Flux itself: a person or a bootstrap applies them.
func (f Files) unapplied(name string) []manifest.Document {
	var found []manifest.Document
	for _, d := range f.Documents[name] {
		if !strings.HasSuffix(d.Ref.Group, ".fluxcd.io") && d.Ref.Group != kinds.FluxOperator {
			found = append(found, *d)
		}
	}
	return found
}

// withoutSource reports the Kustomizations of Flux without a source, which Flux requires (kustomize-controller v1.9.3
// api/v1/kustomization_types.go). A patch has none either, but not the other required fields, spec.interval and spec.prune.
func (f Files) withoutSource(name string) []manifest.Problem {
	var found []manifest.Problem
	for _, d := range f.Documents[name] {
		spec := kinds.Fields(d.Body.Object, "spec")
		_, hasInterval := spec["interval"]
		_, hasPrune := spec["prune"]
		if d.Ref.Group != kinds.FluxKustomize || d.Ref.Kind != "Kustomization" || !hasInterval || !hasPrune || kinds.Text(d.Body, "spec", "sourceRef", "name") != "" {
			continue
		}
		at, message := d.At("spec"), "this Kustomization has no spec.sourceRef.name"
		for _, key := range slices.Sorted(maps.Keys(spec)) {
			if key == "sourceRef" || suggest.OneEdit(key, "sourceRef") {
				at, message = d.At("spec."+key), message+"; see the field "+key
			}
		}
		found = append(found, manifest.Problem{Kind: manifest.Incomplete, Place: at, Message: message})
	}
	return found
}

// problemOf returns the kind of problem that an invalid file is, ProblemUnknown for none. A file that is not applied need not be YAML; chart
// templates are not, for example. Such a file is an error if it mentions the API group of OpenChoreo or of what delivers, outside a chart: a
// person or a bootstrap may apply it.
func (f Files) problemOf(name string) manifest.ProblemKind {
	switch {
	case f.Used[name], delivers.Match(f.Files[name]) && !f.InChart(name) && !f.IsTemplate(name) && !f.IsTestData(name):
		return manifest.NotParsed
	case !f.Undecided[name] && !f.IsTestData(name) && f.IsManifest(name):
		return manifest.NotParsedUnapplied
	}
	return manifest.ProblemUnknown
}

// namesIn finds names in a file that cannot be parsed.
var namesIn = regexp.MustCompile(`\bname: *["']?([a-z0-9][a-z0-9.-]*)`)

// delivers matches the apiVersion of objects of OpenChoreo, Flux and Argo CD.
var delivers = regexp.MustCompile(`\bapiVersion: *["']?(openchoreo\.dev|[a-z]+\.toolkit\.fluxcd\.io|fluxcd\.controlplane\.io|source\.extensions\.fluxcd\.io|argoproj\.io)/`)
