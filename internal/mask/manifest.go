package mask

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// manifests masks the Secrets that a text declares in YAML, whatever the options are: the resourcesTemplate of a ResourceSet, the
// patch of a Kustomization, extra objects in Helm values or in a ConfigMap. If values are shown, only the data of these Secrets is
// masked, and the rest of the text gets YAML's usual form. found is false if the text declares none.
func (m *Masker) manifests(s string) (masked string, found bool) {
	if !mentionsSecret(s) {
		return "", false
	}
	documents, err := documentsOf(s)
	var secrets []*yaml.Node
	for _, document := range documents {
		secrets = appendSecrets(secrets, document)
	}
	switch {
	case err != nil && !looksLikeSecret(s), err == nil && len(secrets) == 0:
		return "", false
	case err != nil, !m.showsValues, !m.maskData(secrets):
		return m.token(s, secretData), true
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	for _, document := range documents {
		if encoder.Encode(document) != nil {
			return m.token(s, secretData), true
		}
	}
	return text.String(), true
}

// mentionsSecret is a fast check: few texts need to be parsed.
func mentionsSecret(s string) bool {
	return strings.Contains(s, "Secret") && strings.Contains(s, "kind") && (strings.Contains(s, "data") || strings.Contains(s, "Data"))
}

func documentsOf(s string) (documents []*yaml.Node, err error) {
	decoder := yaml.NewDecoder(strings.NewReader(s))
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return documents, nil
		case err != nil:
			return nil, err
		}
		documents = append(documents, &document)
	}
}

var (
	secretLine = regexp.MustCompile(`(?m)^[\s-]*["']?kind["']?\s*:\s*["']?Secret["']?\s*(?:#.*)?$`)
	dataLine   = regexp.MustCompile(`(?m)^\s*["']?(?:stringData|data)["']?\s*:`)
)

// looksLikeSecret reports whether a text that is YAML only after a template has been executed declares a Secret.
func looksLikeSecret(s string) bool { return secretLine.MatchString(s) && dataLine.MatchString(s) }

// appendSecrets appends the Secrets with data in a node, and the texts in it that declare Secrets themselves.
func appendSecrets(secrets []*yaml.Node, node *yaml.Node) []*yaml.Node {
	if node.Kind == yaml.ScalarNode && mentionsSecret(node.Value) {
		documents, err := documentsOf(node.Value)
		for _, document := range documents {
			if len(appendSecrets(nil, document)) > 0 {
				return append(secrets, node)
			}
		}
		if err != nil && looksLikeSecret(node.Value) {
			return append(secrets, node)
		}
	}
	if node.Kind == yaml.MappingNode && scalarOf(node, "kind") == "Secret" && scalarOf(node, "apiVersion") == "v1" {
		return append(secrets, node)
	}
	for _, child := range node.Content {
		secrets = appendSecrets(secrets, child)
	}
	return secrets
}

// scalarOf returns the text of a field; "" if it has none.
func scalarOf(mapping *yaml.Node, key string) string {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1].Value
		}
	}
	return ""
}

// maskData masks the data of Secrets and whole texts. It returns false if an alias represents a part of the data.
func (m *Masker) maskData(secrets []*yaml.Node) bool {
	for _, secret := range secrets {
		if secret.Kind == yaml.ScalarNode {
			secret.Value = m.token(secret.Value, secretData)
			continue
		}
		for i := 1; i < len(secret.Content); i += 2 {
			key, known := secret.Content[i-1], true
			switch key.Value {
			case "data":
				known = m.maskField(key, secret.Content[i], m.maskBase64)
			case "stringData":
				known = m.maskField(key, secret.Content[i], m.token)
			case "<<":
				known = false
			}
			if !known {
				return false
			}
		}
	}
	return true
}

type maskFunc func(value string, s secret) string

// maskField masks the scalars of a field, and removes the comments around them.
func (m *Masker) maskField(key, value *yaml.Node, mask maskFunc) bool {
	withoutComments(key)
	return m.maskScalars(value, mask)
}

func (m *Masker) maskScalars(node *yaml.Node, mask maskFunc) bool {
	withoutComments(node)
	switch node.Kind {
	case yaml.ScalarNode:
		node.Value, node.Tag = mask(node.Value, secretData), "!!str"
	case yaml.MappingNode:
		for i := 1; i < len(node.Content); i += 2 {
			if !m.maskField(node.Content[i-1], node.Content[i], mask) {
				return false
			}
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			if !m.maskScalars(item, mask) {
				return false
			}
		}
	case yaml.DocumentNode, yaml.AliasNode:
		return false
	}
	return true
}

func withoutComments(node *yaml.Node) {
	node.HeadComment, node.LineComment, node.FootComment = "", "", ""
}
