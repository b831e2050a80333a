package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/yamlnode"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// File is the content of one file.
type File struct {
	Documents []Document
	// NonObjects are the documents that are no objects.
	NonObjects []NonObject
}

// Parse parses the objects of a file. It stops at a syntax error: the Documents are those before it, and the error is a
// *SyntaxError. The caller must not change text afterwards.
func Parse(name string, text []byte) (File, error) { return NewParser().Parse(name, text) }

// Parse is the function Parse.
func (p *Parser) Parse(name string, text []byte) (File, error) {
	found, err := p.read(name, text)
	s := &source{text: text}
	for i := range found.Documents {
		d := &found.Documents[i]
		d.source, d.ordinal, d.node = s, i, nil
	}
	return found, err
}

// read also returns the nodes.
func (p *Parser) read(name string, text []byte) (File, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var found File
	for {
		var root yaml.Node
		err := decoder.Decode(&root)
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, syntaxError(name, err, lineOfAnchor(text, err))
		}
		documents, err := p.objectsOf(name, &root)
		if earlier := aliasOfEarlier(name, text, &root); earlier != nil {
			err = earlier
		}
		if err != nil {
			return found, err
		}
		if len(documents) == 0 && !isEmpty(&root) {
			found.NonObjects = append(found.NonObjects, nonObjectOf(name, root.Content[0]))
		}
		found.Documents = append(found.Documents, documents...)
	}
}

// isEmpty reports whether a document is empty: no text, null, or a List without items, as printed by kubectl get.
func isEmpty(root *yaml.Node) bool {
	if len(root.Content) == 0 || root.Content[0].ShortTag() == "!!null" {
		return true
	}
	items := yamlnode.Child(root.Content[0], "items")
	return items != nil && items.Kind == yaml.SequenceNode && len(items.Content) == 0
}

// SyntaxError is the position at which a file stops being valid YAML.
type SyntaxError struct {
	Place   Place
	Message string
}

// Error returns the message after its place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("parse %s:%d: %s", e.Place.File, e.Place.Line, e.Message)
}

var lineOfError = regexp.MustCompile(`line (\d+): `)

// syntaxError extracts the line from the parser's message. If the message has several, the first one counts.
func syntaxError(file string, err error, line int) *SyntaxError {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := lineOfError.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
	}
	message = strings.TrimPrefix(message, "unmarshal errors:\n  ")
	message = lineOfError.ReplaceAllString(strings.ReplaceAll(message, "\n  ", "; "), "")
	return &SyntaxError{Place{file, line}, message}
}

var unknownAnchor = regexp.MustCompile(`unknown anchor '([^']+)'`)

// lineOfAnchor returns the line of an alias without an anchor, the only error without a line.
func lineOfAnchor(text []byte, err error) int {
	m := unknownAnchor.FindStringSubmatch(err.Error())
	if m == nil {
		return 1
	}
	before, _, _ := strings.Cut(string(text), "*"+m[1])
	return strings.Count(before, "\n") + 1
}

// objectsOf returns the object of one document, or those of a List, which kubectl and kustomize split as well.
func (p *Parser) objectsOf(file string, root *yaml.Node) ([]Document, error) {
	if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, nil
	}
	node := root.Content[0]
	document, ok, err := p.objectOf(file, node)
	if err != nil || !ok {
		return nil, err
	}
	items := yamlnode.Child(node, "items")
	if !strings.HasSuffix(document.Ref.Kind, "List") || items == nil || items.Kind != yaml.SequenceNode {
		return named(document), nil
	}
	var found []Document
	for _, item := range items.Content {
		document, ok, err := p.objectOf(file, item)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, named(document)...)
		}
	}
	return found, nil
}

// named omits documents without a name: a kustomization.yaml, the configuration of a tool. An object whose kind or API version is empty is none
// either.
func named(d Document) []Document {
	if d.Ref.Name == "" || d.Body.GetKind() == "" || d.Body.GetAPIVersion() == "" {
		return nil
	}
	return []Document{d}
}

func (p *Parser) objectOf(file string, node *yaml.Node) (Document, bool, error) {
	if node.Kind != yaml.MappingNode || yamlnode.Child(node, "kind") == nil || yamlnode.Child(node, "apiVersion") == nil {
		return Document{}, false, nil
	}
	fields, err := p.fields(node)
	if err != nil {
		return Document{}, false, syntaxError(file, err, node.Line)
	}
	body := &unstructured.Unstructured{Object: fields}
	return Document{Ref: RefOf(body), Body: body, Place: Place{file, node.Line}, node: node}, true, nil
}

// asKubernetes converts keys to text, and keeps times as text, like the YAML reader of Kubernetes (sigs.k8s.io/yaml v1.6
// yaml.go:convertToJSONableObject).
func asKubernetes(node *yaml.Node, seen map[*yaml.Node]bool) {
	if node == nil || seen[node] {
		return
	}
	seen[node] = true
	for i, inner := range node.Content {
		isKey := node.Kind == yaml.MappingNode && i%2 == 0
		tag := inner.ShortTag()
		if inner.Kind == yaml.ScalarNode && (isKey && tag != "!!merge" || tag == "!!timestamp") {
			inner.Tag = "!!str"
		}
		asKubernetes(inner, seen)
	}
	asKubernetes(node.Alias, seen)
}

// FromJSON decodes an object like the API server: whole numbers are int64.
func FromJSON(text []byte) (*unstructured.Unstructured, error) {
	body := map[string]any{}
	if err := utiljson.Unmarshal(text, &body); err != nil {
		return nil, err
	}
	return &unstructured.Unstructured{Object: body}, nil
}

// RefOf returns the identity of a declared object on the control plane. Kustomize also sets a namespace on cluster-scoped kinds
// that it does not know; the API server ignores it.
func RefOf(body *unstructured.Unstructured) facts.Ref {
	gvk := body.GroupVersionKind()
	ref := facts.Ref{Plane: facts.Control, Group: gvk.Group, Kind: gvk.Kind, Namespace: body.GetNamespace(), Name: body.GetName()}
	if kind, known := kinds.Lookup(gvk.Group, gvk.Kind); known && !kind.Namespaced {
		ref.Namespace = ""
	}
	return ref
}
