package offline

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Kustomize has no limit for these, so a few lines of a pull request could take hours and exhaust memory. It replaces each alias
// with a copy of its anchor (kustomize kyaml/yaml/rnode.go:DeAnchor). It builds a kustomization again for each one that includes
// it.
const (
	// maxAliased is the number of values that aliases may add to the files of one build. The parsers of Kubernetes and of Go allow
	// about as many.
	maxAliased = 400_000
	// maxRebuilt is the number of kustomizations that one build may read again. If they contain objects, each one takes kustomize
	// longer than the previous one: 10,000 took minutes.
	maxRebuilt = 2_000
	// maxRead is the number of bytes that one build may read. A generator reads the same file as often as it is listed.
	maxRead = 256 << 20
)

// bounds counts the input of one build.
type bounds struct {
	aliased, rebuilt, bytes int
	read                    map[string]bool // kustomizations
}

// exceededBy adds a file. It returns a message if the build now exceeds a limit, and "" otherwise.
func (b *bounds) exceededBy(name string, text []byte, isKustomization bool) string {
	if b.bytes += len(text); b.bytes > maxRead {
		return fmt.Sprintf("%s was not read: this build would read more than %d MiB", name, maxRead>>20)
	}
	if b.aliased += aliased(text); b.aliased > maxAliased {
		return fmt.Sprintf("%s was not read: YAML aliases would expand to more than %d values", name, maxAliased)
	}
	if !isKustomization {
		return ""
	}
	if b.read[name] {
		b.rebuilt++
	}
	b.read[name] = true
	if b.rebuilt > maxRebuilt {
		return fmt.Sprintf("%s was not built: this build would include kustomizations more than %d times again", name, maxRebuilt)
	}
	return ""
}

// aliased returns the number of values that the aliases of a text add. It covers each document, and YAML inside values, such as
// an inline patch. An alias needs both & and *, which nearly no file contains.
func aliased(text []byte) int {
	if !hasAliases(string(text)) {
		return 0
	}
	total := 0
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for total <= maxAliased {
		var root yaml.Node
		if decoder.Decode(&root) != nil {
			return total // end of the file, or YAML that kustomize rejects
		}
		sizes := map[*yaml.Node]int{}
		total += expanded(&root, sizes)
		for node := range sizes {
			if node.Kind == yaml.ScalarNode && strings.Contains(node.Value, "\n") {
				total += aliased([]byte(node.Value))
			}
		}
	}
	return total
}

func hasAliases(text string) bool { return strings.Contains(text, "&") && strings.Contains(text, "*") }

// expanded returns the number of values that the aliases below a node add. It stops at the bound, and at an alias within its own
// anchor.
func expanded(root *yaml.Node, sizes map[*yaml.Node]int) int {
	added := 0
	var size func(node *yaml.Node) int
	size = func(node *yaml.Node) int {
		if node == nil {
			return 0
		}
		if known, visited := sizes[node]; visited {
			return known
		}
		sizes[node] = maxAliased + 1 // until the size is known: an alias to it from inside is endless
		total := 1
		for _, inner := range node.Content {
			total = min(total+size(inner), maxAliased+1)
		}
		if node.Kind == yaml.AliasNode {
			total = size(node.Alias)
			added = min(added+total, maxAliased+1)
		}
		sizes[node] = total
		return total
	}
	size(root)
	return added
}
