package text

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestVersionsAndSettingsCommandNothing: an image's tag is a cluster's, and a name in the settings may have come with a clone.
func TestVersionsAndSettingsCommandNothing(t *testing.T) {
	t.Parallel()
	const nasty = "v1\x1b[2J\rv2"
	var out bytes.Buffer
	for _, c := range []*Controller{{Version: nasty, Image: nasty}, {Image: nasty}, {Error: nasty}} {
		if err := (Version{OpenChoreo: c}).Print(&out, "text", style.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := WriteSettings(&out, []Setting{{nasty, nasty, nasty}}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.ContainsAny(text, "\x1b\r") || strings.Count(text, "v1") != 7 {
		t.Errorf("%q", text)
	}
}
