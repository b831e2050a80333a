package reasons

import (
	"bytes"

	"go.yaml.in/yaml/v3"
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

// entryOf returns the key and the value of a field; nil for none.
func entryOf(node *yaml.Node, name string) (key, value *yaml.Node) {
	if node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node == nil || node.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i], node.Content[i+1]
		}
	}
	return nil, nil
}

func child(node *yaml.Node, name string) *yaml.Node {
	_, value := entryOf(node, name)
	return value
}

// text returns a field that is a scalar; "" for none.
func text(node *yaml.Node, name string) string {
	if value := child(node, name); value != nil && value.Kind == yaml.ScalarNode {
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
