package viewer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// viewed is the Model of a failed trace with three environments, on a terminal of 80 columns and so many lines.
func viewed(t *testing.T, height int, urls ...string) Model {
	t.Helper()
	tr := printerstest.FailedPull()
	for _, url := range urls {
		tr.Environments[0].Endpoints = append(tr.Environments[0].Endpoints, trace.Address{Name: "http", URL: url})
	}
	tr.Environments = append(tr.Environments, trace.Environment{Name: "staging", Rungs: []trace.Rung{{ID: trace.RungPod, State: trace.OK, Summary: "runs"}}})
	m := Model{Options: printers.Options{Marks: true, Now: printerstest.Now}, Begun: printerstest.Now, Keyboard: true}
	return m.Resized(80, height).Updated(Update{
		Trace: tr, Snapshot: facts.New(tr.Subject, printerstest.Now),
		Changes: []change.Change{{Environment: "staging", Rung: trace.RungPod}, {Environment: "development", Rung: trace.RungPod}, {}},
		Of: func(environment string) *trace.Trace {
			only := *tr
			only.Environments = nil
			if environment != "development" {
				only.Verdict, only.Failing = trace.VerdictHealthy, nil
			}
			for _, e := range tr.Environments {
				if e.Name == environment {
					only.Environments = append(only.Environments, e)
				}
			}
			return &only
		},
	})
}

// pressed is the Model after some keys, and the command of the last.
func pressed(m Model, keys string) (Model, Command) {
	var c Command
	for key := range strings.FieldsSeq(keys) {
		m, c = m.Press(key)
	}
	return m, c
}

func lastLine(m Model) string {
	drawn := m.Draw()
	return drawn[strings.LastIndexByte(drawn, '\n')+1:]
}

// TestKeys: what keys do outside of the screen, and what the last line says then.
func TestKeys(t *testing.T) {
	t.Parallel()
	const one, two = "https://greeter.example.com/", "http://greeter.example.com:8080/a"
	since := "3 changes since 04:00:00; "
	for name, c := range map[string]struct {
		keys string
		urls []string
		want Command
		says string
	}{
		"Quit":               {"q", nil, Command{Action: Quit}, since + "? help, q quit"},
		"EscQuits":           {"esc", nil, Command{Action: Quit}, since + "? help, q quit"},
		"Interrupt":          {"ctrl+c", nil, Command{Action: Interrupt}, since + "? help, q quit"},
		"InterruptHelp":      {"? ctrl+c", nil, Command{Action: Interrupt}, "Esc back"},
		"InterruptQuestion":  {"r ctrl+c", nil, Command{Action: Interrupt}, ""},
		"OtherKey":           {"x", nil, Command{}, since + "? help, q quit"},
		"HelpClosesWithQ":    {"? q", nil, Command{}, since + "? help, q quit"},
		"HelpClosesWithHelp": {"? ?", nil, Command{}, since + "? help, q quit"},
		"HelpThenQuit":       {"? esc esc", nil, Command{Action: Quit}, since + "? help, q quit"},
		"Copy":               {"y", nil, Command{Copy, "kubectl describe pod greeter-1"}, "sent to the terminal's clipboard: kubectl describe pod greeter-1"},
		"MessageUntilNext":   {"y x", nil, Command{}, since + "? help, q quit"},
		"NoEndpoint":         {"o", nil, Command{}, "no endpoint has a URL"},
		"UnsafeEndpoint":     {"o", []string{"javascript:alert(1)", "https://x/\x1b]0;"}, Command{}, "no endpoint has a URL"},
		"OneEndpoint":        {"o", []string{one, one, "file:///etc/passwd"}, Command{Open, one}, since + "? help, q quit"},
		"SecondEndpoint":     {"o 2", []string{one, two}, Command{Open, two}, "Esc back"},
		"NoThirdEndpoint":    {"o 3", []string{one, two}, Command{}, "there is no endpoint 3"},
		"Ask":                {"r", nil, Command{}, "Reconcile greeter? [y/N] (sets annotations on the objects that deliver it)"},
		"AskNo":              {"r n", nil, Command{}, "not reconciled"},
		"AskEnterIsNo":       {"r enter", nil, Command{}, "not reconciled"},
		"AskQuitIsNo":        {"r q", nil, Command{}, "not reconciled"},
		"AskYes":             {"r y", nil, Command{Action: Reconcile}, "reconciling; Esc back"},
		"AskOnceOnly":        {"r y r y", nil, Command{Copy, "kubectl describe pod greeter-1"}, "sent to the terminal's clipboard: kubectl describe pod greeter-1"},
		"ReconcileInBack":    {"r y esc", nil, Command{}, since + "reconciling; ? help, q quit"},
		"Environment":        {"f", nil, Command{}, "2 changes since 04:00:00; only development; ? help, q quit"},
		"EnvironmentBack":    {"F", nil, Command{}, "2 changes since 04:00:00; only staging; ? help, q quit"},
		"AllEnvironments":    {"f f f f", nil, Command{}, since + "? help, q quit"},
		"EscClearsFilter":    {"f esc", nil, Command{}, since + "? help, q quit"},
		"EscAfterFilter":     {"f esc esc", nil, Command{Action: Quit}, since + "? help, q quit"},
	} {
		m, got := pressed(viewed(t, 60, c.urls...), c.keys)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if says := lastLine(m); c.says != "" && says != c.says {
			t.Errorf("%s: the last line is %q, want %q", name, says, c.says)
		}
	}
}

