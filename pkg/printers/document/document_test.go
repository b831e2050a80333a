package document

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestDocument: text wraps and is escaped, commands never break, and a table has its columns.
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

// TestWriteFails: what could not be written is reported.
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

// TestLogsOfAContainer: each line is escaped and indented below the name of the log, and evidence that is no log is left out.
func TestLogsOfAContainer(t *testing.T) {
	t.Parallel()
	log := func(value string) trace.Evidence {
		return trace.Evidence{Path: trace.LogEvidence + "main", Value: value}
	}
	const head = "  last lines of the log of main:"
	for name, c := range map[string]struct {
		evidence []trace.Evidence
		want     []string
	}{
		"None":    {nil, nil},
		"NoLog":   {[]trace.Evidence{{Path: "spec.image", Value: "a:1"}}, nil},
		"Short":   {[]trace.Evidence{log("one\n\n\ttwo\x1b\n")}, []string{head, "    one", `    two\x1b`}},
		"Six":     {[]trace.Evidence{log("1\n2\n3\n4\n5\n6")}, []string{head, "    1", "    2", "    3", "    4", "    5", "    6"}},
		"Command": {[]trace.Evidence{log("::error::x")}, []string{head, `    \x3a:error::x`}},
		"Two":     {[]trace.Evidence{log("1"), log("2")}, []string{head, "    1", head, "    2"}},
	} {
		d := &Document{}
		d.AddLogs(trace.Finding{Evidence: c.evidence})
		if diff := cmp.Diff(c.want, d.Lines); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestPath: the objects on the way to the one that a finding blames, in their order; nothing if it was reached directly.
func TestPath(t *testing.T) {
	t.Parallel()
	ref := func(kind, name string) facts.Ref { return facts.Ref{Kind: kind, Namespace: "shop", Name: name} }
	pod := ref("Pod", "front-1")
	for name, c := range map[string]struct {
		path []facts.Ref
		want []string
	}{
		"None":     {nil, nil},
		"Itself":   {[]facts.Ref{pod}, nil},
		"Unknown":  {[]facts.Ref{{}, ref("ReplicaSet", "")}, nil},
		"One":      {[]facts.Ref{ref("Deployment", "front"), pod}, []string{"  Path: Deployment shop/front → Pod shop/front-1"}},
		"Hostile":  {[]facts.Ref{ref("Deployment", "front\x1b")}, []string{`  Path: Deployment shop/front\x1b → Pod shop/front-1`}},
		"Several":  {[]facts.Ref{ref("Deployment", "front"), ref("ReplicaSet", "front-a")}, []string{"  Path: Deployment shop/front → ReplicaSet shop/front-a → Pod shop/front-1"}},
		"WithGaps": {[]facts.Ref{{}, ref("Deployment", "front"), ref("ReplicaSet", "")}, []string{"  Path: Deployment shop/front → Pod shop/front-1"}},
	} {
		d := &Document{}
		d.AddPath(trace.Finding{Object: pod, Path: c.path})
		if diff := cmp.Diff(c.want, d.Lines); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestCommands: commands are recorded as they are printed, with the name of the program that was called, and headings are not.
func TestCommands(t *testing.T) {
	t.Parallel()
	d := &Document{Options: style.Options{Width: 10, Program: "flux choreo"}}
	d.AddCommands([]style.CommandGroup{{Heading: "as developer:", Commands: []string{"kubectl choreo trace a", "kubectl get\npods"}}, {Commands: []string{"git log"}}})
	wantLines := []string{"  Next: as developer:", "          flux choreo trace a", "          kubectl get pods", "        git log"}
	if diff := cmp.Diff(wantLines, d.Lines); diff != "" {
		t.Errorf("lines (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"flux choreo trace a", "kubectl get pods", "git log"}, d.Commands); diff != "" {
		t.Errorf("commands (-want +got)\n%s", diff)
	}
}
