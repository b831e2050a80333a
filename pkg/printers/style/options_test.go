package style

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestTruncate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o      Options
		line   string
		behind int
		want   string
	}{
		"Unlimited":        {Options{}, "abcdefghijklmnopqrst  ", 0, "abcdefghijklmnopqrst"},
		"Fits":             {Options{Width: 15}, "abcdefghijklmn", 0, "abcdefghijklmn"},
		"OneTooLong":       {Options{Width: 15}, "abcdefghijklmno", 0, "abcdefghijklm…"},
		"BehindOthers":     {Options{Width: 15}, "abcdefghijklmn", 2, "abcdefghijk…"},
		"BlanksDoNotCount": {Options{Width: 15}, "abcdefghijklmn    ", 0, "abcdefghijklmn"},
		"AtLeastTen":       {Options{Width: 15}, "abcdefghijklmn", 14, "abcdefghi…"},
		"ASCII":            {Options{Width: 15, ASCII: true}, "abcdefghijklmno", 0, "abcdefghijk..."},
		"WideRunes":        {Options{Width: 13}, "日本日本日本日", 0, "日本日本日…"},
	} {
		if got := c.o.Truncate(c.line, c.behind); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNameProgram(t *testing.T) {
	t.Parallel()
	const text = "run kubectl choreo trace, then kubectl choreo verify; kubectl get pods"
	if got := (Options{}).NameProgram(text); got != text {
		t.Errorf("unnamed: %q", got)
	}
	if got, want := (Options{Program: "flux choreo"}).NameProgram(text), "run flux choreo trace, then flux choreo verify; kubectl get pods"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPaint(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		color             bool
		code, text, wants string
	}{
		"Colour":    {true, "32", "ok", "\x1b[32mok\x1b[0m"},
		"NoColour":  {false, "32", "ok", "ok"},
		"NoCode":    {true, "", "ok", "ok"},
		"EmptyText": {true, "32", "", ""},
	} {
		if got := (Options{Color: c.color}).Paint(c.code, c.text); got != c.wants {
			t.Errorf("%s: %q, want %q", name, got, c.wants)
		}
	}
}

// TestStates: a word takes the place of the longest of them, a mark one cell.
func TestStates(t *testing.T) {
	t.Parallel()
	reported := trace.Rung{State: trace.OK, Reported: true}
	for name, c := range map[string]struct{ got, want string }{
		"Word":           {Options{}.State(trace.OK), "ok         "},
		"Mark":           {Options{Marks: true}.State(trace.Failed), "✗"},
		"ASCII":          {Options{Marks: true, ASCII: true}.State(trace.Failed), "x"},
		"ColouredWord":   {Options{Color: true}.State(trace.Blocked), "\x1b[2mblocked    \x1b[0m"},
		"ColouredMark":   {Options{Color: true, Marks: true}.State(trace.OK), "\x1b[32m✓\x1b[0m"},
		"Rung":           {Options{}.RungState(trace.Rung{State: trace.Suspended}), "suspended  "},
		"Reported":       {Options{}.RungState(reported), "reported   "},
		"ReportedMark":   {Options{Marks: true}.RungState(reported), "≈"},
		"ReportedFailed": {Options{Marks: true}.RungState(trace.Rung{State: trace.Failed, Reported: true}), "✗"},
		"FailedWord":     {Options{}.RungState(trace.Rung{State: trace.Failed, Reported: true}), "failed     "},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
	for _, o := range []Options{{}, {Marks: true}, {Marks: true, ASCII: true}} {
		for s := trace.Unknown; s <= trace.Blocked; s++ {
			if got := Cells(o.State(s)); got != o.StateWidth() {
				t.Errorf("%+v: %s takes %d cells, want %d", o, s, got, o.StateWidth())
			}
		}
	}
}

func TestToASCII(t *testing.T) {
	t.Parallel()
	const text = "a → b – c…"
	if got := (Options{}).ToASCII(text); got != text {
		t.Errorf("UTF-8: %q", got)
	}
	if got, want := (Options{ASCII: true}).ToASCII(text), "a -> b - c..."; got != want {
		t.Errorf("ASCII: %q, want %q", got, want)
	}
}

func TestTextWidth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ width, indent, want int }{{0, 4, 0}, {-1, 4, 0}, {80, 4, 76}, {200, 0, 120}, {200, 10, 110}, {30, 20, 20}} {
		if got := (Options{Width: c.width}).TextWidth(c.indent); got != c.want {
			t.Errorf("%d, indented by %d: %d, want %d", c.width, c.indent, got, c.want)
		}
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		now, at time.Time
		want    string
	}{
		"Unknown":     {now, time.Time{}, ""},
		"NoClock":     {time.Time{}, now, ""},
		"Ago":         {now, now.Add(-90 * time.Second), "90s"},
		"LongAgo":     {now, now.Add(-72 * time.Hour), "3d"},
		"InTheFuture": {now, now.Add(time.Hour), "0s"},
	} {
		if got := (Options{Now: c.now}).Age(c.at); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
