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
