package snapshotfile

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// text is one parsed document. Its nodes have lines relative to the document, its errors lines of the file.
type text struct {
	root   *yaml.Node
	before int // number of lines above it in the file
	limits limits
}

var yamlLine = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)

// parse parses the YAML of one document that starts at line first of the file.
func parse(data []byte, first int, limits limits) (text, error) {
	t := text{before: first - 1, limits: limits}
	if countNodes(data) > limits.nodes {
		return t, errorf(first, hintWrite, "a document of more than %d values", limits.nodes)
	}
	var doc, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&doc); err != nil {
		return t, notYAML(first, err)
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return t, errorf(first, hintEdit, "more than one document between two lines %s", startMark)
	}
	if len(doc.Content) != 1 {
		return t, errorf(first, hintEdit, "an empty document")
	}
	t.root = doc.Content[0]
	return t, nil
}

// notYAML converts the parser's line number, if any, to that of the file.
func notYAML(first int, err error) error {
	if errors.Is(err, io.EOF) {
		return errorf(first, hintEdit, "an empty document")
	}
	line, reason := first, err.Error()
	if m := yamlLine.FindStringSubmatch(reason); m != nil {
		reason = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line += n - 1
		}
	}
	return errorf(line, hintEdit, "not YAML: %s", truncate(reason))
}

func (t text) line(n *yaml.Node) int { return t.before + n.Line }

func (t text) errorf(n *yaml.Node, format string, args ...any) error {
	return errorf(t.line(n), hintEdit, format, args...)
}

// value converts a node to the types that apimachinery creates from JSON: map[string]any, []any, string, int64, float64, bool,
// nil. It rejects anything that JSON does not have, above all anchors and aliases, because a few lines of them can expand to
// more than any memory holds.
func (t text) value(n *yaml.Node, depth int) (any, error) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return nil, t.errorf(n, "anchors and aliases are not read")
	case depth > t.limits.depth:
		return nil, t.errorf(n, "nested deeper than %d", t.limits.depth)
	}
	switch n.Kind {
	case yaml.MappingNode:
		return t.mapping(n, depth)
	case yaml.SequenceNode:
		return t.sequence(n, depth)
	case yaml.ScalarNode:
		return t.scalar(n)
	case yaml.DocumentNode, yaml.AliasNode:
	}
	return nil, t.errorf(n, "not a value")
}

func (t text) mapping(n *yaml.Node, depth int) (any, error) {
	if n.ShortTag() != "!!map" {
		return nil, t.errorf(n, "tag %q is not read", truncate(n.Tag))
	}
	object := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, err := t.key(n.Content[i])
		if err != nil {
			return nil, err
		}
		if _, twice := object[key]; twice {
			return nil, t.errorf(n.Content[i], "field %q twice", truncate(key))
		}
		if object[key], err = t.value(n.Content[i+1], depth+1); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func (t text) key(n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode || n.Anchor != "" || n.ShortTag() == "!!merge" {
		return "", t.errorf(n, "a field name must be plain text")
	}
	v, err := t.scalar(n)
	if err != nil {
		return "", err
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	return n.Value, nil
}

func (t text) sequence(n *yaml.Node, depth int) (any, error) {
	if n.ShortTag() != "!!seq" {
		return nil, t.errorf(n, "tag %q is not read", truncate(n.Tag))
	}
	list := make([]any, 0, len(n.Content))
	for _, item := range n.Content {
		v, err := t.value(item, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (t text) scalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!str", "!!timestamp": // JSON has no time type: times are text
		return n.Value, nil
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return nil, t.errorf(n, "%q is neither true nor false", truncate(n.Value))
		}
		return b, nil
	case "!!int", "!!float":
		return t.number(n)
	case "!!binary":
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Value), ""))
		if err != nil {
			return nil, t.errorf(n, "not base64: %w", err)
		}
		return strings.ToValidUTF8(string(b), "\uFFFD"), nil
	}
	return nil, t.errorf(n, "tag %q is not read", truncate(n.Tag))
}

// number returns an integer if the value fits. apimachinery parses JSON in the same way, and accessors of unstructured objects
// distinguish the two types.
func (t text) number(n *yaml.Node) (any, error) {
	if n.ShortTag() == "!!int" {
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i, nil
		}
	}
	var f float64
	if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, t.errorf(n, "%q is not a number that JSON knows", truncate(n.Value))
	}
	if n.ShortTag() == "!!int" && math.Abs(f) < 1<<53 { // in another base
		return int64(f), nil
	}
	return f, nil
}
