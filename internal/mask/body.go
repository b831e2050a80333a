package mask

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxDepth limits the nesting of masked objects.
const MaxDepth = 100

// rule defines the treatment of the values below one field of an object.
type rule struct {
	secret secret
	mode   mode
}

type mode uint8

const (
	byPattern        mode = iota // only by key names and text patterns
	allValues                    // every text and number
	base64Texts                  // every text, which is base64
	entryValues                  // the value of {name, value} entries
	exceptReferences             // every text but references: the key has a credential's name
)

// place is the position of a value in an object.
type place struct {
	key, above string // its key, and the parent key; list items have those of their list
	kind       string // of the innermost enclosing Kubernetes object
	rule       rule
	depth      int
}

// Body returns a masked deep copy of an object. It fails on values that are not valid JSON, and on values on which
// unstructured's own DeepCopy would panic.
func (m *Masker) Body(object map[string]any) (map[string]any, error) {
	return m.copyMapping(object, place{}, !m.showsValues)
}

// lastApplied repeats the whole object as text, and with it every value. Whoever reads from a cluster removes it from what was read, not
// from the objects in it.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// isCoreSecret reports whether an object is a core Secret. No Secret is ever read; if one appears anyway, its data is masked
// whatever the options are.
func isCoreSecret(object map[string]any) bool {
	return object["kind"] == "Secret" && object["apiVersion"] == "v1"
}

// patchesSecret reports whether an object is the patch of a Secret, as in the spec of a Kustomization: {patch, target}.
func patchesSecret(object map[string]any) bool {
	target, _ := object["target"].(map[string]any)
	return target["kind"] == "Secret" && object["patch"] != nil
}

func (m *Masker) copyValue(v any, at place, hide bool) (any, error) {
	if at.depth > MaxDepth {
		return nil, fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	switch v := v.(type) {
	case map[string]any:
		return m.copyMapping(v, at, hide)
	case []any:
		return m.copyList(v, at, hide)
	case string:
		if !hide {
			return m.Text(v), nil
		}
		return m.leaf(v, at), nil
	case int64, float64:
		if hide && hidesNumber(at) {
			return m.number(v, at.rule.secret), nil
		}
		return v, nil
	case bool, nil:
		return v, nil
	}
	return nil, fmt.Errorf("%s is of Go type %T, which JSON does not have", at.key, v)
}

func (m *Masker) copyMapping(object map[string]any, at place, hide bool) (map[string]any, error) {
	if kind, ok := object["kind"].(string); ok && object["apiVersion"] != nil {
		at.kind = kind
	}
	hide = hide || isCoreSecret(object) || patchesSecret(object)
	copied := make(map[string]any, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if key == lastApplied {
			continue
		}
		below := place{key: key, above: at.key, kind: at.kind, rule: m.below(object, key, at), depth: at.depth + 1}
		v, err := m.copyValue(object[key], below, hide)
		if err != nil {
			return nil, err
		}
		copied[key] = v
	}
	return copied, nil
}

// copyList adds one rule: in a command line, the item after a flag may be the value of that flag.
func (m *Masker) copyList(list []any, at place, hide bool) ([]any, error) {
	copied := make([]any, 0, len(list))
	for i, item := range list {
		here := at
		here.depth++
		if flag, ok := previous(list, i).(string); ok && at.rule.mode == byPattern && strings.HasPrefix(flag, "-") &&
			!strings.Contains(flag, "=") && likeCredential(flag) {
			here.rule = rule{textCredential, allValues}
		}
		v, err := m.copyValue(item, here, hide)
		if err != nil {
			return nil, err
		}
		copied = append(copied, v)
	}
	return copied, nil
}

func previous(list []any, i int) any {
	if i == 0 {
		return nil
	}
	return list[i-1]
}

func (m *Masker) leaf(s string, at place) string {
	switch at.rule.mode {
	case allValues, exceptReferences, entryValues: // a text among entries has Docker's form "NAME=value"
		return m.token(s, at.rule.secret)
	case base64Texts:
		return m.maskBase64(s, at.rule.secret)
	case byPattern:
	}
	return m.Text(s)
}

// hidesNumber reports whether a number is masked. It may be a password, but most numbers below a credential's name are
// lifetimes.
func hidesNumber(at place) bool {
	switch at.rule.mode {
	case allValues:
		return true
	case exceptReferences:
		return endsLikeCredential(at.key)
	case byPattern, entryValues, base64Texts:
	}
	return false
}