// TestBeforeTheFirstTrace no key does more than quit or show the help.
func TestBeforeTheFirstTrace(t *testing.T) {
	t.Parallel()
	m := Model{Keyboard: true}.Resized(80, 24)
	for _, b := range bindings() {
		for _, key := range b.keys {
			next, c := m.Press(key)
			if c.Action != None && c.Action != Quit && c.Action != Interrupt {
				t.Errorf("%s: %+v", key, c)
			}
			_ = next.Draw()
			_ = next.Resized(40, 3).Draw()
		}
	}
}

// TestScroll: a trace that is too long is shortened, until a key scrolls it. Esc shortens it again.
func TestScroll(t *testing.T) {
	t.Parallel()
	const height = 24
	count := viewed(t, height).count()
	room := viewed(t, height).room()
	last := count - room
	if last < 2 || last >= room {
		t.Fatalf("%d lines in a window of %d are no good for this test", count, room)
	}
	for keys, want := range map[string]string{
		"":            "shortened",
		"j":           fmt.Sprintf("lines 1-%d of %d", room, count),
		"k":           fmt.Sprintf("lines 1-%d of %d", room, count),
		"pgdown":      fmt.Sprintf("lines 1-%d of %d", room, count),
		"j j":         fmt.Sprintf("lines 2-%d of %d", room+1, count),
		"j down k up": fmt.Sprintf("lines 1-%d of %d", room, count),
		"j k k k":     fmt.Sprintf("lines 1-%d of %d", room, count),
		"G":           fmt.Sprintf("lines %d-%d of %d", last+1, count, count),
		"G j end":     fmt.Sprintf("lines %d-%d of %d", last+1, count, count),
		"G g":         fmt.Sprintf("lines 1-%d of %d", room, count),
		"j space":     fmt.Sprintf("lines %d-%d of %d", last+1, count, count),
		"G pgup":      fmt.Sprintf("lines 1-%d of %d", room, count),
		"G home":      fmt.Sprintf("lines 1-%d of %d", room, count),
		"G esc":       "shortened",
		"j ? j q":     fmt.Sprintf("lines 1-%d of %d", room, count),
		"j f":         "only development; shortened",
	} {
		m, _ := pressed(viewed(t, height), keys)
		if got := lastLine(m); !strings.Contains(got, "; "+want+"; ? help") {
			t.Errorf("%q: %q, want %q", keys, got, want)
		}
		if lines := strings.Count(m.Draw(), "\n") + 1; lines > height {
			t.Errorf("%q: %d lines in a window of %d:\n%s", keys, lines, height, m.Draw())
		}
	}
	m, _ := pressed(viewed(t, height), "j j")
	drawn := strings.Split(m.Draw(), "\n")
	if whole := text.LadderLines(m.Options, m.shown); drawn[0] != whole[1] || drawn[room-1] != whole[room] {
		t.Errorf("the second to the last line are not those of the trace:\n%s", m.Draw())
	}
	if m = m.Resized(80, 60); strings.Contains(m.Draw(), "shortened") || !strings.HasPrefix(m.Draw(), "greeter   ") {
		t.Errorf("in a window that is long enough:\n%s", m.Draw())
	}
	if _, c := pressed(viewed(t, 60), "j j k pgdown G g"); c != (Command{}) {
		t.Errorf("scrolling: %+v", c)
	}
}

