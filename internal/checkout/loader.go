package checkout

import (
	"cmp"
	"context"
	"errors"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// loader fills one Repository.
type loader struct {
	tree       *tree.Tree
	builder    *builder
	repository *manifest.Repository
	documents  map[string][]*manifest.Document // by file
	strays     map[string][]manifest.Place
	broken     map[string]*manifest.SyntaxError
	used       map[string]bool // files that are applied or that a build reads
	undecided  map[string]bool // files that a failed build may include
	lists      map[string]list // the kustomization files that only list resources
	reported   map[string]int  // the number of reports per value of a file
	options    Options
	branch     string // that is checked out; "" if not known
	ctx        context.Context

	listedFiles    map[string]bool // nil until listed
	applies        map[schema.GroupKind]bool
	documentsByRef map[facts.Ref][]*manifest.Document
}

func newLoader(ctx context.Context, t *tree.Tree) *loader {
	l := &loader{
		ctx: ctx, tree: t, repository: &manifest.Repository{}, reported: map[string]int{},
		documents: map[string][]*manifest.Document{}, strays: map[string][]manifest.Place{}, broken: map[string]*manifest.SyntaxError{}, used: map[string]bool{}, undecided: map[string]bool{},
		lists: map[string]list{}, applies: map[schema.GroupKind]bool{},
	}
	l.parse()
	l.builder = &builder{loader: l, results: map[string]*buildResult{}, anywhere: map[kustomize.Selector]bool{}}
	return l
}

// parsed is the content of one file: documents, or a list of resources.
type parsed struct {
	manifest.File
	err  error
	list *list
}

// parse reads all files, as many in parallel as there are processors.
func (l *loader) parse() {
	names := slices.DeleteFunc(slices.Clone(l.tree.Names), func(name string) bool { return !tree.IsYAML(name) && !tree.IsKustomizationFile(name) })
	files := make([]parsed, len(names))
	var next atomic.Int64
	var hands errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		hands.Go(func() error {
			parser := manifest.NewParser()
			for i := int(next.Add(1)) - 1; i < len(names) && l.ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				files[i] = parseFile(parser, names[i], l.tree.Files[names[i]])
			}
			return nil
		})
	}
	_ = hands.Wait() // the functions return no error
	for i, name := range names {
		l.take(name, &files[i])
	}
}

func parseFile(parser *manifest.Parser, name string, text []byte) (p parsed) {
	if tree.IsKustomizationFile(name) {
		p.list = listOf(text)
	} else {
		p.File, p.err = parser.Parse(name, text)
	}
	return p
}

func (l *loader) take(name string, file *parsed) {
	if file.list != nil {
		l.lists[name] = *file.list
	}
	if n := len(file.Documents); n > 0 {
		l.documents[name] = make([]*manifest.Document, n)
		for i := range file.Documents {
			l.documents[name][i] = &file.Documents[i]
		}
	}
	if len(file.Strays) > 0 {
		l.strays[name] = file.Strays
	}
	var broken *manifest.SyntaxError
	if errors.As(file.err, &broken) {
		l.broken[name] = broken
	}
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
		for _, d := range l.documents[name] {
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
		for _, d := range l.documents[name] {
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
	for _, name := range tree.Sorted(l.broken) {
		for _, m := range namesIn.FindAllSubmatch(l.tree.Files[name], -1) {
			l.repository.Unread = append(l.repository.Unread, string(m[1]))
		}
		if l.used[name] || delivers.Match(l.tree.Files[name]) && !l.inChart(name) && !l.isTemplate(name) {
			l.problem(manifest.NotParsed, l.broken[name].Place, facts.Ref{}, l.broken[name].Message)
		}
	}
}

// namesIn finds names in a file that cannot be parsed.
var namesIn = regexp.MustCompile(`\bname: *["']?([a-z0-9][a-z0-9.-]*)`)

// delivers matches the apiVersion of objects of OpenChoreo, Flux and Argo CD.
var delivers = regexp.MustCompile(`\bapiVersion: *["']?(openchoreo\.dev|[a-z]+\.toolkit\.fluxcd\.io|fluxcd\.controlplane\.io|source\.extensions\.fluxcd\.io|argoproj\.io)/`)

// directive matches the beginning of a directive of Jinja, Helm or Go templates.
var directive = regexp.MustCompile(`\{%[-+]?\s*[a-z]|\{\{[-~]?\s*[a-zA-Z.$"]`)

// isTemplate reports whether a file with the name of a YAML file is the template of one, such as that of an Ansible role. A template
// that is valid YAML as well is a manifest.
func (l *loader) isTemplate(name string) bool {
	return l.broken[name] != nil && directive.Match(l.tree.Files[name])
}

// inChart reports whether a file belongs to a Helm chart.
func (l *loader) inChart(name string) bool {
	for folder := path.Dir(name); ; folder = path.Dir(folder) {
		if _, ok := l.tree.Files[path.Join(folder, "Chart.yaml")]; ok {
			return true
		}
		if folder == "." {
			return false
		}
	}
}

func (l *loader) problem(kind manifest.ProblemKind, place manifest.Place, object facts.Ref, message string) {
	l.repository.Problems = append(l.repository.Problems, manifest.Problem{Kind: kind, Place: place, Object: object, Message: message})
}
