// Package checkout loads a GitOps checkout. It finds the Flux Kustomizations in it, builds them as kustomize-controller would,
// and records the file and line of every object. It does not assess, writes no file and uses no network.
package checkout

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/clusters"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Options of Load.
type Options struct {
	Dir  string // the root of the repository, or the folder to treat as root
	Base string // the revision to compare with; "" for none
	// Clusters are the folders, or kustomization files, with which the controllers of each cluster begin, relative to Dir. If there
	// are none, they are inferred.
	Clusters []string
	// LenientSubstitution treats a variable without a value as empty, like kustomize-controller with
	// StrictPostBuildSubstitutions=false.
	LenientSubstitution bool
	// Around returns the options for the root of the clone. It is called if another folder of the clone applies Dir, so that the
	// whole clone is read. nil represents the same options without Clusters.
	Around func(root string) (Options, error)
}

// Load reads the checkout. The Repository contains the problems of its files. An error means that the folder cannot be read or
// that the base does not exist.
func Load(ctx context.Context, o Options) (*manifest.Repository, error) {
	info, err := os.Stat(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("read the checkout: %w; name the folder of a GitOps repository", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("read the checkout: %s is a file; name the folder of a GitOps repository", o.Dir)
	}
	l, sim, err := loadFolder(ctx, o)
	if err != nil {
		return nil, err
	}
	if len(sim.applied) == 0 {
		if whole, err := loadAbove(ctx, o); err != nil || whole != nil {
			return whole, err
		}
	}
	if o.Base != "" {
		if l.repository.Former, err = former(ctx, o); err != nil {
			return nil, err
		}
	}
	return l.repository, ctx.Err()
}

func loadFolder(ctx context.Context, o Options) (*loader, *simulation, error) {
	t, err := tree.Read(ctx, o.Dir)
	if err != nil {
		return nil, nil, err
	}
	return loadTree(ctx, t, o)
}

func loadTree(ctx context.Context, t *tree.Tree, o Options) (*loader, *simulation, error) {
	l := newLoader(ctx, t)
	l.options, l.branch = o, gitrev.Branch(ctx, o.Dir)
	sim, err := l.load(func(urls []string) ([]string, bool) { return gitrev.Own(ctx, o.Dir, urls) })
	return l, sim, err
}

// loadAbove loads the repository around a folder that applies nothing, if a delivery outside of the folder applies it. It returns
// nil if there is none.
func loadAbove(ctx context.Context, o Options) (*manifest.Repository, error) {
	prefix := strings.TrimSuffix(gitrev.Prefix(ctx, o.Dir), "/")
	if prefix == "" {
		return nil, nil
	}
	root := filepath.Join(o.Dir, strings.Repeat("../", strings.Count(prefix, "/")+1))
	around, base := o.Around, o.Base
	o = Options{Dir: root, LenientSubstitution: o.LenientSubstitution}
	if around != nil {
		var err error
		if o, err = around(root); err != nil {
			return nil, err
		}
	}
	o.Dir, o.Base = root, base
	l, sim, err := loadFolder(ctx, o)
	if err != nil || !sim.reaches(prefix) {
		return nil, err
	}
	l.repository.Root, l.repository.Folder = filepath.ToSlash(o.Dir), prefix
	if o.Base != "" {
		l.repository.Former, err = former(ctx, o)
	}
	return l.repository, cmp.Or(err, ctx.Err())
}

// former parses the changed files as they were at the base. It skips files that were invalid YAML.
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
	return LoadTree(ctx, t, o)
}

// LoadTree loads files that are in no working tree. o.Dir is a folder of their clone.
func LoadTree(ctx context.Context, t *tree.Tree, o Options) (*manifest.Repository, error) {
	l, _, err := loadTree(ctx, t, o)
	if err != nil {
		return nil, err
	}
	return l.repository, ctx.Err()
}
