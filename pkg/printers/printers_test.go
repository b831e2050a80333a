package printers

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestNothingCommandsATerminal: whatever the format, no character that turns, hides or moves text comes out as it is, and no line is
// a command to a runner.
func TestNothingCommandsATerminal(t *testing.T) {
	t.Parallel()
	printerstest.CheckReport(t, report(), VerifyFormats())
}

func print(t *testing.T, format string, o Options, tr *trace.Trace) string {
	t.Helper()
	o.Now = printerstest.Now
	p, err := New(format, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := p.Print(&out, tr); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestZeroTraceIsUnknown(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		out := print(t, format, Options{Width: 80}, &trace.Trace{})
		if strings.Contains(out, "ealthy") || (!strings.Contains(out, "Unknown")) {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

func TestHostileTextIsHarmless(t *testing.T) {
	t.Parallel()
	tr := printerstest.Poisoned(printerstest.Hostile)
	for _, format := range Formats() {
		out := print(t, format, Options{Width: 80, Marks: true}, tr)
		printerstest.CheckHarmless(t, format, out)
		if format != "yaml" && format != "json" && !strings.Contains(out, "日本語 שלום e\u0301") {
			t.Errorf("%s: wide, right-to-left or combined text was changed:\n%s", format, out)
		}
	}
	if out := print(t, "tree", Options{}, tr); !strings.Contains(out, `\x1b[2J\x1b]0;owned\x07 ok`) || !strings.Contains(out, `\u202egnp.exe`) {
		t.Errorf("control sequences are not shown as text:\n%s", out)
	}
}

func FuzzTree(f *testing.F) {
	f.Add(printerstest.Hostile, 80)
	f.Add(strings.Repeat("long ", 400), 20)
	f.Add("\u0085\u2028\U000e0001", 0)
	f.Fuzz(func(t *testing.T, text string, width int) {
		for _, format := range Formats() {
			printerstest.CheckHarmless(t, format, print(t, format, Options{Width: width % 300, Marks: true}, printerstest.Poisoned(text)))
		}
	})
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	if _, err := New("xml", Options{}); err == nil || !strings.Contains(err.Error(), "dot, html, json, mermaid, tree, wide, yaml") {
		t.Errorf("error %v", err)
	}
}
