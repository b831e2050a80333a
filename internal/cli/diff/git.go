package diff

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	revisions "github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/difflist"
)

// revisions are the two of --revision A..B; ok is false for one revision.
func (o *options) revisions() (from, to string, ok bool) { return strings.Cut(o.reader.Revision, "..") }

// compareGit compares the wanted revision in the clone with the control plane, or two revisions with each other.
func (o *options) compareGit(ctx context.Context, l *difflist.List, m compare.Masker, v *view.Component, r target.Read) ([]compare.Object, error) {
	v = delivery.Resolve(v)
	if from, to, two := o.revisions(); two {
		before, err := o.build(ctx, v, from)
		if err != nil {
			return nil, err
		}
		after, err := o.build(ctx, v, to)
		if err != nil {
			return nil, err
		}
		l.From, l.To = short(before.Commit), short(after.Commit)
		return compare.Revisions(m, v, before.Repository, after.Repository), nil
	}
	wanted := o.reader.Wanted(ctx, r.Snapshot)
	if wanted.Commit == "" {
		why := "the clone in " + o.reader.Repo + " follows no source of the component"
		if wanted.Reason != "" {
			why = wanted.Reason
		}
		return nil, fmt.Errorf("cannot compare with Git: %s; name a clone of the GitOps repository with --repo", why)
	}
	clone, err := o.build(ctx, v, wanted.Commit)
	if err != nil {
		return nil, err
	}
	if v, err = o.readReleases(ctx, v, clone, r); err != nil {
		return nil, err
	}
	l.From, l.To = "cluster", short(clone.Commit)
	stored, err := o.store(ctx, v, clone.Repository)
	if err != nil {
		return nil, err
	}
	all := compare.Declared(m, v, clone.Repository, stored)
	if len(all) == 0 {
		return nil, fmt.Errorf("%s declares nothing of component %s; use --repo, or --revision", short(clone.Commit), v.ComponentName)
	}
	o.explain(ctx, v, clone, all)
	return all, nil
}

// maxReleases bounds the releases that are read beside those of a trace: the newest ones, by their place in the repository.
const maxReleases = 50

// readReleases reads the releases that only Git names: a new one is not deployed yet.
func (o *options) readReleases(ctx context.Context, v *view.Component, clone revisions.Clone, r target.Read) (*view.Component, error) {
	names := compare.UnreadReleases(v, clone.Repository)
	if r.Source == nil || len(names) == 0 {
		return v, nil
	}
	if err := collect.Releases(ctx, r.Source, r.Snapshot, names[max(0, len(names)-maxReleases):]...); err != nil {
		return nil, err
	}
	return delivery.Resolve(view.New(view.DropForeignPlanes(r.Snapshot), r.Snapshot.TakenAt, engines.All())), nil
}

// build builds what the appliers of the component apply at a revision.
func (o *options) build(ctx context.Context, v *view.Component, revision string) (revisions.Clone, error) {
	end := tui.ShowActivity(ctx, o.streams, "Building "+revision)
	defer end()
	clone, err := revisions.Load(ctx, checkout.Options{Dir: o.reader.Repo}, revision, appliers(v))
	if err != nil {
		return revisions.Clone{}, err
	}
	if p, failed := compare.Unbuilt(v, clone.Repository); failed {
		return revisions.Clone{}, fmt.Errorf("cannot build %s at %s: %s: %s", p.Object, short(clone.Commit), p.Place, p.Message)
	}
	return clone, nil
}

// appliers are what delivers the component in the cluster, with its sources.
func appliers(v *view.Component) []*unstructured.Unstructured {
	var all []*unstructured.Unstructured
	add := func(o facts.Object) {
		if o.Outcome == facts.Found && o.Body != nil {
			all = append(all, o.Body)
		}
	}
	for _, a := range v.Delivery.Appliers {
		add(a.Object)
	}
	for _, s := range v.Delivery.Sources {
		add(v.Object(s.Ref))
	}
	return all
}

func short(commit string) string { return commit[:min(len(commit), 7)] }
