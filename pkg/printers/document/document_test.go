package document

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	want := []string{"  last lines of the log of main:", "    3", "    4", "    5", "    6", "    7", "    8"}
	if diff := cmp.Diff(want, d.Lines); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWriteFails(t *testing.T) {
	t.Parallel()
	if err := (&Document{}).Write(closedPipe()); err == nil || !strings.Contains(err.Error(), "closed pipe") {
		t.Errorf("error %v", err)
	}
}

func closedPipe() io.Writer {
	read, write := io.Pipe()
	_ = read.Close()
	return write
}
