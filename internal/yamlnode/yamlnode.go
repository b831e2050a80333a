// Package yamlnode finds fields in parsed YAML, whose nodes have the lines of the file.
package yamlnode

import "go.yaml.in/yaml/v3"

// Entry returns the key and the value of a field; nil if the node is no mapping, or an alias of one, that has it.
func Entry(node *yaml.Node, name string) (key, value *yaml.Node) {
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

// Child returns the value of a field; nil for none.
func Child(node *yaml.Node, name string) *yaml.Node {
	_, value := Entry(node, name)
	return value
}
