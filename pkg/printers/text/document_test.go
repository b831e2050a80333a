package text

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestDocument(t *testing.T) {
	t.Parallel()
	d := &Document{Options: style.Options{Width: 24, ASCII: true, Program: "flux choreo"}}
	d.Add("a  ")
	d.Add("::error::b")
	d.AddIndented("one → two\nthree four five", 2)
	d.AddIndented(" ", 2)
	d.AddCommands([]style.CommandGroup{{Commands: []string{"kubectl choreo trace a --a-very-long-flag", "kubectl get\x1b"}}, {Heading: "as administrator:", Commands: []string{"b"}}})
	d.AddCommands(nil)
	if err := d.AddTable(style.Table{Header: []string{"A", "B"}, Rows: [][]string{{"cc", "d"}}}); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	want := "a\n" + `\x3a:error::b` + "\n  one -> two three four\n  five\n  Next: flux choreo trace a --a-very-long-flag\n" + `        kubectl get\x1b` + "\n        as administrator:\n          b\nA   B\ncc  d\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLogs: the newest lines are those that say why.
func TestLogs(t *testing.T) {
	t.Parallel()
	d := &Document{}
	d.AddLogs(trace.Finding{Evidence: []trace.Evidence{
		{Path: "status.phase", Value: "Failed"}, {Path: trace.LogEvidence + "main", Value: "1\n2\n3\n4\n5\n6\n7\n8"},
	}})
	want := []string{"  the log of main ends:", "    3", "    4", "    5", "    6", "    7", "    8"}
	if diff := cmp.Diff(want, d.lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteFails(t *testing.T) {
	t.Parallel()
	if err := (&Document{}).Write(brokenPipe{}); err == nil || !strings.Contains(err.Error(), "broken pipe") {
		t.Errorf("error %v", err)
	}
}

// TestEveryWriterFails where its pipe does: a result that nobody got is no success.
func TestEveryWriterFails(t *testing.T) {
	t.Parallel()
	times := []Timed{{Object: printerstest.Kustomization("a")}}
	for name, err := range map[string]error{
		"Report":   WriteReport(style.Options{}, brokenPipe{}, Report{}),
		"Times":    WriteReport(style.Options{}, &failsAfter{1}, Report{Times: times}),
		"Table":    WriteReport(style.Options{}, &failsAfter{2}, Report{Times: times}),
		"Change":   WriteChangeJSON(brokenPipe{}, Change{}),
		"Changes":  WriteChanges(style.Options{}, brokenPipe{}, make([]Change, 1)),
		"Settings": WriteSettings(brokenPipe{}, nil),
		"Version":  Version{}.Print(brokenPipe{}, "text", style.Options{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "write") || !strings.Contains(err.Error(), "broken pipe") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// failsAfter takes some writes, and no more.
type failsAfter struct{ left int }

func (f *failsAfter) Write(text []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errors.New("broken pipe")
	}
	return len(text), nil
}
