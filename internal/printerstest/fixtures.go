// Package printerstest has traces, hostile texts and readers of formats, for the tests of printers.
package printerstest

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Kustomization is one of Flux's namespace.
func Kustomization(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// SARIFResults holds a report against the schema of OASIS, which the library brings.
func SARIFResults(t *testing.T, text []byte) []*sarif.Result {
	t.Helper()
	parsed, err := sarif.FromBytes(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	run := parsed.Runs[0] // the library writes what was left out as empty, against the schema
	run.Language, run.Tool.Driver.Language, run.NewlineSequences = "en", "en", []string{"\n"}
	if err := parsed.Validate(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	return run.Results
}

// WorkflowCommand is a workflow command as the runner reads it (actions/runner src/Runner.Common/ActionCommand.cs, TryParseV2): a
// line that begins with "::", up to the next "::" the name and its properties, and behind that the data.
type WorkflowCommand struct {
	Name       string
	Properties map[string]string
	Data       string
}

// ReadWorkflowCommand reads a line as the runner does.
func ReadWorkflowCommand(t *testing.T, line string) WorkflowCommand {
	t.Helper()
	rest, found := strings.CutPrefix(line, "::")
	info, data, ends := strings.Cut(rest, "::")
	if !found || !ends {
		t.Fatalf("%q is no command", line)
	}
	name, properties, _ := strings.Cut(info, " ")
	c := WorkflowCommand{Name: name, Properties: map[string]string{}, Data: strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(data)}
	for _, pair := range strings.Split(strings.TrimSpace(properties), ",") {
		key, value, _ := strings.Cut(pair, "=")
		c.Properties[key] = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(value)
	}
	return c
}

// Nasty is what an attacker writes into a status to command a terminal, close an element, end a cell, begin a command
// or a link.
const Nasty = "\x1b[31mred\x1b[0m \u202etxt ]]> </failure><x a=\"1\"> | `code` **b** [l](http://evil) http://evil.example @team &amp; %0A::error::x, a=1\n" +
	"::stop-commands::t\n# title\n1. one\n- two\n![i](x) www.evil.example {a=\"b\"} \\ \r\x00\u2028end ##[error]x"

// RunnerCommand is what GitHub's runner obeys wherever a step prints it.
var RunnerCommand = regexp.MustCompile(`(?m)^\s*::.*::|##\[`)

// Markup is what an attacker writes into a status to leave a label, a style sheet or a page.
const Markup = `<script>alert(1)</script> ]]> "quoted' ` + "`back` ```fence" + ` \" \N \l $$x$$ #quot; &lt; %%{init} fa:fa-car` +
	` 1. one [l](http://evil) style x: y; --> e0 :::ok </style></pre> ﬂ°°60¶ß` + "\r\nend\nsubgraph\u2028"

// Now is when the traces were taken.
var Now = time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)

// FailedPull is a trace with one of everything that a printer shows.
func FailedPull() *trace.Trace {
	pod := facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp-demo", Name: "greeter-1"}
	finding := trace.Finding{
		Code: trace.CodeImagePullBackOff, Severity: trace.Error, Object: pod, Message: "Failed to pull image \"greeter:1\": not found",
		Hint: "a wrong name or tag", Since: Now.Add(-4 * time.Minute), Next: []string{"kubectl describe pod greeter-1"},
		NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Plane: facts.Control, Command: "kubectl describe pod greeter-1"}},
		Evidence:  []trace.Evidence{{Path: trace.LogEvidence + "main", Value: "one\ntwo"}},
		Path:      []facts.Ref{{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "dp-demo", Name: "greeter"}},
	}
	return &trace.Trace{
		Subject: facts.Subject{Namespace: "default", Project: "demo", Component: "greeter"},
		Wanted:  trace.Wanted{Revision: "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", From: facts.FromSource},
		Verdict: trace.VerdictFailed, Current: trace.Current,
		Failing: &trace.Failure{Rung: trace.RungPod, Environment: "development", Finding: finding},
		Rungs: []trace.Rung{
			{ID: trace.RungSource, State: trace.OK, Current: trace.Current, Revision: "main@sha1:7040926aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Summary: "GitRepository flux-system/oc", Since: Now.Add(-2 * time.Minute), Findings: []trace.Finding{}},
			{ID: trace.RungDelivery, State: trace.Unknown, Summary: "not readable: forbidden", Findings: []trace.Finding{{Code: trace.CodeForbidden, Severity: trace.Warning, Message: "User \"dora\" cannot list kustomizations"}}},
		},
		Environments: []trace.Environment{
			{
				Name: "development", Verdict: trace.VerdictFailed, Current: trace.Current, Release: "greeter-1",
				Failing: &trace.Failure{Rung: trace.RungPod, Environment: "development", Finding: finding},
				Rungs:   []trace.Rung{{ID: trace.RungPod, State: trace.Failed, Current: trace.Current, Object: pod, Summary: "greeter-1: ImagePullBackOff", Since: Now.Add(-4 * time.Minute), Findings: []trace.Finding{finding}}},
			},
			{Name: "production", Verdict: trace.VerdictSuspended, Rungs: []trace.Rung{{ID: trace.RungBinding, State: trace.Suspended, Summary: "no ReleaseBinding", Findings: []trace.Finding{}}}},
		},
		TakenAt: Now,
	}
}

// Hostile is text that commands a terminal, turns its direction, or is invalid, beside scripts that must stay as they are.
const Hostile = "\x1b[2J\x1b]0;owned\a ok\r\nsecond line\t\u202egnp.exe\u2066 \u200b日本語 שלום e\u0301 \xff\x00"

// Poisoned puts text in every place where a cluster can.
func Poisoned(text string) *trace.Trace {
	tr := FailedPull()
	ref := facts.Ref{Plane: facts.Plane(text), Group: text, Kind: text, Namespace: text, Name: text}
	f := trace.Finding{
		Code: "Hostile", Severity: trace.Error, Object: ref, Message: text, Hint: text, NextSteps: []trace.NextStep{{Role: trace.RoleDeveloper, Command: text}},
		Evidence: []trace.Evidence{{Path: trace.LogEvidence + text, Value: text}}, Path: []facts.Ref{ref},
	}
	rung := trace.Rung{
		ID: trace.RungPod, State: trace.Failed, Current: trace.Behind, Revision: text, Object: ref, Summary: text,
		Findings: []trace.Finding{f, {Severity: trace.Warning, Message: text}}, Parts: []trace.Part{{Object: ref, Summary: text, Revision: text}},
	}
	tr.Subject = facts.Subject{Namespace: text, Project: text, Component: text}
	tr.Wanted = trace.Wanted{Revision: text + "@sha1:" + text}
	tr.Failing = &trace.Failure{Rung: trace.RungPod, Environment: text, Finding: f}
	tr.Rungs = []trace.Rung{rung}
	tr.Environments = []trace.Environment{{Name: text, Verdict: trace.VerdictFailed, Rungs: []trace.Rung{rung, rung}, Failing: tr.Failing}}
	return tr
}

// CheckHarmless fails where a character comes out that moves a cursor, hides, or turns the direction of text.
func CheckHarmless(t *testing.T, format, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("%s: the output is no UTF-8", format)
	}
	for _, r := range out {
		if r != '\n' && invisible(r) {
			t.Errorf("%s: the output holds %U", format, r)
			return
		}
	}
}

// invisible is a test's own definition, so that one that is too narrow is found.
func invisible(r rune) bool {
	if r == '\u200c' || r == '\u200d' {
		return false // joiners, which scripts and emoji need
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

// Written is all that a printer writes.
func Written(t *testing.T, write func(w io.Writer) error) string {
	t.Helper()
	var out strings.Builder
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
