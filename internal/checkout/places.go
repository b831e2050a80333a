package checkout

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// placeOfValue returns the line of a value in a file. The first call for a value returns its first line, the next call the
// second.
func (l *loader) placeOfValue(file, value string) manifest.Place {
	lines := linesOf(l.tree.Files[file], value)
	key := file + "\n" + value
	n := min(l.reported[key], len(lines)-1)
	l.reported[key]++
	return manifest.Place{File: file, Line: lines[n]}
}

// linesOf returns the lines that contain a value: as a YAML value, else as text. It returns line 1 if neither matches, for
// example for a value with escapes.
func linesOf(text []byte, value string) []int {
	if lines := scalarLines(text, value); len(lines) > 0 {
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

// scalarLines returns the lines of the YAML values that equal word.
func scalarLines(text []byte, word string) []int {
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

// fieldPath returns the path of a field of an object.
func fieldPath(format string, indices ...any) string { return fmt.Sprintf(format, indices...) }
