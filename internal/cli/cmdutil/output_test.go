package cmdutil

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// gate is a report that prints its format.
type gate struct {
	document
	decision verify.Decision
}

func (g gate) Decision() verify.Decision { return g.decision }

func (g gate) Print(w io.Writer, format string, o printers.Options) error {
	if format == "broken" {
		return errors.New("cannot print")
	}
	_, err := io.WriteString(w, format+" at "+o.Now.Format(time.TimeOnly)+"\n")
	return err
}

func outputsOf(t *testing.T, args ...string) *Outputs {
	t.Helper()
	o, cmd := &Outputs{}, &cobra.Command{}
	o.AddFlags(cmd, "table", "junit", "broken")
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCheckOutputs(t *testing.T) {
	t.Parallel()
	const all = "table, junit, broken, name, "
	for args, want := range map[string]string{
		"":                                "",
		"-o junit":                        "",
		"-o name":                         "",
		"-o jsonpath={.a}":                "",
		"-o custom-columns=A:.a":          "",
		"-o xml":                          `unknown output format "xml"; use one of ` + all,
		"-o go-template={{":               "error parsing template",
		"-o custom-columns=A":             "unexpected custom-columns spec",
		"-o custom-columns":               "no custom columns given",
		"--report junit=f":                "",
		"--report junit=f -o xml":         `unknown output format "xml"`,
		"--report name=f":                 `unknown output format "name"; use one of table, junit, broken`,
		"--report junit=":                 `invalid --report "junit=": use FORMAT=FILE`,
		"--color blue":                    `invalid --color "blue"`,
		"--report junit=f --report xml=f": `unknown output format "xml"`,
	} {
		got := ""
		if err := outputsOf(t, strings.Fields(args)...).Check(); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}

// TestTemplateAlone: as with kubectl, --template without -o is a Go template.
func TestTemplateAlone(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"go-template": {"--template", "{{.kind}}"}, "junit": {"--template", "{{.kind}}", "-o", "junit"}, "table": {"-o", ""},
	} {
		o := outputsOf(t, args...)
		if err := o.Check(); err != nil || o.Format != want {
			t.Errorf("%v: %s, %v", args, o.Format, err)
		}
	}
}

// TestAnswer prints the report, writes the others, and ends with the code of the decision. What cannot be printed is not written.
func TestAnswer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		format, report string
		decision       verify.Decision
		code           int
		out, file      string
		err            string
	}{
		"Passed":       {"table", "junit", verify.Passed, ExitOK, "table at 12:00:00\n", "junit at 12:00:00\n", ""},
		"Failed":       {"table", "junit", verify.Failed, ExitFailed, "table at 12:00:00\n", "junit at 12:00:00\n", "the component is not healthy and current"},
		"Pending":      {"junit", "table", verify.Pending, ExitUnsettled, "junit at 12:00:00\n", "table at 12:00:00\n", "the component is not healthy and current"},
		"Names":        {"name", "junit", verify.Undecided, ExitUndecided, "pod/a\n", "junit at 12:00:00\n", "the component is not healthy and current"},
		"NotPrinted":   {"broken", "junit", verify.Passed, 0, "", "before", "cannot print"},
		"NotReported":  {"table", "broken", verify.Passed, 0, "table at 12:00:00\n", "before", "cannot print"},
		"FailedByName": {"go-template={{.missing.field}}", "junit", verify.Passed, 0, "", "before", "missing"},
	} {
		file := filepath.Join(t.TempDir(), "report")
		if err := os.WriteFile(file, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
		o := outputsOf(t, "-o", c.format, "--report", c.report+"="+file, "--allow-missing-template-keys=false")
		if err := o.Check(); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := o.Answer(iostreams.IOStreams{Out: &out, Getenv: func(string) string { return "" }}, gate{document{Kind: "Trace"}, c.decision}, []facts.Ref{{Kind: "Pod", Name: "a"}}, now)
		var coded *VerdictError
		if errors.As(err, &coded) != (c.code != 0) || coded != nil && coded.Code != c.code || !strings.Contains(errorText(err), c.err) || c.err == "" && err != nil {
			t.Errorf("%s: %v, want %q with code %d", name, err, c.err, c.code)
		}
		text, _ := os.ReadFile(file)
		if diff := cmp.Diff([]string{c.out, c.file}, []string{out.String(), string(text)}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestReportIsNotWritten names the reason.
func TestReportIsNotWritten(t *testing.T) {
	t.Parallel()
	o := outputsOf(t, "--report", "junit="+filepath.Join(t.TempDir(), "missing", "report"))
	var out strings.Builder
	err := o.Answer(iostreams.IOStreams{Out: &out, Getenv: func(string) string { return "" }}, gate{decision: verify.Passed}, nil, time.Time{})
	if !strings.HasPrefix(errorText(err), "cannot write report: open ") {
		t.Error(err)
	}
}

// TestCompleteFormat: a template follows the equals sign, and a format is a word.
func TestCompleteFormat(t *testing.T) {
	t.Parallel()
	o := outputsOf(t)
	for typed, want := range map[string]struct {
		words []string
		space bool
	}{
		"j":        {[]string{"jsonpath-as-json=", "jsonpath-file=", "jsonpath=", "junit"}, true},
		"jsonpath": {[]string{"jsonpath-as-json=", "jsonpath-file=", "jsonpath="}, false},
		"custom":   {[]string{"custom-columns-file=", "custom-columns="}, false},
		"n":        {[]string{"name"}, true},
	} {
		words, directive := o.complete(nil, nil, typed)
		if diff := cmp.Diff(want.words, words); diff != "" || (directive&cobra.ShellCompDirectiveNoSpace == 0) != want.space || directive&cobra.ShellCompDirectiveNoFileComp == 0 {
			t.Errorf("%s: %d (-want +got)\n%s", typed, directive, diff)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
