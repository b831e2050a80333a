package files

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// LinesOf returns the lines of a file that contain a value, as the function of that name.
func (f *Parsed) LinesOf(file, value string) []int { return linesOf(f.Files[file], value) }

// linesOf returns the lines that contain a value: as a YAML value, else as text. It returns line 1 if neither matches, for
// example for a value with escapes.
func linesOf(text []byte, value string) []int {
	if lines := ScalarLines(text, value); len(lines) > 0 {
		return lines
	}
	var lines []int
	for i, line := range strings.Split(string(text), "\n") {
		if value != "" && strings.Contains(line, value) && !strings.HasPrefix(strings.TrimSpace(line), "#") {
			lines = append(lines, i+1)
		}
	}
	if len(lines) == 0 {
		lines = []int{1}
	}
	return lines
}

// ScalarLines returns the lines of the YAML values that equal word.
func ScalarLines(text []byte, word string) []int {
	var lines []int
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var root yaml.Node
		if decoder.Decode(&root) != nil {
			return lines
		}
		for open := []*yaml.Node{&root}; len(open) > 0; open = open[1:] {
			if open[0].Kind == yaml.ScalarNode && open[0].Value == word {
				lines = append(lines, open[0].Line)
			}
			open = append(open, open[0].Content...)
		}
	}
}

// FirstLines returns the line of each YAML value of a file, that of the first of equal ones.
func (f *Parsed) FirstLines(file string) map[string]int {
	lines := map[string]int{}
	decoder := yaml.NewDecoder(bytes.NewReader(f.Files[file]))
	for {
		var root yaml.Node
		if decoder.Decode(&root) != nil {
			return lines
		}
		for open := []*yaml.Node{&root}; len(open) > 0; open = open[1:] {
			if value := open[0].Value; open[0].Kind == yaml.ScalarNode && lines[value] == 0 {
				lines[value] = open[0].Line
			}
			open = append(open, open[0].Content...)
		}
	}
}

// maxNested is how often a text with YAML may contain one.
const maxNested = 5

// LineBelow returns the line of a word among the fields of the first mapping with some values below a key, also in a text of a file, such as a
// patch; 0 if there is none. A field without a value is "".
func (f *Parsed) LineBelow(file, key string, fields map[string]string, word string) int {
	if !bytes.Contains(f.Files[file], []byte(word)) {
		return 0
	}
	return lineBelow(string(f.Files[file]), key, fields, word, maxNested)
}

func lineBelow(text, key string, fields map[string]string, word string, depth int) int {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var root yaml.Node
		if decoder.Decode(&root) != nil {
			return 0
		}
		for open := []*yaml.Node{&root}; len(open) > 0; open = open[1:] {
			line := lineOfField(open[0], key, fields, word)
			if line == 0 && isText(open[0], word) && depth > 0 {
				if line = lineBelow(open[0].Value, key, fields, word, depth-1); line > 0 {
					line += open[0].Line // the text begins in the line after its |
				}
			}
			if line > 0 {
				return line
			}
			open = append(open, open[0].Content...)
		}
	}
}

// isText reports whether a node is a block of text that contains a word.
func isText(node *yaml.Node, word string) bool {
	return node.Kind == yaml.ScalarNode && node.Style&yaml.LiteralStyle != 0 && strings.Contains(node.Value, word)
}

// lineOfField returns the line of a word in the field of a mapping that is a mapping with some values; 0 if there is none.
func lineOfField(node *yaml.Node, key string, fields map[string]string, word string) int {
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return lineAmong(node.Content[i+1], fields, word)
		}
	}
	return 0
}

// lineAmong returns the line of a word among the fields of a mapping with some values; 0 if it is no such mapping.
func lineAmong(node *yaml.Node, fields map[string]string, word string) (line int) {
	found := map[string]string{}
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		if value := node.Content[i+1]; value.Kind == yaml.ScalarNode {
			found[node.Content[i].Value] = value.Value
			if value.Value == word {
				line = value.Line
			}
		}
	}
	for field, value := range fields {
		if found[field] != value {
			return 0
		}
	}
	return line
}
