package snapshotfile

import (
	"encoding/json"
	"errors"

	"go.yaml.in/yaml/v3"
	strict "sigs.k8s.io/json"
)

// fields decodes each field of a mapping into its target. An unknown field is an error: it belongs to a version that is not
// supported. An outcome is required, because NotAsked is a fact as well.
func (t text) fields(n *yaml.Node, targets map[string]any) error {
	if n.Kind != yaml.MappingNode || n.Anchor != "" {
		return t.errorf(n, "want fields, without an anchor")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name, err := t.key(key)
		if err != nil {
			return err
		}
		target, known := targets[name]
		if !known || seen[name] {
			return t.errorf(key, "field %q is unknown, or here twice", truncate(name))
		}
		seen[name] = true
		if err := t.decode(name, value, target); err != nil {
			return err
		}
	}
	if _, needed := targets["outcome"]; needed && plain(n, "outcome") == "" {
		return t.errorf(n, "outcome is missing")
	}
	return nil
}

func (t text) decode(name string, n *yaml.Node, target any) error {
	v, err := t.value(n, 1)
	if err != nil {
		return err
	}
	if body, ok := target.(*map[string]any); ok {
		if *body, ok = v.(map[string]any); !ok {
			return t.errorf(n, "%s: want fields", name)
		}
		return nil
	}
	if err := convert(v, target); err != nil {
		return t.errorf(n, "%s: %w", name, err)
	}
	return nil
}

// convert decodes a JSON value into target, a pointer. It fails on unknown fields.
func convert(v, target any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	unknown, err := strict.UnmarshalStrict(data, target)
	if err = errors.Join(append(unknown, err)...); err != nil {
		return errors.New(truncate(err.Error()))
	}
	return nil
}

// plain returns the scalar in one field of n, or "" if there is none.
func plain(n *yaml.Node, field string) string {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == field && n.Content[i+1].Kind == yaml.ScalarNode {
			return n.Content[i+1].Value
		}
	}
	return ""
}

func (t text) has(field string) bool {
	for i := 0; t.root.Kind == yaml.MappingNode && i+1 < len(t.root.Content); i += 2 {
		if t.root.Content[i].Value == field {
			return true
		}
	}
	return false
}
