package snapshotfile

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestCountNodes counts each character that can begin a node, also the line breaks that only YAML 1.1 knows.
func TestCountNodes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, "a: b": 0, "a\nb": 1, "a\r\nb": 2, "[a, {b: c}]": 3, "- a": 1, "-\ta": 1, "? a": 1, "?\ta": 1, "-a": 0, "?": 0, "-": 0, "a-b": 0,
		"a\u2028b": 1, "a\u2029b": 1, "a\u0085b": 1, "a\u00a8b": 0, "a\u00a9b": 0, "a\u2128b": 0, "a\u00c5b": 0, "\xa8": 0, "\x80\xa8": 0, "\x85": 0, "\xe3\x80\xa8": 0,
	} {
		if got := countNodes([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// TestTruncate shortens a text, by characters, and removes what a terminal would interpret.
func TestTruncate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\x1b[31mb": "a [31mb", "a\nb": "a b", "Zürich": "Zürich",
		strings.Repeat("ü", 160): strings.Repeat("ü", 160), strings.Repeat("ü", 161): strings.Repeat("ü", 160) + "…",
	} {
		if got := truncate(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestMaskedOfTheHeader: the header counts also what it hides itself, in the wanted revision and in the changes.
func TestMaskedOfTheHeader(t *testing.T) {
	t.Parallel()
	const secret = "see https://u:hunter2xyz@h.example"
	for name, change := range map[string]func(*facts.Snapshot){
		"Wanted": func(s *facts.Snapshot) { s.Wanted.Reason = secret },
		"Change": func(s *facts.Snapshot) {
			s.Changes = []facts.Change{{Applier: facts.Ref{Kind: "Kustomization", Name: "apps"}, File: "a.yaml", Commit: "a", Subject: secret}}
		},
	} {
		s := facts.New(facts.Subject{Namespace: "x", Component: "y"}, time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC))
		change(s)
		var file strings.Builder
		if err := Write(&file, s, WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		read, err := Read(strings.NewReader(file.String()), "file")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(file.String(), "hunter2") || len(read.Masked) != 1 || !strings.Contains(read.Masked[0], "1") {
			t.Errorf("%s: masked %q in\n%s", name, read.Masked, file.String())
		}
	}
}
