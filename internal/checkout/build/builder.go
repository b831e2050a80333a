// Package build builds the objects of the folders of a checkout, as the controllers that apply them would. It does not decide which
// folders are applied.
package build

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Delivery is a folder that an object of an engine applies, such as a Kustomization.
type Delivery struct {
	Ref      facts.Ref
	Body     *unstructured.Unstructured
	Document *manifest.Document // of the object, or of the object that generates it; nil if it is only in the cluster
	Content  engine.Content
	Folder   string      // in the checkout
	Ignore   tree.Ignore // the files that source-controller leaves out
}

// File returns the file of the object; "" if it has none.
func (d Delivery) File() string {
	if d.Document == nil {
		return ""
	}
	return d.Document.Place.File
}

// Builder builds the objects of folders.
type Builder struct {
	ctx      context.Context
	parsed   *files.Parsed
	report   func(manifest.Problem)
	reported map[string]int // the number of reports per value of a file
	memories map[view]*offline.FileSystem
	made     int // number of generated kustomizations
	results  map[string]*Result
	result   *Result         // of the present build
	read     map[string]bool // files that the last build has read
	// anywhere reports for the targets of Components whether an object of the repository is one.
	anywhere map[kustomize.Selector]bool
	known    map[string]bool // kinds; nil until needed
	// excluded are the files of the checkout that the source of the present build leaves out.
	excluded     map[string]bool
	exclusions   map[tree.Ignore]map[string]bool
	followsLinks bool
	// inflates means that the present build may inflate Helm charts.
	inflates bool
	// enableHelm reports whether Argo CD may run kustomize with --enable-helm.
	enableHelm func() bool
}

// Result is what one build yields. It counts only if the build is that of a delivery that is applied.
type Result struct {
	Objects   []manifest.Object // shared: their bodies must not be changed
	Problems  []manifest.Problem
	Used      map[string]bool // files that the build has read
	Undecided map[string]bool // files that the build may include, but failed before it read them
}

// New returns a Builder. It reports each remote entry of a kustomization file once, whichever build finds it.
func New(ctx context.Context, parsed *files.Parsed, report func(manifest.Problem)) *Builder {
	return &Builder{
		ctx: ctx, parsed: parsed, report: report,
		reported: map[string]int{}, results: map[string]*Result{}, anywhere: map[kustomize.Selector]bool{},
		memories: map[view]*offline.FileSystem{}, exclusions: map[tree.Ignore]map[string]bool{},
		enableHelm: sync.OnceValue(func() bool { return mayEnableHelm(parsed.Files) }),
	}
}

// Build returns the objects of one delivery, without substitution of its variables. Several objects may ask for the same build:
// one that its parent has changed in other fields, for example.
func (b *Builder) Build(d Delivery) *Result {
	around, needsKustomize := specOf(d.Body)
	spec, _ := json.Marshal(around)
	key := fmt.Sprintf("%s\x00%s\x00%+v\x00%s\x00%+v", d.Ref, d.Folder, d.Content, spec, d.Ignore)
	if b.results[key] == nil {
		result := b.Begin()
		b.excluded, b.followsLinks = b.excludedBy(d.Ignore), d.Content.AsIs
		b.inflates = d.Content.AsIs && (d.Content.Plugin || b.enableHelm())
		result.Objects = b.objectsOf(d, around, needsKustomize)
		b.results[key] = result
	}
	return b.results[key]
}

// Begin starts a build of files that no delivery applies.
func (b *Builder) Begin() *Result {
	b.excluded, b.followsLinks, b.inflates = nil, true, true // nothing shows that Flux applies it
	b.result = &Result{Used: map[string]bool{}, Undecided: map[string]bool{}}
	return b.result
}

// BuildFolder returns the objects of a folder with a kustomization.yaml, and the files that were read. Its problems become part of
// the build that was begun last.
func (b *Builder) BuildFolder(folder string) (objects []manifest.Object, read map[string]bool) {
	place := manifest.Place{File: b.parsed.KustomizationFile(folder), Line: 1}
	objects = b.run(kustomize.Kustomization{Resources: []string{offline.Path(folder)}}, facts.Ref{}, place)
	return objects, b.read
}

// placeOfValue returns the line of a value in a file. The first call for a value returns its first line, the next call the
// second.
func (b *Builder) placeOfValue(file, value string) manifest.Place {
	lines := b.parsed.LinesOf(file, value)
	key := file + "\n" + value
	n := min(b.reported[key], len(lines)-1)
	b.reported[key]++
	return manifest.Place{File: file, Line: lines[n]}
}

func (b *Builder) problem(kind manifest.ProblemKind, place manifest.Place, object facts.Ref, message string) {
	b.result.Problems = append(b.result.Problems, manifest.Problem{Kind: kind, Place: place, Object: object, Message: message})
}
