package trace

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/reasons"
	revisions "github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/remote"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// inClone adds to the error about a component that the cluster does not have where the clone declares it, and what applies that file.
func (o *options) inClone(ctx context.Context, s *facts.Snapshot, err error) error {
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: s.Subject.Namespace, Name: s.Subject.Component}
	if o.reader.Snapshot != "" || s.Object(ref).Outcome != facts.Absent {
		return err
	}
	revision := cmp.Or(o.reader.Revision, "HEAD")
	if revision == remote.Keyword {
		revision = "HEAD"
	}
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	texts := gitrev.Texts(ctx, o.reader.Repo, revision, ref, ref.Name)
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		parsed, _ := manifest.Parse(file, texts[file]) // up to a syntax error
		for _, d := range parsed.Documents {
			if d.Ref.Kind == ref.Kind && d.Ref.Group == ref.Group && d.Ref.Name == ref.Name {
				return fmt.Errorf("%w; the clone declares it at %s%s", err, d.Place, o.applies(ctx, revision, ref, file))
			}
		}
	}
	return err
}

// applies says what applies an object of a file at a revision, or why nothing does; "" if the clone cannot be built.
func (o *options) applies(ctx context.Context, revision string, ref facts.Ref, file string) string {
	clone, err := revisions.Load(ctx, checkout.Options{Dir: o.reader.Repo}, revision, nil)
	if err != nil {
		return ""
	}
	for _, object := range clone.Objects {
		if object.Ref == ref && len(object.AppliedBy) > 0 {
			return fmt.Sprintf(": %s applies it, and has not created it yet", object.AppliedBy[0])
		}
	}
	for _, u := range reasons.New(clone, nil).LeftOut(ctx, o.reader.Repo, ref, ref.Name) {
		if u.File == file && u.ByFile != "" {
			return fmt.Sprintf(": %s (%s)", u.By, manifest.Place{File: u.ByFile, Line: u.ByLine})
		}
		if u.File == file {
			return ": " + u.Why()
		}
	}
	return ""
}
