package printers

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// nasty is what somebody writes into a status who wants to command a terminal, close an element, end a cell, begin a command
// or a link.
const nasty = "\x1b[31mred\x1b[0m \u202etxt ]]> </failure><x a=\"1\"> | `code` **b** [l](http://evil) http://evil.example @team &amp; %0A::error::x, a=1\n" +
	"::stop-commands::t\n# title\n1. one\n- two\n![i](x) www.evil.example {a=\"b\"} \\ \r\x00\u2028end ##[error]x"

// remarks are one of each kind, hostile in every text.
func remarks() []Remark {
	object := facts.Ref{Plane: facts.Control, Kind: "Kustomization" + nasty, Namespace: "flux-system", Name: "apps"}
	return []Remark{
		{Code: "KustomizationBuildFailed", Severity: "error", Object: object, Subject: "40 components", Message: nasty, Hint: nasty, File: "apps/a b,c:d.yaml", Line: 7, Names: []string{"a", nasty}},
		{Code: nasty, Severity: "warning", Subject: nasty, Message: nasty, File: nasty},
		{Severity: "info", Code: "Worth"},
		{},
	}
}

var ended = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// report is that of a fleet whose every text is hostile.
func report() VerifyReport {
	at := ended
	object := facts.Ref{Plane: facts.Control, Kind: "Kustomization", Namespace: "flux-system", Name: nasty}
	failing := trace.Failure{Rung: trace.RungDelivery, Finding: trace.Finding{
		Code: trace.CodeKustomizationBuildFailed, Severity: trace.Error, Object: object, Message: nasty + " line 12", Hint: nasty, Since: at.Add(-time.Minute),
		Evidence: []trace.Evidence{{Path: "git apps/deep/a.yaml", Value: nasty}}, Next: []string{"kubectl choreo reconcile " + nasty},
	}}
	r := VerifyReport{Begun: at.Add(-12 * time.Second), Ended: at}
	for _, name := range []string{"a", "b", nasty} {
		r.Results = append(r.Results, verify.Result{
			Trace:     &trace.Trace{Subject: facts.Subject{Namespace: "acme", Project: "demo", Component: name}, Verdict: trace.VerdictFailed, Current: trace.Behind, Failing: &failing, TakenAt: at},
			Judgement: verify.Judgement{Decision: verify.Failed, Reasons: []verify.Reason{{Decision: verify.Failed, Requirement: verify.RequireHealthy, Failure: failing}}},
			Cells: []verify.Cell{
				{Environment: "development", Bound: true, Verdict: trace.VerdictFailed, Current: trace.Behind, Release: name + "-1", Image: nasty, Commit: "main@sha1:7040926", Since: at.Add(-time.Hour), Failing: "X", Next: "staging", Order: verify.Ahead},
				{Environment: nasty, Bound: true, Verdict: trace.VerdictHealthy, Current: trace.Current, Release: nasty},
				{Environment: "production"},
			},
			Probes: []verify.Probe{{Environment: "development", Endpoint: nasty, URL: nasty, Error: nasty, Seconds: 0.5}},
		})
	}
	r.Results = append(r.Results, verify.Result{
		Trace:     &trace.Trace{Subject: facts.Subject{Namespace: "acme", Component: "well"}, Verdict: trace.VerdictHealthy, Current: trace.Current, TakenAt: at},
		Judgement: verify.Judgement{Decision: verify.Passed},
	})
	r.Causes = verify.Causes(r.Results)
	return r
}

// commandLine is what GitHub's runner obeys wherever a step prints it.
var commandLine = regexp.MustCompile(`(?m)^\s*::.*::|##\[`)

// TestNothingCommandsATerminal: whatever the format, no character that turns, hides or moves text comes out as it is, and no line is
// a command to a runner.
func TestNothingCommandsATerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		report  printable
		formats []string
	}{{report(), VerifyFormats()}, {lintReport(), LintFormats()}} {
		for _, format := range c.formats {
			text := string(printed(t, c.report, format))
			if at := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && invisible(r) }); at >= 0 {
				t.Errorf("%T, %s: %q comes out as it is", c.report, format, text[max(0, at-20):at+5])
			}
			if format != "github" && commandLine.MatchString(text) {
				t.Errorf("%T, %s: %q is a command to a runner", c.report, format, commandLine.FindString(text))
			}
			if !strings.Contains(text, "red") {
				t.Errorf("%T, %s: what was said is lost", c.report, format)
			}
		}
	}
}

// lintReport is hostile in every text, and in the name of a file.
func lintReport() LintReport {
	return LintReport{Begun: ended.Add(-time.Second), Ended: ended, FailOn: trace.Error, Findings: remarks(), Folder: "here", InClone: "gitops/"}
}

type printable interface {
	Print(w io.Writer, format string, o Options) error
}

func printed(t *testing.T, r printable, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.Print(&out, format, Options{Now: ended}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestEscape: what is one line stays as it is, of several the others are indented, and none commands anything.
func TestEscape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"open case.yaml: no such file":                   "open case.yaml: no such file",
		"there is no a\nthere is no b":                   "there is no a\n  there is no b",
		"unknown command\n\nDid you mean this?\n\ttrace": "unknown command\n  Did you mean this?\n  trace",
		"over\rwritten \x1b[2J\x00":                      `over written \x1b[2J\x00`,
		"::error::a\n  ::error::b\n##[error]c":           `\x3a:error::a` + "\n  " + `\x3a:error::b` + "\n  " + `\x23#[error]c`,
		"":                                               "",
	} {
		if got := Escape(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// TestVersionsAndSettingsCommandNothing: an image's tag is a cluster's, and a name in the settings may have come with a clone.
func TestVersionsAndSettingsCommandNothing(t *testing.T) {
	t.Parallel()
	const nasty = "v1\x1b[2J\rv2"
	var out bytes.Buffer
	for _, c := range []*Controller{{Version: nasty, Image: nasty}, {Image: nasty}, {Error: nasty}} {
		if err := (Version{OpenChoreo: c}).Print(&out, "text"); err != nil {
			t.Fatal(err)
		}
	}
	if err := Settings(&out, []Setting{{nasty, nasty, nasty}}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.ContainsAny(text, "\x1b\r") || strings.Count(text, "v1") != 7 {
		t.Errorf("%q", text)
	}
}
