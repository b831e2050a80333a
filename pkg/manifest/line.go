package manifest

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/internal/yamlnode"
)

// step matches a step of a path: a field, an index or the key of a map in brackets.
var step = regexp.MustCompile(`[^.\[\]]+|\[[^\]]*\]`)

// source is the text of a file. Line numbers take more memory than the objects, and few are needed, so the text is parsed again
// on demand.
type source struct {
	text      []byte
	once      sync.Once
	documents []Document
}

// root returns the node of a Document; nil for one that was not parsed.
func (d *Document) root() *yaml.Node {
	if d.source == nil {
		return nil
	}
	d.source.once.Do(func() {
		again, _ := NewParser().read("", d.source.text) // up to the same error as before
		d.source.documents = again.Documents
	})
	return d.source.documents[d.ordinal].node
}

// At returns the place of a field, such as spec.container.env[1].value, or of its nearest ancestor in the file. Keys of maps may
// be in brackets, as in messages of API servers.
func (d *Document) At(path string) Place {
	line, _ := d.find(path)
	return Place{d.Place.File, line}
}

// AtMatch is At, with the first line of a text in a block, such as |, that matches a pattern.
func (d *Document) AtMatch(path string, pattern *regexp.Regexp) Place {
	line, node := d.find(path)
	if node == nil || node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 || !pattern.MatchString(node.Value) {
		return Place{d.Place.File, line}
	}
	lines := strings.Split(string(d.source.text), "\n")
	for i := node.Line; i < len(lines); i++ { // the text begins in the line after its |
		if pattern.MatchString(lines[i]) {
			return Place{d.Place.File, i + 1}
		}
	}
	return Place{d.Place.File, line}
}

// find returns the line and the value of a field. Without the field, it returns the line of its nearest ancestor, and nil.
func (d *Document) find(path string) (line int, node *yaml.Node) {
	line, node = d.Place.Line, d.root()
	steps := step.FindAllString(path, -1)
	for i := 0; i < len(steps) && node != nil; {
		next, at, used := descend(node, steps[i:])
		if used == 0 {
			return line, nil
		}
		line, node = at, next
		i += used
	}
	return line, node
}

// descend follows one field. The key of a map may contain dots, and then takes several steps.
func descend(node *yaml.Node, steps []string) (next *yaml.Node, line, used int) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind == yaml.SequenceNode {
		i, err := strconv.Atoi(strings.Trim(steps[0], "[]"))
		if err != nil || i < 0 || i >= len(node.Content) {
			return nil, 0, 0
		}
		return node.Content[i], node.Content[i].Line, 1
	}
	for n := 1; n <= len(steps); n++ {
		name := strings.Trim(strings.Join(steps[:n], "."), "[]")
		if key, value := yamlnode.Entry(node, name); key != nil {
			return value, key.Line, n
		}
	}
	return nil, 0, 0
}
