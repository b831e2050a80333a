package components

import (
	"context"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Few is how many components cost less one by one than by lists of whole kinds.
const Few = 3

// atOnce bounds the components that are assessed at the same time; more would only wait for the processor.
const atOnce = 16

// batchesAtOnce bounds the batches whose objects are in memory.
const batchesAtOnce = 8

// Take receives the Snapshot of the component at a position, of several components at the same time.
type Take func(ctx context.Context, at int, s *facts.Snapshot)

// Read finds the components and reads each of them once. found receives them before any is read.
func (r *Reader) Read(ctx context.Context, found func([]facts.Subject), take Take) error {
	whole := fleet.New(r.Source, r.FleetOptions(Few+1))
	subjects, err := r.warmed(ctx, whole)
	if err != nil {
		return err
	}
	found(subjects)
	if len(subjects) > Few {
		return r.readBatches(ctx, whole, subjects, take)
	}
	return r.ReadFrom(ctx, fleet.New(r.Source, r.FleetOptions(len(subjects))).For, subjects, take)
}

// ReadAgain reads components that were found before.
func (r *Reader) ReadAgain(ctx context.Context, subjects []facts.Subject, take Take) error {
	whole := fleet.New(r.Source, r.FleetOptions(len(subjects)))
	namespaces := map[string]bool{}
	for _, s := range subjects {
		namespaces[s.Namespace] = true
	}
	if r.AllNamespaces {
		namespaces = map[string]bool{"": true}
	}
	whole.Warm(ctx, slices.Sorted(maps.Keys(namespaces))...)
	return r.readBatches(ctx, whole, subjects, take)
}

// warmed finds the components, and begins to read the lists of whole kinds where they are more than few: a project of two
// components must not cost what its namespace of thousands does. Where nothing narrows the scope, one small request beside the
// list of components tells how many there are, so that the other lists need not wait for it.
func (r *Reader) warmed(ctx context.Context, whole *fleet.Source) ([]facts.Subject, error) {
	narrowed := len(r.Names) > 0 || r.Subject.Project != "" || r.Selector != ""
	if !narrowed {
		all := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: r.namespace()}
		go func() {
			if n, _ := r.Source.Count(ctx, all); n > Few {
				whole.Warm(ctx, r.namespace())
			}
		}()
	}
	subjects, err := r.Find(ctx, whole.For(r.Subject))
	if err == nil && narrowed && len(subjects) > Few {
		whole.Warm(ctx, r.namespace())
	}
	return subjects, err
}

// FleetOptions are those of a fleet of that many components.
func (r *Reader) FleetOptions(components int) fleet.Options {
	return fleet.Options{Whole: components > Few, Everywhere: r.AllNamespaces}
}

// ReadFrom reads each component from the Source that of returns for it.
func (r *Reader) ReadFrom(ctx context.Context, of func(facts.Subject) facts.Source, subjects []facts.Subject, take Take) error {
	return Each(len(subjects), func(at int) error {
		subject := subjects[at]
		s, err := collect.Run(ctx, of(subject), subject, time.Now())
		if err != nil {
			return err
		}
		if err := r.CheckUsable(s, r.Host); err != nil {
			return err
		}
		s.Wanted = r.Wanted(ctx, s)
		take(ctx, at, s)
		return nil
	})
}

// readBatches reads batches of components, some at the same time, so that one is assessed while another is read.
func (r *Reader) readBatches(ctx context.Context, whole *fleet.Source, subjects []facts.Subject, take Take) error {
	var group errgroup.Group
	group.SetLimit(batchesAtOnce)
	first := 0
	for _, batch := range fleet.Batches(subjects) {
		from := first
		first += len(batch)
		group.Go(func() error {
			return r.ReadFrom(ctx, whole.Batch(batch), batch, func(ctx context.Context, at int, s *facts.Snapshot) { take(ctx, from+at, s) })
		})
	}
	return group.Wait()
}

// Each calls do for n positions, several at a time, and returns the first error.
func Each(n int, do func(at int) error) error {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for at := range n {
		group.Go(func() error { return do(at) })
	}
	return group.Wait()
}

// GatherTime is how long changes are gathered before so many components are assessed again, which takes milliseconds for each.
func GatherTime(components int) time.Duration {
	if components <= Few {
		return 0
	}
	return 200*time.Millisecond + time.Duration(components)*5*time.Millisecond
}
