package manifest

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

const (
	// maxWord and maxWords bound the texts that a Parser shares.
	maxWord, maxWords = 64, 1 << 15
	// maxNested is more than any object has. The decoder of the API server has a limit as well, which decodeAll applies.
	maxNested = 500
)

// Parser parses files. It holds a short text once, however many objects contain it: names of fields, kinds, namespaces, labels. It is
// not safe for concurrent use.
type Parser struct {
	words, former map[string]any // the texts of the last files, and those of the files before
}

// NewParser returns a Parser.
func NewParser() *Parser { return &Parser{words: map[string]any{}} }

// word returns the shared text.
func (p *Parser) word(text string) any {
	if len(text) > maxWord {
		return text
	}
	known, ok := p.words[text]
	if ok {
		return known
	}
	if known, ok = p.former[text]; !ok {
		known = text
	}
	if len(p.words) == maxWords { // files that are read one after the other have most texts in common
		p.words, p.former = map[string]any{}, p.words
	}
	p.words[text] = known
	return known
}

// fields decodes the object of a node. Most objects need only what decodePlain knows.
func (p *Parser) fields(node *yaml.Node) (map[string]any, error) {
	if value, ok := p.decodePlain(node, 0); ok {
		if fields, ok := value.(map[string]any); ok {
			return fields, nil
		}
	}
	return decodeAll(node)
}

// decodeAll decodes a node like the YAML reader of Kubernetes and then the API server, which decodes JSON.
func decodeAll(node *yaml.Node) (map[string]any, error) {
	plain := map[string]any{}
	asKubernetes(node, map[*yaml.Node]bool{})
	if err := node.Decode(&plain); err != nil {
		return nil, err
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	body, err := FromJSON(text)
	if err != nil {
		return nil, err
	}
	return body.Object, nil
}

// decodePlain returns the same value as decodeAll in a fraction of its time and memory. It returns false for what is left to
// decodeAll: aliases, merge keys, tags, keys that are repeated, and whatever may be an error.
func (p *Parser) decodePlain(node *yaml.Node, depth int) (any, bool) {
	if node.Style&yaml.TaggedStyle != 0 || depth > maxNested {
		return nil, false
	}
	switch node.Kind {
	case yaml.MappingNode:
		return p.decodeMapping(node, depth)
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, inner := range node.Content {
			value, ok := p.decodePlain(inner, depth+1)
			if !ok {
				return nil, false
			}
			list[i] = value
		}
		return list, true
	case yaml.ScalarNode:
		return p.decodeScalar(node)
	case yaml.DocumentNode, yaml.AliasNode:
	}
	return nil, false
}

func (p *Parser) decodeMapping(node *yaml.Node, depth int) (any, bool) {
	fields := make(map[string]any, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind != yaml.ScalarNode || key.Style&yaml.TaggedStyle != 0 || key.Value == "<<" || !utf8.ValidString(key.Value) {
			return nil, false
		}
		name, _ := p.word(key.Value).(string)
		if _, again := fields[name]; again {
			return nil, false
		}
		value, ok := p.decodePlain(node.Content[i+1], depth+1)
		if !ok {
			return nil, false
		}
		fields[name] = value
	}
	return fields, true
}

func (p *Parser) decodeScalar(node *yaml.Node) (any, bool) {
	switch node.Tag { // that the parser has derived from the text
	case "!!str", "!!timestamp": // a time stays text, see asKubernetes
		return p.word(node.Value), utf8.ValidString(node.Value)
	case "!!null":
		return nil, true
	case "!!bool":
		value, err := strconv.ParseBool(node.Value)
		return value, err == nil && len(node.Value) > 1 // true, True, TRUE; YAML 1.2 has no short forms
	case "!!int":
		if digits := strings.TrimPrefix(node.Value, "-"); digits == "0" || digits[:min(1, len(digits))] > "0" {
			if value, err := strconv.ParseInt(node.Value, 10, 64); err == nil {
				return value, true
			}
		}
		return decodeNumber(node)
	case "!!float":
		return decodeNumber(node)
	}
	return nil, false
}

// decodeNumber decodes a number that may become another one in JSON: 1.0 becomes 1.
func decodeNumber(node *yaml.Node) (value any, ok bool) {
	if node.Decode(&value) != nil {
		return nil, false
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, false
	}
	return value, utiljson.Unmarshal(text, &value) == nil
}
