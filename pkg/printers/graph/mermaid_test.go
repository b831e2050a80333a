package graph

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

// boxLine is all that a line with text from a cluster may be: an id of ours, and a label without a quote.
var boxLine = regexp.MustCompile(`^ +[a-z0-9_]+\["[^"]*"\]:::[a-z]+$`)

// harmless is what a label may consist of: letters, codes, our own line breaks, and no word of Mermaid's or HTML's language.
var harmless = regexp.MustCompile(`^(?:[a-zA-Z0-9 ,/().-]|[^\x00-\x7f]|#\d+;|<br/>)*$`)

func TestMermaidTakesHostileTextAsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{printerstest.Markup, printerstest.Hostile, printerstest.Nasty} {
		for line := range strings.Lines(printerstest.Written(t, func(w io.Writer) error { return WriteMermaid(w, printerstest.Poisoned(text)) })) {
			line = strings.TrimSuffix(line, "\n")
			_, label, labelled := strings.Cut(line, `["`)
			if !labelled {
				continue
			}
			label = label[:strings.LastIndex(label, `"]`)]
			if !boxLine.MatchString(line) || !harmless.MatchString(label) || strings.Contains(label, "ﬂ") || strings.Contains(label, "¶ß") || strings.Contains(label, "#36;#36;") || strings.Contains(label, "#58;fa-") {
				t.Errorf("a label is more than text: %q", line)
			}
		}
	}
}
