package checkout

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
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

// load applies what the repository declares. Where no Kustomization of Flux says what else is applied, all other files count as
// applied, by a person or another tool.
func (l *loader) load(own func(urls []string) (own []string, remotes bool)) (*world, error) {
	w, err := newWorld(l, own)
	if err := cmp.Or(err, l.ctx.Err()); err != nil {
		return nil, err
	}
	w.emit()
	if !w.hasFlux() {
		l.takeRest()
	}
	l.collectLoose()
	l.collectBroken()
	l.repository.Declared = make([]facts.Ref, 0, len(l.tree.Names))
	for _, name := range l.tree.Names {
		for _, d := range l.files.Documents[name] {
			l.repository.Declared = append(l.repository.Declared, d.Ref)
		}
	}
	return w, nil
}

// collectLoose finds the documents of files that are not applied and that no build has read. It skips the objects of Flux itself:
// a human or a bootstrap applies them.
func (l *loader) collectLoose() {
	for _, name := range l.tree.Names {
		if l.used[name] || l.undecided[name] {
			continue
		}
		for _, d := range l.files.Documents[name] {
			if !strings.HasSuffix(d.Ref.Group, ".fluxcd.io") && d.Ref.Group != kinds.FluxOperator {
				l.repository.Loose = append(l.repository.Loose, *d)
			}
		}
	}
}

// collectBroken reports files with invalid YAML. A file that is not applied need not be YAML; chart templates are not, for
// example. Such a file is reported only if it mentions the API group of OpenChoreo or of what delivers, outside a chart: a person or a
// bootstrap may apply it.
func (l *loader) collectBroken() {
	for _, name := range tree.Sorted(l.files.Broken) {
		for _, m := range namesIn.FindAllSubmatch(l.tree.Files[name], -1) {
			l.repository.Unread = append(l.repository.Unread, string(m[1]))
		}
		if l.used[name] || delivers.Match(l.tree.Files[name]) && !l.files.InChart(name) && !l.files.IsTemplate(name) && !l.files.IsTestData(name) {
			l.problem(manifest.NotParsed, l.files.Broken[name].Place, facts.Ref{}, l.files.Broken[name].Message)
		}
	}
}

// namesIn finds names in a file that cannot be parsed.
var namesIn = regexp.MustCompile(`\bname: *["']?([a-z0-9][a-z0-9.-]*)`)

// delivers matches the apiVersion of objects of OpenChoreo, Flux and Argo CD.
var delivers = regexp.MustCompile(`\bapiVersion: *["']?(openchoreo\.dev|[a-z]+\.toolkit\.fluxcd\.io|fluxcd\.controlplane\.io|source\.extensions\.fluxcd\.io|argoproj\.io)/`)

func (l *loader) problem(kind manifest.ProblemKind, place manifest.Place, object facts.Ref, message string) {
	l.repository.Problems = append(l.repository.Problems, manifest.Problem{Kind: kind, Place: place, Object: object, Message: message})
}
