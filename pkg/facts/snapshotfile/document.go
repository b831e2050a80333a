package snapshotfile

import (
	"fmt"
	"unicode"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
)

// The file form is a stream of YAML documents, so that neither side ever holds more than one object as text:
//
//	apiVersion: kubectl-choreo.dev/v1alpha1      the header, once
//	kind: Snapshot
//	takenAt, subject, wanted, changes, past, masked
//	---
//	query: {plane, group, kind, …}               one document for each list
//	outcome, reason, truncated
//	items: [namespace/name, …]                   plane, group and kind are the query's, unless written out
//	---
//	ref: {plane, group, kind, namespace, name}   one for each object
//	outcome, reason
//	object: the body, if there is one
//	---
//	log: {pod: {…}, container, previous}         one for each log, if logs were requested
//	outcome, reason
//	lines: […]
//	...                                          the end mark: without it, the file was cut off
const (
	formGroup   = "kubectl-choreo.dev"
	formVersion = formGroup + "/v1alpha1"
	formKind    = "Snapshot"

	startMark = "---"
	endMark   = "..."
)

// limits bound the cost of a hostile file. Write observes the limits of a document too, so that it never writes a document that
// Read rejects.
type limits struct {
	file      int64 // bytes of the whole file
	document  int   // bytes of one document
	documents int
	nodes     int // upper bound of the nodes in one document, as countNodes counts
	depth     int // of nesting
}

// standard returns the default limits: the API server accepts objects of 1.5 MiB. The parser needs about 400 bytes per node,
// which would be a gigabyte for the 4 MiB "[1,1,1…", so nodes have a separate limit.
func standard() limits {
	return limits{file: 256 << 20, document: 4 << 20, documents: 200_000, nodes: 1 << 18, depth: mask.MaxDepth}
}

// countNodes returns an upper bound, except for a small factor, of the nodes that a YAML parser could create from text. It
// counts every character that can start a node, so that quoting cannot hide any.
func countNodes(text []byte) int {
	count := 0
	for i, c := range text {
		switch c {
		case '\n', '\r', ',', '[', '{':
			count++
		case '-', '?':
			if i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '\t') {
				count++
			}
		case 0xa8, 0xa9: // the last byte of U+2028 and U+2029, and of few others: line breaks too
			if i > 1 && text[i-1] == 0x80 && text[i-2] == 0xe2 {
				count++
			}
		case 0x85: // of U+0085
			if i > 0 && text[i-1] == 0xc2 {
				count++
			}
		}
	}
	return count
}

// The fixes with which every error of Read ends.
const (
	hintEdit   = "correct it, or write the file again with `kubectl choreo snapshot COMPONENT -f FILE`"
	hintWrite  = "write one with `kubectl choreo snapshot COMPONENT -f FILE`"
	hintAgain  = "copy the file again, or write it again with `kubectl choreo snapshot COMPONENT -f FILE`"
	hintUpdate = "read it with the kubectl-choreo that wrote it, or with a newer one"
)

// errorf is the common format of the errors of a file that cannot be read.
func errorf(line int, cure, format string, args ...any) error {
	return fmt.Errorf("line %d: %w; %s", line, fmt.Errorf(format, args...), cure)
}

// truncate shortens text from a file for an error, and removes control characters, which a terminal would interpret.
func truncate(text string) string {
	const most = 160
	clean := make([]rune, 0, most)
	for _, r := range text {
		if len(clean) == most {
			return string(clean) + "…"
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		clean = append(clean, r)
	}
	return string(clean)
}
