package checkout

import (
	"bytes"
	"context"
	"errors"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

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
	used       map[string]bool      // the files that something applies, or that a build reads
	undecided  map[string]bool      // the files of which a build that failed would have said whether it takes them
	urls       map[facts.Ref]string // of the GitRepositories that are declared
	own        []string             // those of them that are this repository, as far as its clone can say
	reported   map[string]int       // how often a value of a file was reported
	ctx        context.Context
}

func newLoader(ctx context.Context, t *tree.Tree) *loader {
	l := &loader{
		ctx: ctx, tree: t, repository: &manifest.Repository{}, reported: map[string]int{},
		documents: map[string][]*manifest.Document{}, strays: map[string][]manifest.Place{}, broken: map[string]*manifest.SyntaxError{}, used: map[string]bool{}, undecided: map[string]bool{},
	}
	l.parse()
	l.builder = &builder{loader: l}
	return l
}

// parse reads all files with as many hands as there are.
func (l *loader) parse() {
	names := slices.DeleteFunc(slices.Clone(l.tree.Names), func(name string) bool { return !tree.IsYAML(name) || tree.IsKustomizationFile(name) })
	files, errs := make([]manifest.File, len(names)), make([]error, len(names))
	var hands errgroup.Group
	hands.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		hands.Go(func() error {
			if l.ctx.Err() == nil {
				files[i], errs[i] = manifest.Parse(name, l.tree.Files[name])
			}
			return nil
		})
	}
	_ = hands.Wait() // none of them fails
	for i, name := range names {
		l.take(name, files[i], errs[i])
	}
}

func (l *loader) take(name string, file manifest.File, err error) {
	for i := range file.Documents {
		l.documents[name] = append(l.documents[name], &file.Documents[i])
	}
	l.strays[name] = file.Strays
	var broken *manifest.SyntaxError
	if errors.As(err, &broken) {
		l.broken[name] = broken
	}
}

// load builds what the Kustomizations of this repository apply. Where none is declared, everything is taken to be applied,
// by hand or by somebody else.
func (l *loader) load(own func(urls []string) []string) {
	all := l.deliveries(own)
	if len(all) == 0 {
		l.takeAll()
	} else {
		l.deliver(append(all, l.besides()...))
	}
	l.collectLoose()
	l.collectBroken()
	for _, name := range l.tree.Names {
		for _, d := range l.documents[name] {
			l.repository.Declared = append(l.repository.Declared, d.Ref)
		}
	}
}

// collectLoose finds the documents of files that nothing applies and no build has read. The objects of Flux itself are
// where everything begins: they are applied by hand, or by a bootstrap.
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

// collectBroken reports the files that are no YAML. A file that nothing reads need not be YAML: the templates of a chart are
// not; unless it mentions what only OpenChoreo knows.
func (l *loader) collectBroken() {
	for _, name := range tree.Sorted(l.broken) {
		for _, m := range namesIn.FindAllSubmatch(l.tree.Files[name], -1) {
			l.repository.Unread = append(l.repository.Unread, string(m[1]))
		}
		if l.used[name] || bytes.Contains(l.tree.Files[name], []byte(kinds.OpenChoreo+"/")) && !l.inChart(name) {
			l.problem(manifest.NotParsed, l.broken[name].Place, facts.Ref{}, l.broken[name].Message)
		}
	}
}

// A name in a file that cannot be read as a whole.
var namesIn = regexp.MustCompile(`\bname: *["']?([a-z0-9][a-z0-9.-]*)`)

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
