package lab

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/fleet"
)

// Fleet fills a bare cluster with the objects of a recorded snapshot, and copies those of its component under different names.
func (l *Lab) Fleet(ctx context.Context, snapshot string, components int) error {
	if err := l.starter.install(ctx, "", ""); err != nil {
		return err
	}
	return fleet.Fill(ctx, l.state.Planes[""].EtcdURL, snapshot, components)
}

// Crowd creates components from number from up to number to in a namespace, each with a Workload and three bindings, like a
// large installation. It creates them directly, and they pin releases that do not exist.
func (l *Lab) Crowd(ctx context.Context, namespace, project string, from, to int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for i := from; i < to; i++ {
		group.Go(func() error {
			name := fmt.Sprintf("crowd-%04d", i)
			for _, object := range fleet.Component(namespace, project, name) {
				if err := l.Create(ctx, object); err != nil {
					return fmt.Errorf("make component %s: %w", name, err)
				}
			}
			return nil
		})
	}
	return group.Wait()
}
