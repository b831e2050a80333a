// Package strictyaml reads files that people write: one document, without unknown or repeated fields. It imports nothing of ours.
package strictyaml

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Decode decodes the only document of a text. It returns false for a text with nothing but white space and comments. Unknown fields
// are errors: a misspelled field must not look like a setting without effect.
func Decode(text []byte, into any) (found bool, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	switch err := decoder.Decode(into); {
	case errors.Is(err, io.EOF):
		return false, nil
	case err != nil:
		return false, inOurWords(err)
	}
	var next yaml.Node
	if err := decoder.Decode(&next); !errors.Is(err, io.EOF) {
		return false, errors.New("it holds more than one document")
	}
	return true, nil
}

var (
	unknownField = regexp.MustCompile(`field (\S+) not found in type [^\s;]+`)
	yamlTypes    = map[string]string{"str": "a text", "seq": "a list", "map": "a map", "int": "a number", "float": "a number", "bool": "true or false"}
	wrongType    = regexp.MustCompile("cannot unmarshal !!(\\S+)(?: `[^`]*`)? into \\S+")
)

// inOurWords returns the error on one line, with line numbers and without the names of Go types.
func inOurWords(err error) error {
	text := err.Error()
	if all := new(yaml.TypeError); errors.As(err, &all) {
		text = strings.Join(all.Errors, "; ")
	}
	text = strings.Join(strings.Fields(text), " ")
	text = unknownField.ReplaceAllString(text, `unknown field "$1"`)
	return errors.New(wrongType.ReplaceAllStringFunc(text, func(found string) string {
		tag := wrongType.FindStringSubmatch(found)[1]
		return cmp.Or(yamlTypes[tag], tag) + " cannot stand here"
	}))
}

// Line returns the line of an entry of a list in a text: the field, and the index in its list. It returns 1 if there is none.
func Line(text []byte, field string, index int) int {
	var root yaml.Node
	if yaml.Unmarshal(text, &root) != nil || len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return 1
	}
	top := root.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		if top[i].Value == field && index < len(top[i+1].Content) {
			return top[i+1].Content[index].Line
		}
	}
	return 1
}
