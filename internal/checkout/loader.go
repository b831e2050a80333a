package checkout

import (
	"cmp"
	"context"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/unapplied"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// loader fills one Repository.
type loader struct {
	tree       *tree.Tree
	files      *files.Parsed
	builder    *build.Builder
	repository *manifest.Repository
	used       map[string]bool // files that are applied or that a build reads
	undecided  map[string]bool // files that a failed build may include
	options    Options
	branch     string // that is checked out; "" if not known
	ctx        context.Context

	applies        map[schema.GroupKind]bool
	documentsByRef map[facts.Ref][]*manifest.Document
}

func newLoader(ctx context.Context, t *tree.Tree) *loader {
	l := &loader{
		ctx: ctx, tree: t, files: files.Parse(ctx, t), repository: &manifest.Repository{},
		used: map[string]bool{}, undecided: map[string]bool{}, applies: map[schema.GroupKind]bool{},
	}
	l.builder = build.New(ctx, l.files, func(p manifest.Problem) { l.repository.Problems = append(l.repository.Problems, p) })
	return l
}

// load applies what the repository declares. Where no Kustomization of Flux declares what else is applied, all other files count as
// applied, by a person or another tool.
func (l *loader) load(own func(urls []string) (own []string, remotes bool)) (*simulation, error) {
	sim, err := newSimulation(l, own)
	if err := cmp.Or(err, l.ctx.Err()); err != nil {
		return nil, err
	}
	sim.emit()
	if !sim.hasFlux() {
		l.takeRest()
	} else {
		sim.tryUnapplied()
	}
	unapplied.Files{Parsed: l.files, Used: l.used, Undecided: l.undecided}.Record(l.repository)
	sim.collectRoots()
	l.repository.Declared = make([]facts.Ref, 0, len(l.tree.Names))
	for _, name := range l.tree.Names {
		for _, d := range l.files.Documents[name] {
			l.repository.Declared = append(l.repository.Declared, d.Ref)
		}
	}
	return sim, nil
}

func (l *loader) problem(kind manifest.ProblemKind, place manifest.Place, object facts.Ref, message string) {
	l.repository.Problems = append(l.repository.Problems, manifest.Problem{Kind: kind, Place: place, Object: object, Message: message})
}
