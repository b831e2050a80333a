// Package checkout loads a GitOps checkout: it finds the Flux Kustomizations that are declared in it, builds what each of
// them applies as kustomize-controller would, and keeps for every object where it stands. It passes no verdict, writes no
// file and uses no network.
package checkout

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Options of Load.
type Options struct {
	Dir  string // the root of the repository, or of what counts as one
	Base string // a revision to compare with; "" for none
}

// Load reads the checkout. What is wrong with its files is in the Repository; an error means that nothing could be read, or
// that there is no such base.
func Load(ctx context.Context, o Options) (*manifest.Repository, error) {
	info, err := os.Stat(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("read the checkout: %w; name the folder of a GitOps repository", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("read the checkout: %s is a file; name the folder of a GitOps repository", o.Dir)
	}
	t, err := tree.Read(ctx, o.Dir)
	if err != nil {
		return nil, err
	}
	l := newLoader(ctx, t)
	l.load(func(urls []string) []string { return gitrev.Own(ctx, o.Dir, urls) })
	if o.Base != "" {
		if l.repository.Former, err = former(ctx, o); err != nil {
			return nil, err
		}
	}
	return l.repository, ctx.Err()
}

// former parses what has changed, as it was. What was no YAML then says nothing now.
func former(ctx context.Context, o Options) ([]manifest.Document, error) {
	files, err := gitrev.Formers(ctx, o.Dir, o.Base)
	if err != nil {
		return nil, err
	}
	found := []manifest.Document{}
	for _, f := range files {
		was, _ := manifest.Parse(filepath.ToSlash(f.File), f.Text)
		found = append(found, was.Documents...)
	}
	return found, nil
}
