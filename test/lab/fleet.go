package lab

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/fleet"
)

// FillFleet fills a bare cluster with the objects of a snapshot, and with copies of its component under different names.
func (l *Lab) FillFleet(ctx context.Context, snapshot string, components int) error {
	if err := l.starter.install(ctx, "", ""); err != nil {
		return err
	}
	return fleet.Fill(ctx, l.state.Planes[""].EtcdURL, snapshot, components)
}

// AddComponents creates the components with numbers from ≤ i < to in a namespace, each with a Workload and three ReleaseBindings. It creates
// them directly, without Git, and their releases do not exist.
func (l *Lab) AddComponents(ctx context.Context, namespace, project string, from, to int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for i := from; i < to; i++ {
		group.Go(func() error {
			name := fmt.Sprintf("crowd-%04d", i)
			for _, object := range fleet.Component(namespace, project, name) {
				if err := l.Create(ctx, object); err != nil {
					return fmt.Errorf("create component %s: %w", name, err)
				}
			}
			return nil
		})
	}
	return group.Wait()
}
