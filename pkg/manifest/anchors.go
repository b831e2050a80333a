package manifest

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// aliasOfEarlier returns the error of an alias whose anchor is in an earlier document; nil if there is none. The decoder keeps anchors, but kustomize
// and the API machinery read each document alone (kustomize kyaml kio/byteio_reader.go, splitDocuments).
func aliasOfEarlier(file string, text []byte, root *yaml.Node) error {
	if !bytes.Contains(text, []byte("*")) {
		return nil
	}
	for open := []*yaml.Node{root}; len(open) > 0; {
		last := open[len(open)-1]
		open = append(open[:len(open)-1], last.Content...)
		if last.Kind == yaml.AliasNode && last.Alias.Line < root.Line {
			return &SyntaxError{Place{file, last.Line}, fmt.Sprintf("unknown anchor '%s' referenced", last.Value)}
		}
	}
	return nil
}
