package manual

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

const samplePage = "# Sample\n\nA sentence that `goes on` for more\nthan one line of `spec.text`. Rung: `any`.\n\n" +
	"## How to fix it\n\n- Look: `kubectl -n NS get pods --selector a=b`, and its log.\n- Wake it – printerstest.Now:\n\n  ```\n  kubectl annotate a \\\n    b=c\n  ```\n"

func TestPage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options style.Options
		want    string
	}{
		"Narrow": {style.Options{Width: 39}, `Sample

  A sentence that ` + "`goes on`" + ` for more
  than one line of spec.text. Rung:
  any.

How to fix it

  - Look:
      kubectl -n NS get pods --selector a=b
    and its log.
  - Wake it – printerstest.Now:

      kubectl annotate a \
        b=c
`},
		"ColourInASCII": {style.Options{Color: true, ASCII: true}, "\x1b[1mSample\x1b[0m\n\n" +
			"  A sentence that `goes on` for more than one line of spec.text. Rung: any.\n\n\x1b[1mHow to fix it\x1b[0m\n\n" +
			"  - Look:\n      kubectl -n NS get pods --selector a=b\n    and its log.\n  - Wake it - printerstest.Now:\n\n" +
			"      kubectl annotate a \\\n        b=c\n"},
	} {
		var out bytes.Buffer
		if err := WritePage(&out, samplePage, c.options); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	sections := []Section{
		{"git", []Item{{"RevisionUnknown", "The revision is not known here."}}},
		{"pod", []Item{{"OOMKilled", "It used more than `limits.memory`."}, {"Silent", ""}}},
	}
	want := `git
  RevisionUnknown  The revision is not
                   known here.

pod
  OOMKilled        It used more than
                   limits.memory.
  Silent
`
	var out bytes.Buffer
	if err := WriteList(&out, sections, style.Options{Width: 40}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestPageTakesAnyText: an odd number of backticks, or a fence that does not end, loses nothing.
func TestPageTakesAnyText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a ` b", "`kubectl", "``` \n- x", "- `kubectl get x`", "-\n#\n- \n##"} {
		var out bytes.Buffer
		if err := WritePage(&out, text, style.Options{Width: 30}); err != nil {
			t.Error(err)
		}
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("` \n-#", r) }) {
			if !strings.Contains(out.String(), word) {
				t.Errorf("%q: %q is lost:\n%s", text, word, out.String())
			}
		}
	}
}
