package snapshotfile

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// field is one entry of a document, in output order.
type field struct {
	name  string
	value *yaml.Node // nil is omitted
}

func mappingNode(style yaml.Style, fields ...field) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: style}
	for _, f := range fields {
		if f.value != nil {
			n.Content = append(n.Content, textNode(f.name), f.value)
		}
	}
	return n
}

// optional returns nil for an empty string, so that the field is omitted.
func optional(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	return textNode(s)
}

func optionalTime(t time.Time) *yaml.Node {
	if t.IsZero() {
		return nil
	}
	return textNode(t.Format(time.RFC3339Nano))
}

func optionalBool(b bool) *yaml.Node {
	if !b {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"}
}

func optionalInt(n int) *yaml.Node {
	if n == 0 {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
}

func textsNode(texts []string) *yaml.Node {
	if len(texts) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, s := range texts {
		n.Content = append(n.Content, textNode(s))
	}
	return n
}

// oldYAML matches text that YAML 1.1 parsers, including kubectl's, read as a boolean or a number. The parser of this package
// does not.
var oldYAML = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)$`)

func textNode(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	switch {
	case !utf8.ValidString(s):
		n.Value, n.Style = strings.ToValidUTF8(s, "\uFFFD"), yaml.DoubleQuotedStyle
	case legible(s):
		n.Style = yaml.LiteralStyle
	case strings.ContainsAny(s, "\n\r\u0085\u2028\u2029"), oldYAML.MatchString(s):
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// badBlock matches text that a literal block cannot hold, or that emitters and editors change in one. Examples are other line
// breaks, tabs, white space at the start or at the end of a line, and empty lines at the end.
var badBlock = regexp.MustCompile(`[^\n\PC]|[\t\x{2028}\x{2029}]|^\s|[ ]\n|[ ]$|\n\n$`)

// legible reports whether text of several lines can be written as a literal block.
func legible(s string) bool { return strings.Contains(s, "\n") && !badBlock.MatchString(s) }

// node converts a JSON value to YAML, with sorted keys. It fails on types that apimachinery does not create from JSON: such a
// body would change when it is read back.
func node(v any) (*yaml.Node, error) {
	switch v := v.(type) {
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	case string:
		return textNode(v), nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}, nil
	case int64:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(v, 10)}, nil
	case float64:
		return floatNode(v)
	case []any:
		return sequenceOf(v)
	case map[string]any:
		return mappingOf(v)
	}
	return nil, fmt.Errorf("a value of Go type %T, which JSON does not have", v)
}

func floatNode(f float64) (*yaml.Node, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("number %v, which JSON does not have", f)
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0" // otherwise it would be read back as an integer
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: s}, nil
}

func sequenceOf(list []any) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, item := range list {
		child, err := node(item)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, child)
	}
	return n, nil
}

func mappingOf(object map[string]any) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		child, err := node(object[key])
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, textNode(key), child)
	}
	return n, nil
}
