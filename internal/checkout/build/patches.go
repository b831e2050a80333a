package build

import (
	"bytes"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// strayPatch returns the place of the patch that a message is about, if it is no object.
func strayPatch(parsed *files.Parsed, message string, read map[string]bool) (manifest.Place, bool) {
	m := noPatchObject.FindStringSubmatch(message)
	if m == nil {
		return manifest.Place{}, false
	}
	for _, name := range tree.Sorted(read) {
		for _, stray := range parsed.NonObjects[name] {
			if stray.Missing == m[1] && stray.APIVersion == m[2] {
				return stray.Place, true
			}
		}
	}
	return manifest.Place{}, false
}

// operation returns the place of the operation of a JSON patch that does not apply. A Component that the message names goes first.
func operation(parsed *files.Parsed, message string, words []string, read map[string]bool) (manifest.Place, bool) {
	m := noField.FindStringSubmatch(message)
	if m == nil {
		return manifest.Place{}, false
	}
	found := ""
	for _, name := range tree.Sorted(read) {
		if !bytes.Contains(parsed.Files[name], []byte(m[1])) {
			continue
		}
		for _, word := range words {
			if strings.HasPrefix(name, strings.TrimPrefix(word, "/")+"/") {
				return manifest.Place{File: name, Line: parsed.LinesOf(name, m[1])[0]}, true
			}
		}
		if found == "" {
			found = name
		}
	}
	if found == "" {
		return manifest.Place{}, false
	}
	return manifest.Place{File: found, Line: parsed.LinesOf(found, m[1])[0]}, true
}
