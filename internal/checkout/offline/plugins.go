package offline

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	kustomize "sigs.k8s.io/kustomize/api/types"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// pluginFields lists the fields with files that a kustomize plugin loads (kustomize api/internal/builtins). Their names are
// compared without case, as in encoding/json.
var pluginFields = []string{"path", "paths", "targetFilePath", "files", "envs", "env", "valuesFile", "additionalValuesFiles"}

// pluginDocument is the configuration of one plugin.
type pluginDocument struct {
	file string
	node *yaml.Node
}

// plugins filters the entries of generators, transformers and validators. An entry is a plugin configuration: inline, a file, or
// a folder with a kustomization.yaml. A plugin downloads the files that its configuration names. So each document with a remote
// file is removed, and the other documents of its entry replace the entry.
func (c *cleaner) plugins(entries []string, objects bool) []string {
	if entries == nil {
		return nil
	}
	kept := []string{}
	for _, entry := range entries {
		if c.gone(c.isRemoteRoot(entry), entry, objects) {
			continue
		}
		documents, known := c.documentsOf(entry, c.folder, 0)
		if !known {
			c.changed = true
			c.report(removedEntry{file: c.tree.KustomizationFile(c.folder), value: entry, objects: objects, built: true})
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(documents), func(d pluginDocument) bool {
			if c.isChart(d) {
				return true
			}
			value, remote := remoteIn(d.node)
			if remote {
				c.changed = true
				c.report(removedEntry{file: d.file, value: value, objects: objects})
			}
			return remote
		})
		switch {
		case len(rest) == len(documents):
			kept = append(kept, entry)
		case len(rest) > 0:
			kept = append(kept, inPlace(rest))
		}
	}
	return kept
}

// maxNesting bounds the depth of the search for plugin configurations. Kustomize itself stops at cycles.
const maxNesting = 10

// documentsOf returns the configurations below an entry. known is false if a kustomization.yaml changes them before use. The
// result of a patch to a path is known only after kustomize has built it, and kustomize loads it at once. A namespace changes no path
// (kustomize api/internal/konfig/builtinpluginconsts/namespace.go). It would be lost if a document had to be removed.
func (c *cleaner) documentsOf(entry, folder string, depth int) (found []pluginDocument, known bool) {
	target := resolve(folder, entry)
	if text, isFile := c.tree.Files[target]; isFile {
		return pluginDocuments(target, text)
	}
	file := c.tree.KustomizationFile(target)
	if file == "" {
		return pluginDocuments(c.tree.KustomizationFile(c.folder), []byte(entry)) // inline; kustomize reports a missing file
	}
	var k kustomize.Kustomization
	if k.Unmarshal(c.tree.Files[file]) != nil {
		return nil, true // kustomize rejects it before it loads anything
	}
	k.FixKustomization()
	if !reflect.DeepEqual(k, kustomize.Kustomization{TypeMeta: k.TypeMeta, MetaData: k.MetaData, Resources: k.Resources, Namespace: k.Namespace}) || depth > maxNesting {
		return nil, false
	}
	for _, resource := range k.Resources {
		below, known := c.documentsOf(resource, target, depth+1)
		if !known {
			return nil, false
		}
		found = append(found, below...)
	}
	return found, k.Namespace == "" || !slices.ContainsFunc(found, isRemoteDocument)
}

func isRemoteDocument(d pluginDocument) bool {
	_, remote := remoteIn(d.node)
	return remote
}

// pluginDocuments parses a configuration. Kustomize rejects invalid YAML.
func pluginDocuments(file string, text []byte) (found []pluginDocument, known bool) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return found, true
		}
		if err != nil {
			return found, true // kustomize rejects the whole file
		}
		found = append(found, pluginDocument{file, &node})
	}
}

// remoteIn returns a value that a plugin would download. It checks the raw nodes, which include duplicate keys, and the decoded
// value, which resolves anchors and tags. A value that cannot be decoded counts as remote.
func remoteIn(node *yaml.Node) (value string, found bool) {
	visit := func(keys []string, s string) {
		if !found && slices.ContainsFunc(keys, isPluginField) && isRemoteSource(s) {
			value, found = s, true
		}
	}
	walkNode(node, nil, visit)
	text, err := yaml.Marshal(node)
	if err != nil {
		return value, true
	}
	var plain any
	if err := sigsyaml.Unmarshal(text, &plain); err != nil {
		return value, true
	}
	walkValue(plain, nil, visit)
	return value, found
}

// walkNode visits every scalar with the keys above it.
func walkNode(node *yaml.Node, keys []string, visit func(keys []string, s string)) {
	if node.Kind == yaml.ScalarNode {
		visit(keys, node.Value)
	}
	for i, child := range node.Content {
		if node.Kind != yaml.MappingNode {
			walkNode(child, keys, visit)
		} else if i%2 == 1 {
			walkNode(child, append(slices.Clone(keys), node.Content[i-1].Value), visit)
		}
	}
}

// walkValue visits every string with the keys above it.
func walkValue(plain any, keys []string, visit func(keys []string, s string)) {
	switch v := plain.(type) {
	case string:
		visit(keys, v)
	case []any:
		for _, item := range v {
			walkValue(item, keys, visit)
		}
	case map[string]any:
		for _, key := range tree.Sorted(v) {
			walkValue(v[key], append(slices.Clone(keys), key), visit)
		}
	}
}

func isPluginField(key string) bool { return contains(pluginFields, key) }

// contains compares names without case, as encoding/json does.
func contains(fields []string, key string) bool {
	return slices.ContainsFunc(fields, func(field string) bool { return strings.EqualFold(field, key) })
}

// isRemoteSource accepts a file, or key=file as in a ConfigMap generator.
func isRemoteSource(s string) bool {
	_, file, _ := strings.Cut(s, "=")
	return isURL(s) || isURL(file)
}

// inPlace returns the configurations as one inline entry.
func inPlace(documents []pluginDocument) string {
	var text bytes.Buffer
	for _, d := range documents {
		out, err := yaml.Marshal(d.node)
		if err != nil {
			continue // cannot fail: it was parsed from text
		}
		text.WriteString("---\n")
		text.Write(out)
	}
	return text.String()
}
