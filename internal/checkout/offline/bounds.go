package offline

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Kustomize bounds neither of these, so a few lines of a pull request could take hours and all memory: it replaces each alias by a copy
// of its anchor (kustomize kyaml/yaml/rnode.go:DeAnchor), and builds a kustomization again for each one that includes it.
const (
	// maxAliased is how many values aliases may add to the files of one build. The parsers of Kubernetes and of Go allow about as many.
	maxAliased = 400_000
	// maxRebuilt is how many kustomizations of one build may be read again. Where they hold objects, each one costs kustomize more
	// than the one before: 10,000 took minutes.
	maxRebuilt = 2_000
	// maxRead is how many bytes one build may read. A generator takes the same file as often as it is named.
	maxRead = 256 << 20
)

// bounds counts what one build reads.
type bounds struct {
	aliased, rebuilt, bytes int
	read                    map[string]bool // kustomizations
}

// exceededBy names the bound that a file exceeds, together with those before it; "" where none is.
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

// aliased is how many values the aliases of a text stand for, in each of its documents and in YAML within their values, such as a
// patch that is written in place. Text without both signs has none, which is nearly all.
func aliased(text []byte) int {
	if !hasAliases(string(text)) {
		return 0
	}
	total := 0
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for total <= maxAliased {
		var root yaml.Node
		if decoder.Decode(&root) != nil {
			return total // its end, or what kustomize refuses
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

// expanded is the number of values that the aliases below a node add. It ends at the bound, and for an alias within its own anchor.
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
		sizes[node] = maxAliased + 1 // until it is known: what meets it again is endless
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
