// Package manifest is what a GitOps repository declares: its documents with file and line, the objects that Flux would make
// of them, and what could not be read or built. It reads bytes, not files, and judges nothing.
package manifest

import (
	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Place is where something stands. The zero value is nowhere.
type Place struct {
	File string // from the root of the repository, with slashes
	Line int    // from 1; 0 where only the file is known
}

// Document is one object as it stands in a file.
type Document struct {
	Ref   facts.Ref
	Body  *unstructured.Unstructured
	Place Place // of its first line

	source  *source
	ordinal int // among the Documents of its file
	node    *yaml.Node
}

// Object is what the API server would be sent.
type Object struct {
	Ref  facts.Ref
	Body *unstructured.Unstructured
	// Document is what it was made of; nil for what kustomize generates.
	Document *Document
	// File is where it comes from, also where there is no Document.
	File string
	// AppliedBy are the Kustomizations and Applications that apply it. Empty where the repository declares none, or where none reaches it.
	AppliedBy []facts.Ref
	// Cluster tells apart the folders of a repository that serves several clusters: only objects of one Cluster meet.
	Cluster string
}

// At is where a field of the object stands, as near as can be told: a field that a patch or a transformer has made has the
// line of its nearest ancestor in the Document.
func (o Object) At(path string) Place {
	if o.Document == nil {
		return Place{File: o.File}
	}
	return o.Document.At(path)
}

// ProblemKind says what could not be done.
type ProblemKind int

// The zero value means that nobody said.
const (
	Unsaid           ProblemKind = iota
	NotParsed                    // a file is no YAML
	NotBuilt                     // kustomize refuses to build a path
	NotSubstituted               // spec.postBuild of a Kustomization fails
	PathAbsent                   // the path of a Kustomization is not in the repository
	RemoteNotFetched             // a kustomization.yaml takes something from elsewhere, which was left out
)

// Problem is what stands between files and objects.
type Problem struct {
	Kind    ProblemKind
	Place   Place
	Object  facts.Ref // the Kustomization that it hits, or the zero Ref
	Message string
}

// Repository is all that is declared.
type Repository struct {
	// Objects are what would be applied.
	Objects []Object
	// Kustomizations are those of Flux that take this repository for their source; none where it is delivered in another way.
	Kustomizations []Kustomization
	// Loose are the documents that nothing applies.
	Loose []Document
	// Problems are in no order.
	Problems []Problem
	// Declared are the identities of all documents, also of those that could not be built.
	Declared []facts.Ref
	// Unread are names that stand in files which are no YAML: what they declare is not known, and not missing either.
	Unread []string
	// Former are the documents of the files that have changed since the base, as they were there; nil without a base.
	Former []Document
}

// Kustomization is a Flux Kustomization, with the folder that it applies.
type Kustomization struct {
	Object
	Folder string // from the root, "." for the root itself
}
