package reasons

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/internal/yamlnode"
)

// read returns the documents of a file of the artifact, up to a syntax error.
func (f *Finder) read(file string) []*yaml.Node {
	if _, known := f.nodes[file]; !known {
		f.nodes[file] = parse(f.clone.Files.Files[file])
	}
	return f.nodes[file]
}

func parse(text []byte) []*yaml.Node {
	var all []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		if decoder.Decode(&document) != nil {
			return all
		}
		if len(document.Content) > 0 {
			all = append(all, document.Content[0])
		}
	}
}

// text returns a field that is a scalar; "" for none.
func text(node *yaml.Node, name string) string {
	if value := yamlnode.Child(node, name); value != nil && value.Kind == yaml.ScalarNode {
		return value.Value
	}
	return ""
}

func items(node *yaml.Node) []*yaml.Node {
	if node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}
