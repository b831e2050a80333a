package graph

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

// mermaidLines are all that a line may be: ids of ours, and labels without a quote.
var mermaidLines = map[string]*regexp.Regexp{
	"head":      regexp.MustCompile(`^(?:%%\{init: \{[^%]*\}\}%%|flowchart TD|  accTitle: [A-Za-z ]+)$`),
	"subgraph":  regexp.MustCompile(`^  subgraph ([a-z][a-z0-9]*)\["([^"]+)"\]$`),
	"end":       regexp.MustCompile(`^  end$`),
	"box":       regexp.MustCompile(`^  ([a-z][a-z0-9_]*)\["([^"]+)"\]:::(?:ok|failed|progressing|suspended|blocked|unknown)$`),
	"edge":      regexp.MustCompile(`^  ([a-z][a-z0-9_]*) (?:-->|==>|-\.-)(?:\|[a-z]+\|)? ([a-z][a-z0-9_]*)$`),
	"linkStyle": regexp.MustCompile(`^  linkStyle \d+(?:,\d+)* stroke:#[0-9a-f]{6},stroke-width:3px$`),
	"classDef":  regexp.MustCompile(`^  classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#1a1a1a,stroke-width:\dpx,stroke-dasharray:[0-9 ]+$`),
}

// harmless is what a label may consist of: letters, codes, our own line breaks, and no word of Mermaid's or HTML's language.
var harmless = regexp.MustCompile(`^(?:[a-zA-Z0-9 ,/().-]|[^\x00-\x7f]|#\d+;|<br/>)*$`)

// checkMermaid holds a flowchart against the part of the grammar that is used: each line is of one kind, frames are closed, and edges lead
// from one box to another.
func checkMermaid(t *testing.T, text string) {
	t.Helper()
	ids, open := map[string]bool{}, 0
	var ends []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		kind := ""
		var m []string
		for name, form := range mermaidLines {
			if m2 := form.FindStringSubmatch(line); m2 != nil {
				kind, m = name, m2
			}
		}
		switch kind {
		case "":
			t.Errorf("no line of a flowchart: %q", line)
		case "subgraph", "box":
			ids[m[1]] = true
			if label := m[2]; !harmless.MatchString(label) || strings.Contains(label, "ﬂ") || strings.Contains(label, "¶ß") || strings.Contains(label, "#36;#36;") || strings.Contains(label, "#58;fa-") {
				t.Errorf("a label is more than text: %q", line)
			}
			if kind == "subgraph" {
				open++
			}
		case "end":
			open--
		case "edge":
			ends = append(ends, m[1], m[2])
		}
	}
	if open != 0 {
		t.Errorf("%d frames are not closed:\n%s", open, text)
	}
	for _, id := range ends {
		if !ids[id] {
			t.Errorf("an edge ends at %s, which is nothing", id)
		}
	}
}

func TestMermaidTakesHostileTextAsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{printerstest.Markup, printerstest.Hostile, printerstest.Nasty, `end`, `"]`, "%%"} {
		checkMermaid(t, printerstest.Written(t, func(w io.Writer) error { return WriteMermaid(w, printerstest.Poisoned(text)) }))
	}
	checkMermaid(t, printerstest.Written(t, func(w io.Writer) error { return WriteMermaid(w, printerstest.FailedPull()) }))
}

// TestMermaid: the rungs from the root down, and the cause beside the rung that fails. Labels are compared as Mermaid decodes them.
func TestMermaid(t *testing.T) {
	t.Parallel()
	text := printerstest.Written(t, func(w io.Writer) error { return WriteMermaid(w, printerstest.FailedPull()) })
	text = regexp.MustCompile(`#(\d+);`).ReplaceAllStringFunc(text, func(code string) string {
		n, err := strconv.Atoi(strings.Trim(code, "#;"))
		if err != nil {
			t.Fatal(err)
		}
		return string(rune(n))
	})
	drawn, classes, _ := strings.Cut(text, "  classDef ")
	want := `%%{init: {"flowchart": {"wrappingWidth": 420, "nodeSpacing": 30, "rankSpacing": 30}}}%%
flowchart TD
  accTitle: The way of a component from Git to its pods
  root["✗ greeter: Failed<br/>namespace default<br/>wanted revision: main@7040926"]:::failed
  source["✓ source: ok, 7040926<br/>GitRepository flux-system/oc"]:::ok
  delivery["? delivery: unknown<br/>not readable: forbidden"]:::unknown
  subgraph e0["✗ development: failed"]
  e0_pod["✗ pod: failed<br/>greeter-1: ImagePullBackOff"]:::failed
  end
  e1["‖ production: not deployed"]:::suspended
  cause["✗ fix first: ImagePullBackOff<br/>Pod dp-demo/greeter-1, on data plane eu<br/>Failed to pull image "greeter:1": not<br/>found"]:::failed
  root ==> source
  source ==> delivery
  delivery ==> e0_pod
  delivery --> e1
  e0_pod -.-|why| cause
  linkStyle 0,1,2 stroke:#b34700,stroke-width:3px
`
	if diff := cmp.Diff(want, drawn); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, class := range []string{
		"ok fill:#e6f5f0,stroke:#007a59,color:#1a1a1a,stroke-width:1px,stroke-dasharray:0\n",
		"failed fill:#fbe4d8,stroke:#b34700,color:#1a1a1a,stroke-width:3px,stroke-dasharray:0\n",
		"suspended fill:#fdf3dc,stroke:#946200,color:#1a1a1a,stroke-width:2px,stroke-dasharray:6 3\n",
		"unknown fill:#f8e9f2,stroke:#a0447a,color:#1a1a1a,stroke-width:2px,stroke-dasharray:2 3\n",
	} {
		if !strings.Contains(classes, class) {
			t.Errorf("no class %s in\n%s", class, classes)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteFails(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"write mermaid: " + io.ErrClosedPipe.Error(): WriteMermaid(brokenPipe{}, printerstest.FailedPull()),
		"write dot: " + io.ErrClosedPipe.Error():     WriteDOT(brokenPipe{}, printerstest.FailedPull()),
	} {
		if !errors.Is(err, io.ErrClosedPipe) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
