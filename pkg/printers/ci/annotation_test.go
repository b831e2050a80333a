package ci

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// remarks are one of each kind, hostile in every text.
func remarks() []Annotation {
	object := facts.Ref{Plane: facts.Control, Kind: "Kustomization" + printerstest.Nasty, Namespace: "flux-system", Name: "apps"}
	return []Annotation{
		{Code: "KustomizationBuildFailed", Severity: "error", Object: object, Subject: "40 components", Message: printerstest.Nasty, Hint: printerstest.Nasty, File: "apps/a b,c:d.yaml", Line: 7, Names: []string{"a", printerstest.Nasty}},
		{Code: printerstest.Nasty, Severity: "warning", Subject: printerstest.Nasty, Message: printerstest.Nasty, File: printerstest.Nasty},
		{Severity: "info", Code: "Worth"},
		{},
	}
}

// apps is the object of an annotation, in words Kustomization flux-system/apps.
var apps = facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}

// TestAnnotationLines: an annotation has everything that is known, the most important first, and no line for what is not known.
func TestAnnotationLines(t *testing.T) {
	t.Parallel()
	value := `{"a": "` + strings.Repeat("x", 200) + `"}`
	for name, c := range map[string]struct {
		in      Annotation
		summary string
		lines   []string
	}{
		"Nothing":       {Annotation{}, "", nil},
		"Message":       {Annotation{Message: "not found"}, "not found", []string{"not found"}},
		"Object":        {Annotation{Object: apps, Message: "not found"}, "Kustomization flux-system/apps: not found", []string{"Kustomization flux-system/apps:", "not found"}},
		"ObjectNamed":   {Annotation{Object: apps, Message: "Kustomization flux-system/apps has failed"}, "Kustomization flux-system/apps has failed", []string{"Kustomization flux-system/apps has failed"}},
		"ObjectAlone":   {Annotation{Object: apps, Message: "Kustomization flux-system/apps: no"}, "Kustomization flux-system/apps: no", []string{"Kustomization flux-system/apps: no"}},
		"OtherNamed":    {Annotation{Object: apps, Message: "Kustomization flux-system/apps-base has failed"}, "Kustomization flux-system/apps: Kustomization flux-system/apps-base has failed", []string{"Kustomization flux-system/apps:", "Kustomization flux-system/apps-base has failed"}},
		"OtherWithDot":  {Annotation{Object: apps, Message: "Kustomization flux-system/apps.eu has failed"}, "Kustomization flux-system/apps: Kustomization flux-system/apps.eu has failed", []string{"Kustomization flux-system/apps:", "Kustomization flux-system/apps.eu has failed"}},
		"EndOfSentence": {Annotation{Object: apps, Message: "Kustomization flux-system/apps. It has failed"}, "Kustomization flux-system/apps. It has failed", []string{"Kustomization flux-system/apps. It has failed"}},
		"SeveralLines":  {Annotation{Message: "one\n\n two\x1b\nthree\n"}, `one two\x1b three`, []string{"one", `two\x1b`, "three"}},
		"LongValue":     {Annotation{Message: "invalid: " + value + " here"}, "invalid: {…} here", []string{"invalid: {…} here"}},
		"Hint":          {Annotation{Message: "m", Hint: "is b meant?"}, "m", []string{"m", "Is b meant?"}},
		"Names":         {Annotation{Message: "m", Names: []string{"a", "b\x1b"}}, "m", []string{"m", `Affects a, b\x1b.`}},
		"More":          {Annotation{Message: "m", More: "and 2 more like it: b.yaml:3"}, "m", []string{"m", "And 2 more like it: b.yaml:3."}},
		"File":          {Annotation{Message: "m", File: "a.yaml"}, "m", []string{"m", "File: a.yaml"}},
		"Line":          {Annotation{Message: "m", File: "a\x1b.yaml", Line: 1}, "m", []string{"m", `File: a\x1b.yaml:1`}},
		"All": {
			Annotation{Object: apps, Message: "m", Hint: "h", Names: []string{"a"}, More: "also there", File: "a.yaml", Line: 12},
			"Kustomization flux-system/apps: m",
			[]string{"Kustomization flux-system/apps:", "m", "H.", "Affects a.", "Also there.", "File: a.yaml:12"},
		},
	} {
		if got := c.in.Summary(); got != c.summary {
			t.Errorf("%s: summary %q, want %q", name, got, c.summary)
		}
		if diff := cmp.Diff(c.lines, c.in.lines()); diff != "" {
			t.Errorf("%s: lines (-want +got)\n%s", name, diff)
		}
	}
}

// TestCodeOrUnknown: a code is one harmless word, also if there is none.
func TestCodeOrUnknown(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"": "Unknown", "NeverApplied": "NeverApplied", "a\x1b": `a\x1b`} {
		if got := (Annotation{Code: code}).CodeOrUnknown(); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

// TestWritersFail: each format reports what it could not write.
func TestWritersFail(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(w io.Writer) error{
		"GitHub":   func(w io.Writer) error { return WriteGitHub(w, remarks()) },
		"JUnit":    func(w io.Writer) error { return WriteJUnit(w, "s", nil, "") },
		"Markdown": func(w io.Writer) error { return WriteMarkdown(w, "t", style.Table{}, nil, "") },
		"SARIF":    func(w io.Writer) error { return WriteSARIF(w, nil, "") },
	} {
		read, closed := io.Pipe()
		_ = read.Close()
		if err := write(closed); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
