package checkout

import (
	"encoding/json"
	"fmt"

	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// builder builds the objects of folders.
type builder struct {
	loader  *loader
	files   *offline.FileSystem // nil until kustomize is needed
	linked  *offline.FileSystem // with the symbolic links, which Argo CD follows; nil until needed
	made    int                 // number of generated kustomizations
	results map[string]*buildResult
	result  *buildResult    // of the present build
	read    map[string]bool // files that the last build has read
	// anywhere says of the targets of Components whether an object of the repository is one.
	anywhere map[kustomize.Selector]bool
	// excluded are the files of the checkout that the source of the present build leaves out.
	excluded     map[string]bool
	followsLinks bool
}

// buildResult is what one build yields. It counts only if the build is that of a delivery that is applied.
type buildResult struct {
	objects   []manifest.Object // shared: their bodies must not be changed
	problems  []manifest.Problem
	used      map[string]bool // files that the build has read
	undecided map[string]bool // files that the build may include, but failed before it read them
}

// begin starts a build.
func (b *builder) begin() *buildResult {
	b.excluded, b.followsLinks = nil, true // nothing says that Flux applies it
	b.result = &buildResult{used: map[string]bool{}, undecided: map[string]bool{}}
	return b.result
}

// memory returns the file system with which kustomize reads the checkout.
func (b *builder) memory() *offline.FileSystem {
	if b.followsLinks && len(b.loader.tree.Links) > 0 {
		if b.linked == nil {
			b.linked = offline.New(b.loader.ctx, b.loader.tree.WithLinks(), func(string, string, string) {}) // reported once is enough
		}
		return b.linked
	}
	if b.files == nil {
		b.files = offline.New(b.loader.ctx, b.loader.tree, func(file, value, message string) {
			b.loader.problem(manifest.RemoteNotFetched, b.loader.placeOfValue(file, value), facts.Ref{}, message)
		})
	}
	return b.files
}

func (b *builder) problem(kind manifest.ProblemKind, place manifest.Place, object facts.Ref, message string) {
	b.result.problems = append(b.result.problems, manifest.Problem{Kind: kind, Place: place, Object: object, Message: message})
}

// build returns the objects of one delivery, without substitution of its variables. Several objects may ask for the same build:
// one that its parent has changed in other fields, for example.
func (b *builder) build(d *delivery) *buildResult {
	around, asks := specOf(d.body)
	spec, _ := json.Marshal(around)
	key := fmt.Sprintf("%s\x00%s\x00%+v\x00%s\x00%p", d.ref, d.folder, d.content, spec, d.source)
	if b.results[key] == nil {
		result := b.begin()
		b.excluded, b.followsLinks = b.loader.excludedBy(d.source), d.content.AsIs
		result.objects = b.objectsOf(d, around, asks)
		b.results[key] = result
	}
	return b.results[key]
}
