//go:build linux

package cli

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/tuitest"
)

// onTrace ends the last line of the screen while the trace is shown.
const onTrace = "? help, q quit"

// step is a key, and the words that the screen must show after it.
type step struct {
	key   string
	shows []string
}

// TestTraceWatchKeys: each key shows its page on a real terminal; q closes the page and then ends.
func TestTraceWatchKeys(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scenario string
		steps    []step
		exit     int
	}{
		"Help":         {"healthy", []step{{"?", []string{"Keys", "copy the next command"}}, {"\x1b", []string{onTrace}}}, 0},
		"HelpCloses":   {"healthy", []step{{"?", []string{"Keys"}}, {"q", []string{onTrace}}}, 0},
		"Logs":         {"pod-crash-loop", []step{{"l", []string{"Logs", "container ", "Esc back"}}, {"q", []string{onTrace}}}, 2},
		"Events":       {"pod-crash-loop", []step{{"e", []string{"Warning events", "BackOff", "Esc back"}}, {"q", []string{onTrace}}}, 2},
		"Environments": {"healthy", []step{{"f", []string{"only development"}}, {"f", []string{"only staging"}}, {"\x1b", []string{"Healthy in development, staging"}}}, 0},
		"Scroll":       {"healthy", []step{{"j", []string{"lines 1-"}}, {"j", []string{"lines 2-"}}, {"k", []string{"lines 1-"}}, {"\x1b", []string{"shortened"}}}, 0},
		"Arrows":       {"healthy", []step{{"\x1b[B", []string{"lines 1-"}}, {"\x1b[B", []string{"lines 2-"}}, {"\x1b[A", []string{"lines 1-"}}}, 0},
		"Copy":         {"pod-crash-loop", []step{{"y", []string{"sent to the terminal's clipboard: kubectl"}}}, 2},
		"Open":         {"healthy", []step{{"o", []string{"Press a number"}}, {"1", []string{"no browser found"}}, {"q", []string{onTrace}}}, 0},
		"Refuse":       {"healthy", []step{{"r", []string{"Reconcile greeter-service? [y/N]"}}, {"n", []string{"not reconciled"}}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal := tuitest.Open(t, 80, 20)
			g, flux := gateFluxed(t, c.scenario)
			exit := g.watchOn(t, terminal, nil)
			terminal.Await(t, onTrace)
			for _, s := range c.steps {
				terminal.Press(t, s.key)
				terminal.Await(t, s.shows...)
			}
			terminal.Press(t, "q")
			if got := terminal.AwaitExit(t, exit); got != c.exit || flux.written() != "" {
				t.Errorf("exit %d, want %d; annotated: %q", got, c.exit, flux.written())
			}
			terminal.CheckRestored(t)
		})
	}
}

// TestTraceWatchCopies the first command that the trace prints.
func TestTraceWatchCopies(t *testing.T) {
	t.Parallel()
	terminal := tuitest.Open(t, 200, 60)
	exit := gate(t, "pod-crash-loop", 0).watchOn(t, terminal, nil)
	terminal.Await(t, onTrace)
	terminal.Press(t, "y")
	terminal.Await(t, "sent to the terminal's clipboard: ")
	terminal.Press(t, "q")
	terminal.AwaitExit(t, exit)
	terminal.CheckRestored(t)
	_, next, _ := strings.Cut(terminal.Left(), "Next: ")
	next, _, _ = strings.Cut(next[max(strings.Index(next, "kubectl "), 0):], "\r\n")
	_, copied, _ := strings.Cut(terminal.Written(), "\x1b]52;c;") // OSC 52
	text, err := base64.StdEncoding.DecodeString(copied[:max(strings.IndexAny(copied, "\x07\x1b"), 0)])
	if got := string(text); got != next || !strings.HasPrefix(got, "kubectl ") {
		t.Errorf("copied %q, want %q, %v", got, next, err)
	}
}

// TestTraceWatchReconciles after y, as the command reconcile does, and shows its result. The watch goes on.
func TestTraceWatchReconciles(t *testing.T) {
	t.Parallel()
	terminal := tuitest.Open(t, 100, 40)
	g, flux := gateFluxed(t, "healthy")
	exit := g.watchOn(t, terminal, nil)
	terminal.Await(t, onTrace)
	terminal.Press(t, "r")
	terminal.Await(t, "[y/N]")
	if flux.written() != "" {
		t.Errorf("annotated before the answer: %q", flux.written())
	}
	terminal.Press(t, "y")
	terminal.Await(t, "reconcile: Reconciled in ")
	if got := flux.written(); !strings.HasPrefix(got, "GitRepository ") {
		t.Errorf("annotated: %q", got)
	}
	terminal.Press(t, "q") // closes the page
	terminal.Await(t, onTrace)
	terminal.Press(t, "q")
	if got := terminal.AwaitExit(t, exit); got != 0 {
		t.Errorf("exit %d, want 0", got)
	}
	terminal.CheckRestored(t)
}

