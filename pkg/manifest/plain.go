package manifest

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// plain reads the YAML that most manifests consist of: one field or item in each line, with values in one line. It needs a quarter of the time of
// the reader of YAML, which takes most of the time of lint. It returns false for all other text, and whenever the documents are not all
// objects: the reader of YAML decides what these are.
func (p *Parser) plain(name string, text []byte) ([]Document, bool) {
	if len(text) == 0 || !isPlain(text) {
		return nil, false
	}
	var found []Document
	r := plainReader{parser: p, rest: text}
	for r.next(); ; {
		if !r.atEnd && !r.separates {
			line := r.number
			fields, ok := r.mapping(0, 0)
			if !ok || !r.atEnd && !r.separates {
				return nil, false
			}
			body := &unstructured.Unstructured{Object: fields}
			document := Document{Ref: RefOf(body), Body: body, Place: Place{name, line}}
			if _, isList := fields["items"]; isList || named(document) == nil {
				return nil, false
			}
			found = append(found, document)
		}
		if r.atEnd {
			return found, len(found) > 0
		}
		r.next()
	}
}

// isPlain reports whether a text has only printable ASCII characters and line ends.
func isPlain(text []byte) bool {
	for _, c := range text {
		if (c < ' ' || c > '~') && c != '\n' {
			return false
		}
	}
	return true
}

// plainReader reads the lines with content. Comments and empty lines are skipped.
type plainReader struct {
	parser    *Parser
	rest      []byte
	number    int    // of the present line, from 1
	indent    int    // of the present line
	line      []byte // without its indentation
	separates bool   // it is ---
	atEnd     bool
}

func (r *plainReader) next() {
	for len(r.rest) > 0 {
		line, rest, _ := bytes.Cut(r.rest, []byte("\n"))
		r.rest = rest
		r.number++
		r.line = bytes.TrimLeft(line, " ")
		r.indent = len(line) - len(r.line)
		if len(r.line) > 0 && r.line[0] != '#' {
			r.separates = string(line) == "---"
			return
		}
	}
	r.atEnd, r.line, r.separates = true, nil, false
}

// mapping reads the fields with an indentation.
func (r *plainReader) mapping(indent, depth int) (map[string]any, bool) {
	fields := map[string]any{}
	for !r.atEnd && !r.separates && r.indent == indent {
		key, value, ok := cutKey(r.line)
		if !ok || depth > maxPlain {
			return nil, false
		}
		name, _ := r.parser.wordOf(key).(string)
		if _, again := fields[name]; again {
			return nil, false
		}
		if fields[name], ok = r.value(value, indent, depth+1); !ok {
			return nil, false
		}
	}
	return fields, r.ends(indent)
}

// maxPlain bounds the depth. Deeper text is left to the reader of YAML, which has a limit of its own.
const maxPlain = 100

// ends reports whether nothing follows, or a line that is less indented.
func (r *plainReader) ends(indent int) bool { return r.atEnd || r.separates || r.indent < indent }

// value reads the value of a field: in its line, or below it.
func (r *plainReader) value(text []byte, indent, depth int) (any, bool) {
	if text = withoutComment(text); len(text) > 0 {
		value, ok := r.scalar(text)
		r.next()
		return value, ok && (r.ends(indent) || r.indent == indent)
	}
	r.next()
	isItem := !r.atEnd && !r.separates && bytes.HasPrefix(r.line, []byte("- "))
	switch {
	case isItem && r.indent >= indent:
		return r.sequence(r.indent, depth)
	case !r.ends(indent) && r.indent > indent:
		return r.mapping(r.indent, depth)
	}
	return nil, true
}

// sequence reads the items with an indentation.
func (r *plainReader) sequence(indent, depth int) (any, bool) {
	list := []any{}
	for !r.atEnd && !r.separates && r.indent == indent && bytes.HasPrefix(r.line, []byte("- ")) {
		if depth > maxPlain {
			return nil, false
		}
		item := bytes.TrimLeft(r.line[1:], " ")
		if _, _, isMapping := cutKey(item); isMapping {
			r.indent, r.line = indent+len(r.line)-len(item), item
			fields, ok := r.mapping(r.indent, depth+1)
			if !ok {
				return nil, false
			}
			list = append(list, fields)
			continue
		}
		value, ok := r.scalar(withoutComment(item))
		if !ok {
			return nil, false
		}
		list = append(list, value)
		if r.next(); !r.ends(indent) && r.indent > indent {
			return nil, false
		}
	}
	return list, r.ends(indent) || r.indent == indent && len(list) > 0 && !bytes.HasPrefix(r.line, []byte("-"))
}

// cutKey splits a line at the colon after its key. The value may be empty.
func cutKey(line []byte) (key, value []byte, ok bool) {
	key, value, ok = bytes.Cut(line, []byte(":"))
	if !ok || len(line) > 1000 || len(key) == 0 || len(value) > 0 && value[0] != ' ' || !isWordByte(key[0]) {
		return nil, nil, false
	}
	for _, c := range key {
		if !isWordByte(c) && c != '.' && c != '-' && c != '/' {
			return nil, nil, false
		}
	}
	return key, bytes.Trim(value, " "), true
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// withoutComment removes a comment after a value. A comment in quotes is left to the reader of YAML.
func withoutComment(text []byte) []byte {
	if len(text) > 0 && text[0] == '#' {
		return nil
	}
	if i := bytes.Index(text, []byte(" #")); i >= 0 {
		text = text[:i]
	}
	return bytes.TrimRight(text, " ")
}

// scalar returns a value in one line.
func (r *plainReader) scalar(text []byte) (any, bool) {
	if len(text) == 0 {
		return nil, false
	}
	switch first := text[0]; {
	case string(text) == "{}":
		return map[string]any{}, true
	case string(text) == "[]":
		return []any{}, true
	case first == '"' || first == '\'':
		inner := text[1:max(1, len(text)-1)]
		if len(text) < 2 || text[len(text)-1] != first || bytes.IndexByte(inner, first) >= 0 || first == '"' && bytes.IndexByte(inner, '\\') >= 0 {
			return nil, false
		}
		return r.parser.wordOf(inner), true
	case !isWordByte(first) && first != '/' && first != '.':
		return nil, false
	case bytes.Contains(text, []byte(": ")) || text[len(text)-1] == ':':
		return nil, false
	}
	node := yaml.Node{Kind: yaml.ScalarNode, Value: string(text)}
	node.Tag = node.ShortTag()
	return r.parser.decodeScalar(&node)
}

// wordOf is word.
func (p *Parser) wordOf(text []byte) any {
	if known, ok := p.words[string(text)]; ok { // without a copy
		return known
	}
	return p.word(strings.Clone(string(text)))
}
