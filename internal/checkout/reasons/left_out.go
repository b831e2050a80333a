package reasons

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// LeftOut returns the files that declare an object which nothing applies at the revision, with the reason if it is known; else the branches
// that have it. An object without a name is one of the component. dir is the clone.
func (f *Finder) LeftOut(ctx context.Context, dir string, object facts.Ref, component string) []facts.UnappliedFile {
	is := func(ref facts.Ref, body *unstructured.Unstructured) bool {
		return ref.Group == object.Group && ref.Kind == object.Kind && (ref.Namespace == object.Namespace || ref.Namespace == "") &&
			(ref.Name == object.Name || object.Name == "" && kinds.Text(body, "spec", "owner", "componentName") == component)
	}
	for i := range f.clone.Objects {
		if is(f.clone.Objects[i].Ref, f.clone.Objects[i].Body) {
			return nil // it is applied, or will be
		}
	}
	var all []facts.UnappliedFile
	for _, d := range f.clone.Unapplied {
		if is(d.Ref, d.Body) {
			u := facts.UnappliedFile{Object: object, File: d.Place.File, Line: d.Place.Line}
			if r, found := f.ignored(u.File); found {
				u.Excluded, u.By, u.ByFile, u.ByLine = true, r.Text+excludes, r.Place.File, r.Place.Line
			}
			all = append(all, u)
		}
	}
	if len(all) > 0 {
		return all
	}
	for _, file := range gitrev.Declaring(ctx, dir, f.clone.Commit, object, component) {
		all = append(all, f.excludedIn(file, object))
	}
	if len(all) > 0 {
		return all
	}
	for _, on := range gitrev.Branches(ctx, dir, f.clone.Commit, object, component) {
		all = append(all, facts.UnappliedFile{Object: object, File: on.File, Branch: on.Branch})
	}
	return all
}

// excludes ends the sentence about a pattern.
const excludes = " excludes its file"

// excludedIn is an object in a file that is read or excluded, and that is not among what is applied.
func (f *Finder) excludedIn(file string, object facts.Ref) facts.UnappliedFile {
	u := facts.UnappliedFile{Object: object, File: file, Excluded: true}
	d := f.document(file, object)
	if d == nil {
		return u
	}
	u.Line = d.Place.Line
	if r, found := f.ignored(file); found {
		u.By, u.ByFile, u.ByLine = r.Text+excludes, r.Place.File, r.Place.Line
		return u
	}
	for _, p := range f.patches(nil) {
		if line, found := p.removes(d.Ref, d.Body); found {
			place := p.at(line)
			u.By, u.ByFile, u.ByLine = "a patch removes it", place.File, place.Line
			return u
		}
	}
	return u
}
