package verify

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// watchedSingly is how many components are cheaper to ask about one by one than by lists of whole kinds.
const watchedSingly = 3

// judgedAtOnce bounds the components that are judged at the same time; more would only wait for the processor.
const judgedAtOnce = 16

// batchesAtOnce bounds the batches whose objects are in memory.
const batchesAtOnce = 8

// begin finds the components, and looks at them for the first time.
func (v *verifying) begin(ctx context.Context, source *kube.Source) error {
	whole := fleet.New(source, v.fleetOptions(watchedSingly+1))
	subjects, err := v.warmed(ctx, source, whole)
	if err != nil {
		return err
	}
	v.all = nil
	for _, s := range subjects {
		v.all = append(v.all, v.candidate(s))
	}
	if len(subjects) > watchedSingly {
		return v.firstOfMany(ctx, whole, subjects, v.all)
	}
	return v.first(ctx, fleet.New(source, v.fleetOptions(len(subjects))).For, v.all)
}

// warmed finds the components, and begins to read the lists of whole kinds where they are more than few: a project of two
// components must not cost what its namespace of thousands does. Where nothing narrows the scope, one small request beside the
// list of components tells how many there are, so that the other lists need not wait for it.
func (v *verifying) warmed(ctx context.Context, source *kube.Source, whole *fleet.Source) ([]facts.Subject, error) {
	narrowed := len(v.components) > 0 || v.reader.Subject.Project != "" || v.selector != ""
	if !narrowed {
		all := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: v.namespace()}
		go func() {
			if n, _ := source.Count(ctx, all); n > watchedSingly {
				whole.Warm(ctx, v.namespace())
			}
		}()
	}
	subjects, err := v.scope(ctx, whole.For(v.reader.Subject))
	if err == nil && narrowed && len(subjects) > watchedSingly {
		whole.Warm(ctx, v.namespace())
	}
	return subjects, err
}

// options of a fleet of that many.
func (v *verifying) fleetOptions(components int) fleet.Options {
	return fleet.Options{Whole: components > watchedSingly, Everywhere: v.allNamespaces}
}

// first looks at components without watching anything: what has passed already costs no more than that.
func (v *verifying) first(ctx context.Context, of func(facts.Subject) facts.Source, all []*candidate) error {
	return each(all, func(c *candidate) error {
		s, err := collect.Run(ctx, of(c.subject), c.subject, time.Now())
		if err != nil {
			return err
		}
		if err := v.reader.CheckUsable(s, v.host); err != nil {
			return err
		}
		s.Wanted = v.wanted(ctx, s)
		v.take(ctx, c, s)
		return nil
	})
}

// firstOfMany looks at batches of components, some at the same time, so that one is judged while another is read.
func (v *verifying) firstOfMany(ctx context.Context, whole *fleet.Source, subjects []facts.Subject, all []*candidate) error {
	var group errgroup.Group
	group.SetLimit(batchesAtOnce)
	for _, batch := range fleet.Batches(subjects) {
		candidates := all[:len(batch)]
		all = all[len(batch):]
		group.Go(func() error { return v.first(ctx, whole.Batch(batch), candidates) })
	}
	return group.Wait()
}

// each calls do for all, several at a time, and returns the first error.
func each(all []*candidate, do func(*candidate) error) error {
	var group errgroup.Group
	group.SetLimit(judgedAtOnce)
	for _, c := range all {
		group.Go(func() error { return do(c) })
	}
	return group.Wait()
}
