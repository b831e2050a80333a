package checkout

import (
	"context"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/clusters"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// LoadBase loads the repository in o.Dir as it was at the merge base of HEAD and o.Base. Entry points that it did not have then are
// left out.
func LoadBase(ctx context.Context, o Options) (*manifest.Repository, error) {
	t, err := tree.ReadBase(ctx, o.Dir, o.Base)
	if err != nil {
		return nil, err
	}
	if len(o.Clusters) > 0 {
		o.Clusters = slices.DeleteFunc(slices.Clone(o.Clusters), func(name string) bool {
			_, ok := clusters.EntryFolder(t, name)
			return !ok
		})
		if len(o.Clusters) == 0 { // otherwise they would be inferred
			return &manifest.Repository{}, ctx.Err()
		}
	}
	l, _, err := loadTree(ctx, t, o)
	if err != nil {
		return nil, err
	}
	return l.repository, ctx.Err()
}
