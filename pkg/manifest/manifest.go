// Package manifest models the content of a GitOps repository: its documents with file and line, and the objects that Flux would
// create from them. It also lists the files that cannot be read or built. It reads bytes, not files, and assesses nothing.
package manifest

import (
	"fmt"
	"path"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Place is a position in the repository. The zero value is no position.
type Place struct {
	File string // from the root of the repository, with slashes
	Line int    // from 1; 0 if only the file is known
}

func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Document is one object in a file.
type Document struct {
	Ref   facts.Ref
	Body  *unstructured.Unstructured
	Place Place // of its first line

	source  *source
	ordinal int // among the Documents of its file
	node    *yaml.Node
}

// Object is an object as it would be sent to the API server.
type Object struct {
	Ref  facts.Ref
	Body *unstructured.Unstructured
	// Document is its origin; nil for an object that kustomize generates.
	Document *Document
	// File is its file, also without a Document.
	File string
	// Line is that of its generator in the file, without a Document; 0 if it is not known.
	Line int
	// AppliedBy are the Kustomizations and Applications that apply it. It is empty if the repository declares none, or if none
	// applies it.
	AppliedBy []facts.Ref
	// Others are the forms in which some of AppliedBy apply it, if they differ from Body: their patches or variables differ.
	Others []Form
	// Cluster separates the folders of a repository that serves several clusters: only objects of one Cluster interact.
	Cluster string
	// Unresolved is true if it contains a variable whose value is not known.
	Unresolved bool
}

// Form is an object as one Kustomization or Application applies it.
type Form struct {
	By         facts.Ref
	Body       *unstructured.Unstructured
	Unresolved bool
}

// Forms are the object as each of AppliedBy applies it: one for all that apply the same.
func (o Object) Forms() []Object {
	if len(o.Others) == 0 {
		return []Object{o}
	}
	others := o.Others
	o.Others = nil
	o.AppliedBy = slices.DeleteFunc(slices.Clone(o.AppliedBy), func(by facts.Ref) bool {
		return slices.ContainsFunc(others, func(f Form) bool { return f.By == by })
	})
	forms := []Object{o}
	for _, f := range others {
		o.Body, o.Unresolved, o.AppliedBy = f.Body, f.Unresolved, []facts.Ref{f.By}
		forms = append(forms, o)
	}
	return forms
}

// At returns the place of a field as precisely as possible. A field from a patch or a transformer has the line of its nearest
// ancestor in the Document.
func (o Object) At(path string) Place {
	if o.Document == nil {
		return Place{File: o.File, Line: o.Line}
	}
	return o.Document.At(path)
}

// AtMatch is At, with the first line of a text in a block, such as |, that matches a pattern.
func (o Object) AtMatch(path string, pattern *regexp.Regexp) Place {
	if o.Document == nil {
		return o.At(path)
	}
	return o.Document.AtMatch(path, pattern)
}

// ProblemKind is the kind of a Problem.
type ProblemKind int

// The zero value is an unknown kind.
const (
	ProblemUnknown      ProblemKind = iota
	NotParsed                       // a file is not valid YAML
	NotBuilt                        // kustomize cannot build a path
	NotSubstituted                  // spec.postBuild of a Kustomization fails
	PathAbsent                      // the path of a Kustomization is not in the repository
	RemoteNotFetched                // a kustomization.yaml includes a remote resource, which was omitted
	TargetAbsent                    // a patch selects no object
	PathAbsentUnapplied             // PathAbsent, of a Kustomization that nothing in the repository applies
	NotParsedUnapplied              // NotParsed, of a file that nothing in the repository applies
	Incomplete                      // a document has the form of an object, but has no kind, apiVersion or name
)

// Problem is a failure to derive objects from files.
type Problem struct {
	Kind    ProblemKind
	Place   Place
	Object  facts.Ref // the affected Kustomization, or the zero Ref
	Message string
	// Unapplied means that nothing in the repository applies the Kustomization.
	Unapplied bool
}

// Repository is the declared content of a repository.
type Repository struct {
	// Folder is the folder that was requested, if another part of the repository applies it, from Root, the root of the
	// repository. Both are "" if the requested folder is the root itself.
	Folder, Root string
	// Objects are the objects that would be applied.
	Objects []Object
	// Kustomizations are the Flux Kustomizations with this repository as source; none if it is delivered in another way.
	Kustomizations []Kustomization
	// Unapplied are the documents that nothing applies.
	Unapplied []Document
	// Roots are the Kustomizations of other sources, the ArtifactGenerators, and the sources beside Kustomizations of this repository, that
	// nothing in the repository applies: a person or a bootstrap does. A kustomization.yaml may leave some out; they are not among these.
	Roots []Document
	// Problems are in no order.
	Problems []Problem
	// Declared are the identities of all documents, including those that could not be built.
	Declared []facts.Ref
	// Unread are names in files that are not valid YAML: the declared objects are unknown, but not missing.
	Unread []string
	// Former are the base versions of the documents in changed files; nil without a base.
	Former []Document
	// External are names of objects that are declared elsewhere.
	External []External
	// Remote are the Clusters that a kubeConfig or a destination leads to, from another cluster.
	Remote []string
	// Coverage is what the loader has recorded; Checked completes it.
	Coverage Coverage
}

// External names objects that are declared elsewhere, in another repository or by an installation.
type External struct {
	Kind      string
	Namespace string // "" for any
	Name      string // may contain *, ? and [...], as in path.Match
	Place     Place  // of the entry that names them
}

// Matches reports whether an object is one of those.
func (e External) Matches(r facts.Ref) bool {
	matches, err := path.Match(e.Name, r.Name)
	return err == nil && matches && e.Kind == r.Kind && (e.Namespace == "" || e.Namespace == r.Namespace)
}

// Kustomization is a Flux Kustomization, with the folder that it applies.
type Kustomization struct {
	Object
	Folder string // from the root, "." for the root itself
}
