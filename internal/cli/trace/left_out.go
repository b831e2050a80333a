package trace

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	component "github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	revisions "github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// buildTimeout bounds the build of a clone: a trace does without it.
const buildTimeout = 10 * time.Second

// leftOut finds the file of an object of the component that is missing in the cluster: nothing applies it at the wanted revision, or only
// another branch has it.
func (o *options) leftOut(ctx context.Context, s *facts.Snapshot, f *trace.Failure) []facts.UnappliedFile {
	if f == nil || f.Object.Group != kinds.OpenChoreo || f.Object.Name != "" && s.Object(f.Object).Outcome != facts.Absent {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	v := delivery.Resolve(component.New(s, s.TakenAt, engines.All()))
	repository, _, err := revisions.Load(ctx, checkout.Options{Dir: o.reader.Repo}, s.Wanted.Commit, applied(v))
	if err != nil {
		return nil
	}
	if _, unbuilt := compare.Unbuilt(v, repository); unbuilt {
		return nil
	}
	isMissing := func(ref facts.Ref, body *unstructured.Unstructured) bool {
		return ref.Group == f.Object.Group && ref.Kind == f.Object.Kind && (ref.Namespace == f.Object.Namespace || ref.Namespace == "") &&
			(ref.Name == f.Object.Name || f.Object.Name == "" && kinds.Text(body, "spec", "owner", "componentName") == v.ComponentName)
	}
	for i := range repository.Objects {
		if isMissing(repository.Objects[i].Ref, repository.Objects[i].Body) {
			return nil // it is applied, or will be
		}
	}
	var all []facts.UnappliedFile
	for _, d := range repository.Unapplied {
		if isMissing(d.Ref, d.Body) {
			all = append(all, facts.UnappliedFile{Object: f.Object, File: d.Place.File, Line: d.Place.Line})
		}
	}
	if len(all) > 0 {
		return all
	}
	for _, file := range gitrev.Declaring(ctx, o.reader.Repo, s.Wanted.Commit, f.Object, v.ComponentName) {
		all = append(all, facts.UnappliedFile{Object: f.Object, File: file, Excluded: true})
	}
	if len(all) > 0 {
		return all
	}
	for _, on := range gitrev.Branches(ctx, o.reader.Repo, s.Wanted.Commit, f.Object, v.ComponentName) {
		all = append(all, facts.UnappliedFile{Object: f.Object, File: on.File, Branch: on.Branch})
	}
	return all
}

// applied are what delivers the component in the cluster, with its sources.
func applied(v *component.Component) []*unstructured.Unstructured {
	var all []*unstructured.Unstructured
	for _, a := range v.Delivery.Appliers {
		if a.Object.Body != nil {
			all = append(all, a.Object.Body)
		}
	}
	for _, source := range v.Delivery.Sources {
		if o := v.Object(source.Ref); o.Body != nil {
			all = append(all, o.Body)
		}
	}
	return all
}
