package manifest

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/yamlnode"
)

// NonObject is a document that is no object, such as the values of a chart.
type NonObject struct {
	Place            // of the misspelt field, or of metadata without a name, else of the first line
	APIVersion, Kind string
	// Missing is the field that an otherwise complete object lacks: apiVersion, kind or metadata.name. It is "" if the document has not the
	// form of an object. Files of many tools have apiVersion and kind, but no name.
	Missing string
	Near    string // a field that may be the missing one, misspelt
	// HasMetadata reports whether it has fields in metadata, and Namespaced whether one of them is the namespace.
	HasMetadata, Namespaced bool
}

// content are fields of objects beside apiVersion, kind and metadata. Nearly all kinds have one of them, or none. The workload
// descriptors of OpenChoreo and Score, which have no kind, have others.
var content = []string{
	"spec", "data", "stringData", "binaryData", "rules", "roleRef", "subjects", "webhooks", "provisioner", "handler", "secrets", "imagePullSecrets",
	"automountServiceAccountToken",
}

// nonObjectOf describes a document that is no object.
func nonObjectOf(file string, node *yaml.Node) NonObject {
	s := NonObject{Place: Place{file, node.Line}}
	metadata := yamlnode.Child(node, "metadata")
	if !isReadable(node, metadata) {
		return s
	}
	s.APIVersion, s.Kind = text(yamlnode.Child(node, "apiVersion")), text(yamlnode.Child(node, "kind"))
	s.HasMetadata, s.Namespaced = metadata != nil && len(metadata.Content) > 0, text(yamlnode.Child(metadata, "namespace")) != ""
	hasName := text(yamlnode.Child(metadata, "name"))+text(yamlnode.Child(metadata, "generateName")) != ""
	switch {
	case s.APIVersion != "" && s.Kind != "" && !hasName && yamlnode.Child(node, "items") == nil:
		s.Missing = "metadata.name"
		s.nameIn(node, metadata)
	case s.APIVersion != "" && s.Kind == "" && hasName:
		s.missing(node, "kind")
	case s.APIVersion == "" && s.Kind != "" && hasName && yamlnode.Child(node, "version") == nil: // resources of Teleport have a version
		s.missing(node, "apiVersion")
	}
	return s
}

// isReadable reports whether the fields of a document are known: not those of a template, whose values in braces are maps, and of a merge
// key.
func isReadable(node, metadata *yaml.Node) bool {
	fields := []*yaml.Node{yamlnode.Child(node, "apiVersion"), yamlnode.Child(node, "kind"), yamlnode.Child(metadata, "name"), yamlnode.Child(metadata, "generateName")}
	return yamlnode.Child(node, "<<") == nil && yamlnode.Child(metadata, "<<") == nil && !slices.ContainsFunc(fields, func(value *yaml.Node) bool {
		return value != nil && value.Kind != yaml.ScalarNode
	})
}

// text returns a value that is text; "" for others.
func text(node *yaml.Node) string {
	if node == nil || node.Kind != yaml.ScalarNode || node.ShortTag() != "!!str" && node.ShortTag() != "!!timestamp" {
		return ""
	}
	return node.Value
}

// missing records the missing field of a document that has the content of an object.
func (s *NonObject) missing(node *yaml.Node, field string) {
	near := nearKey(node, field, yaml.ScalarNode)
	isBare := true // as a Namespace is
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if slices.Contains(content, key.Value) {
			s.found(field, near)
			return
		}
		isBare = isBare && (key == near || slices.Contains([]string{"apiVersion", "kind", "metadata"}, key.Value))
	}
	if isBare {
		s.found(field, near)
	}
}

// nameIn looks for a name that is misspelt, in metadata that is misspelt, or indented less than metadata.
func (s *NonObject) nameIn(node, metadata *yaml.Node) {
	key, _ := yamlnode.Entry(node, "metadata")
	near := nearKey(metadata, "name", yaml.ScalarNode)
	switch {
	case metadata == nil:
		near = nearKey(node, "metadata", yaml.MappingNode)
		if _, value := yamlnode.Entry(node, valueOf(near)); near != nil && text(yamlnode.Child(value, "name")) == "" {
			near = nil
		}
	case near == nil && !s.HasMetadata:
		near, _ = yamlnode.Entry(node, "name")
	}
	if key != nil {
		s.Line = key.Line
	}
	s.found("metadata.name", near)
}

func (s *NonObject) found(field string, near *yaml.Node) {
	s.Missing, s.Near = field, valueOf(near)
	if near != nil {
		s.Line = near.Line
	}
}

func valueOf(node *yaml.Node) string {
	if node == nil {
		return ""
	}
	return node.Value
}

// nearKey returns the key of a map that is nearly a name, with a value of a kind; nil if there is none.
func nearKey(node *yaml.Node, name string, kind yaml.Kind) *yaml.Node {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.Value != name && value.Kind == kind && (strings.EqualFold(key.Value, name) || suggest.OneEdit(key.Value, name)) {
			return key
		}
	}
	return nil
}