// TestTraceWatchInterruptedOnAPage: Ctrl-C ends on each page and in a question, and the terminal is as it was.
func TestTraceWatchInterruptedOnAPage(t *testing.T) {
	t.Parallel()
	for key, page := range map[string]string{"?": "Keys", "l": "Logs", "e": "Warning events", "r": "[y/N]"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			terminal := tuitest.Open(t, 80, 24)
			exit := gate(t, "pod-crash-loop", 0).watchOn(t, terminal, nil)
			terminal.Await(t, onTrace)
			terminal.Press(t, key)
			terminal.Await(t, page)
			terminal.Press(t, "\x03")
			if got := terminal.AwaitExit(t, exit); got != 130 {
				t.Errorf("exit %d, want 130", got)
			}
			terminal.CheckRestored(t)
			terminal.AwaitIn(t, terminal.Left, "interrupted")
		})
	}
}

// TestTraceWatchTerminated: SIGTERM restores the terminal as well.
func TestTraceWatchTerminated(t *testing.T) {
	t.Parallel()
	terminal := tuitest.Open(t, 80, 24)
	g := gate(t, "healthy", 0)
	ctx, end := context.WithCancelCause(context.WithoutCancel(t.Context()))
	exit := make(chan int, 1)
	go func() {
		exit <- Main(ctx, terminal.Streams(func() { end(nil) }, nil,
			"trace", "greeter-service", "-w", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir(), unhurried))
	}()
	terminal.Await(t, onTrace)
	end(ErrTerminated)
	if got := terminal.AwaitExit(t, exit); got != 143 {
		t.Errorf("exit %d, want 143", got)
	}
	terminal.CheckRestored(t)
	terminal.AwaitIn(t, terminal.Left, "terminated")
}

// TestTraceWatchResizes: a window that becomes longer shows the whole trace.
func TestTraceWatchResizes(t *testing.T) {
	t.Parallel()
	terminal := tuitest.Open(t, 80, 20)
	exit := gate(t, "healthy", 0).watchOn(t, terminal, nil)
	terminal.Await(t, "shortened; "+onTrace)
	terminal.Resize(t, 80, 60)
	terminal.Await(t, "GitRepository", "explain AgentSilent", "since", onTrace)
	if strings.Contains(terminal.Shown(), "shortened") {
		t.Errorf("in a window that is long enough:\n%s", terminal.Shown())
	}
	terminal.Press(t, "q")
	terminal.AwaitExit(t, exit)
	terminal.CheckRestored(t)
}

// TestTheTerminalIsRestored where a command does not do it itself: it hangs after Ctrl-C, or it panics.
func TestTheTerminalIsRestored(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		run  func(ctx context.Context)
		want string
	}{
		"Hangs":  {func(context.Context) { select {} }, "context canceled"},
		"Panics": {func(context.Context) { panic("a defect") }, "a defect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal := tuitest.Open(t, 80, 24)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w := terminal.Streams(cancel, nil)
			w.Terminal = &iostreams.Terminal{}
			root := &cobra.Command{RunE: func(cmd *cobra.Command, _ []string) error {
				show, _ := tui.NewStatus(w, tui.Stage{}, "auto")
				show("under way")
				terminal.Await(t, "under way")
				cancel()
				c.run(cmd.Context())
				return nil
			}}
			root.SetArgs(nil)
			if got := outcome(ctx, root, w.Terminal, name == "Panics"); got != c.want {
				t.Errorf("it ended with %q, want %q", got, c.want)
			}
			terminal.CheckRestored(t)
		})
	}
}

// outcome is the error or the panic of a command. A panic ends the program, unless the test calls the command directly.
func outcome(ctx context.Context, root *cobra.Command, terminal *iostreams.Terminal, panics bool) (words string) {
	defer func() {
		if defect, ok := recover().(string); ok {
			words = defect
		}
	}()
	execute := execute
	if panics {
		execute = runCommand
	}
	if err := execute(ctx, root, terminal); err != nil {
		return err.Error()
	}
	return ""
}