// TestPanesFit: whatever the window, no page has more lines than it, and Esc leads back to the trace.
func TestPanesFit(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{"?", "l", "e", "o", "r", "r y", "f", "j", "G"} {
		for _, height := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 20, 24, 30, 40, 60} {
			m, _ := pressed(viewed(t, height, "https://a.example/", "https://b.example/"), keys)
			for range 30 {
				m = m.Reported("a line of reconcile")
			}
			for _, key := range []string{"", "j", "pgdown", "G", "k"} {
				m, _ = m.Press(key)
				if lines := strings.Count(m.Draw(), "\n") + 1; height >= 5 && lines > height {
					t.Fatalf("%s %s: %d lines in a window of %d:\n%s", keys, key, lines, height, m.Draw())
				}
			}
		}
	}
}

// TestReconcileReports: the lines of reconcile come on a page of their own, and its result in the last line of any page.
func TestReconcileReports(t *testing.T) {
	t.Parallel()
	m, _ := pressed(viewed(t, 20), "r y")
	for i := range 40 {
		m = m.Reported(fmt.Sprintf("line %d", i))
	}
	if drawn := m.Draw(); !strings.HasPrefix(drawn, "Reconcile greeter\n") || !strings.Contains(drawn, "line 39\n") || strings.Contains(drawn, "line 0\n") {
		t.Errorf("it does not follow the last line:\n%s", drawn)
	}
	m = m.Reported("  " + strings.Repeat("word ", 20))
	if drawn := m.Draw(); !strings.Contains(drawn, "\n  word word") || strings.Contains(drawn, "\nword") {
		t.Errorf("a long line loses its indent:\n%s", drawn)
	}
	m, _ = pressed(m, "esc")
	m = m.Reconciled("Reconciled in 1.0s.")
	if got := lastLine(m); got != "reconcile: Reconciled in 1.0s." {
		t.Errorf("the last line is %q", got)
	}
	if _, c := pressed(m, "r y"); c.Action != Reconcile {
		t.Errorf("it cannot be run a second time: %+v", c)
	}
}

// TestNotOpened: a URL that no browser opened is shown whole, however narrow the window is.
func TestNotOpened(t *testing.T) {
	t.Parallel()
	url := "https://greeter.example.com/" + strings.Repeat("path/", 20)
	m := viewed(t, 24, url).Resized(40, 24).NotOpened("no browser found")
	if drawn := m.Draw(); !strings.Contains(strings.ReplaceAll(drawn, "\n", ""), "1  "+url) || lastLine(m) != "no browser found" {
		t.Errorf("it shows\n%s", drawn)
	}
}

// TestEnvironmentThatIsDeleted is not shown any longer.
func TestEnvironmentThatIsDeleted(t *testing.T) {
	t.Parallel()
	m, _ := pressed(viewed(t, 60), "f f f")
	if m.environment != "staging" || strings.Contains(m.Draw(), "development") {
		t.Fatalf("of staging alone:\n%s", m.Draw())
	}
	u := m.update
	fewer := *u.Trace
	fewer.Environments = fewer.Environments[:2]
	u.Trace = &fewer
	if m = m.Updated(u).At(printerstest.Now.Add(time.Hour)); m.environment != "" || !strings.Contains(m.Draw(), "development") {
		t.Errorf("after staging was deleted:\n%s", m.Draw())
	}
}
