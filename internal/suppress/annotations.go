package suppress

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Annotation suppresses findings about the object that has it. Its value is a list of codes, and a reason: "CODE, CODE: reason".
const Annotation = "kubectl-choreo.dev/lint-ignore"

// ignored is the annotation of one document.
type ignored struct {
	codes []string
	place manifest.Place
	used  map[string]bool
}

// annotations are those of a repository. Kustomize may rename an object, so a finding is matched by its place, and only without a
// document by its object.
type annotations struct {
	byDocument map[*manifest.Document]*ignored
	byRef      map[facts.Ref]*ignored
	files      map[string][]*manifest.Document // the documents of files with an annotation, by line
	all        []*ignored
}

func newAnnotations(r *manifest.Repository) *annotations {
	a := &annotations{byDocument: map[*manifest.Document]*ignored{}, byRef: map[facts.Ref]*ignored{}, files: map[string][]*manifest.Document{}}
	for _, o := range objectsOf(r) {
		value := o.Body.GetAnnotations()[Annotation]
		if value == "" && o.Document != nil {
			value = o.Document.Body.GetAnnotations()[Annotation]
		}
		if value != "" {
			a.add(o, value)
		}
	}
	for _, o := range objectsOf(r) {
		if o.Document == nil {
			continue
		}
		file := o.Document.Place.File
		if documents, has := a.files[file]; has && !slices.Contains(documents, o.Document) {
			a.files[file] = append(documents, o.Document)
		}
	}
	for _, documents := range a.files {
		slices.SortFunc(documents, func(x, y *manifest.Document) int { return cmp.Compare(x.Place.Line, y.Place.Line) })
	}
	return a
}

// objectsOf are all objects of a repository that can have an annotation.
func objectsOf(r *manifest.Repository) []manifest.Object {
	all := slices.Clone(r.Objects)
	for _, k := range r.Kustomizations {
		all = append(all, k.Object)
	}
	for i := range r.Unapplied {
		d := &r.Unapplied[i]
		all = append(all, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File})
	}
	return all
}

func (a *annotations) add(o manifest.Object, value string) {
	one := a.byDocument[o.Document]
	if one == nil || o.Document == nil {
		codes, _, _ := strings.Cut(value, ":")
		one = &ignored{place: o.At("metadata.annotations[" + Annotation + "]"), used: map[string]bool{}}
		for _, code := range strings.Split(codes, ",") {
			one.codes = append(one.codes, strings.TrimSpace(code))
		}
		a.all = append(a.all, one)
	}
	a.byRef[o.Ref] = one
	if o.Document != nil {
		a.byDocument[o.Document], a.files[o.Document.Place.File] = one, nil
	}
}

// suppress reports whether an annotation names the code of a finding.
func (a *annotations) suppress(f lint.Finding) bool {
	one := a.of(f)
	if one == nil || !slices.Contains(one.codes, string(f.Code)) {
		return false
	}
	one.used[string(f.Code)] = true
	return true
}

func (a *annotations) of(f lint.Finding) *ignored {
	if at := a.documentAt(f.File, f.Line); at != nil {
		return a.byDocument[at]
	}
	return a.byRef[f.Object]
}

// documentAt returns the document of a line of a file; nil if the file has no annotation.
func (a *annotations) documentAt(file string, line int) *manifest.Document {
	documents := a.files[file]
	for i, d := range documents {
		end := math.MaxInt
		if i+1 < len(documents) {
			end = documents[i+1].Place.Line
		}
		if line >= d.Place.Line && line < end {
			return d
		}
	}
	return nil
}

// unused are the codes of annotations that suppress nothing. checked reports whether this run can find a code.
func (a *annotations) unused(checked func(code string) bool) []lint.Finding {
	var found []lint.Finding
	for _, one := range a.all {
		for _, code := range one.codes {
			f := lint.Unused(fmt.Sprintf("the annotation %s suppresses no %s of this object", Annotation, code))
			if err := checkCode(code); err != nil {
				f.Severity, f.Hint = trace.Warning, "its value is a list of codes and a reason, such as PlaintextSecret, TwoOwners: test data"
				f.Message = fmt.Sprintf("the annotation %s names an %s", Annotation, err)
			} else if one.used[code] || !checked(code) {
				continue
			}
			found = append(found, lint.Finding{Finding: f, File: one.place.File, Line: one.place.Line})
		}
	}
	return found
}
