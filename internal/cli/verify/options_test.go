package verify

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// completed parses flags and names as the command does.
func completed(t *testing.T, args ...string) (*options, error) {
	t.Helper()
	w := iostreams.IOStreams{Getenv: func(string) string { return "" }}
	o, cmd := &options{streams: w, reader: components.NewReader(w)}, &cobra.Command{}
	o.addFlags(cmd)
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return o, o.complete(cmd.Flags().Args())
}

// TestRefusedOptions: what contradicts itself, or is no value, is refused before anything is asked.
func TestRefusedOptions(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"a -A":                    "cannot combine component names with -A: use one of them",
		"a -l x=y":                "cannot combine component names with -l: use one of them",
		"--snapshot f -A":         "cannot combine --snapshot with -A, -l or several names",
		"--snapshot f -l x=y":     "cannot combine --snapshot with -A, -l or several names",
		"--snapshot f a b":        "cannot combine --snapshot with -A, -l or several names",
		"-l x=(":                  "invalid --selector: ",
		"a..b":                    "a..b",
		"--require healthy,happy": `invalid --require "happy": use one or more of healthy, current, no-drift, promoted, endpoint`,
		"--timeout -1s":           "invalid --timeout -1s: it must not be negative",
		"--grace -1s":             "invalid --grace -1s: it must not be negative",
		"--stable-for -1s":        "invalid --stable-for -1s: it must not be negative",
		"--fail-on info":          `invalid --fail-on "info": use error or warning`,
		"-o xml":                  `"xml"`,
		"--report junit":          `invalid --report "junit": use FORMAT=FILE`,
		"--report xml=f":          `unknown output format "xml"`,
		"--color blue":            "blue",
		"--probe-timeout 0s":      "invalid --probe-timeout 0s: it must be greater than 0",
		"--probe-status ok":       "invalid --probe-status: ",
		"--probe-header Bearer":   "invalid --probe-header: use NAME: VALUE",
		"--probe-header :x":       "invalid --probe-header: use NAME: VALUE",
		"--plane eu":              `invalid --plane "eu": use NAME=CONTEXT`,
	} {
		if _, err := completed(t, strings.Fields(args)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", args, err, want)
		}
	}
}

// TestCompletedOptions: the defaults are the gate of a pipeline; a component counts once, however it is named.
func TestCompletedOptions(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]verify.Gate{
		"":                                     {Require: []verify.Requirement{verify.RequireCurrent, verify.RequireHealthy}, FailOn: trace.Error},
		"--require healthy":                    {Require: []verify.Requirement{verify.RequireHealthy}, FailOn: trace.Error},
		"--allow-unknown --fail-on warning -A": {Require: []verify.Requirement{verify.RequireCurrent, verify.RequireHealthy}, FailOn: trace.Warning, AllowUnknown: true},
		"--timeout 0 --grace 0 --stable-for 0 -A": {Require: []verify.Requirement{verify.RequireCurrent, verify.RequireHealthy}, FailOn: trace.Error},
		"--snapshot f a": {Require: []verify.Requirement{verify.RequireCurrent, verify.RequireHealthy}, FailOn: trace.Error},
	} {
		o, err := completed(t, strings.Fields(args)...)
		if err != nil {
			t.Errorf("%s: %v", args, err)
			continue
		}
		if diff := cmp.Diff(want, o.gate()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", args, diff)
		}
	}
	o, err := completed(t, "a", "component/b", "components.openchoreo.dev/a", "--probe-header", "Authorization: Bearer x:y", "--probe-header", "authorization:z", "--probe-path", "/health", "--probe-timeout", "1s")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b"}, o.reader.Names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	p := o.probe.Parsed
	if diff := cmp.Diff([]string{"Bearer x:y", "z"}, p.Header.Values("Authorization")); diff != "" || p.Path != "/health" || p.Timeout != time.Second {
		t.Errorf("%+v (-want +got)\n%s", p, diff)
	}
}

// TestAbsent: a component that nobody knows is refused, each by name; an environment only where none of the components has it.
func TestAbsent(t *testing.T) {
	t.Parallel()
	unknown, other, noEnvironment := errors.New("no component a"), errors.New("no component b"), errors.New("no environment dev")
	for name, c := range map[string]struct {
		all  []*candidate
		want string
	}{
		"None":          {nil, ""},
		"Known":         {[]*candidate{{}, {}}, ""},
		"OneUnknown":    {[]*candidate{{}, {unknown: unknown}}, "no component a"},
		"BothUnknown":   {[]*candidate{{unknown: unknown}, {unknown: other}}, "no component a\nno component b"},
		"OneElsewhere":  {[]*candidate{{noEnvironment: noEnvironment}, {}}, ""},
		"BothElsewhere": {[]*candidate{{noEnvironment: noEnvironment}, {noEnvironment: noEnvironment}}, "no environment dev"},
	} {
		got := ""
		if err := (&verifying{all: c.all}).absent(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestOpenCandidates are those that are not final, and a report is late only where it waited.
func TestOpenCandidates(t *testing.T) {
	t.Parallel()
	component := func(name string, d verify.Decision, final bool) *candidate {
		return &candidate{final: final, judgement: verify.Judgement{Decision: d}, trace: &trace.Trace{Subject: facts.Subject{Namespace: "shop", Component: name}}}
	}
	v := &verifying{options: &options{reader: &components.Reader{}}, all: []*candidate{component("a", verify.Passed, true), component("b", verify.Pending, false), component("c", verify.Failed, true)}}
	if open := v.open(); len(open) != 1 || open[0] != v.all[1] {
		t.Errorf("%+v", open)
	}
	for timeout, want := range map[time.Duration]bool{0: false, time.Minute: true} {
		v.timeout = timeout
		if got := v.report().Late; got != want {
			t.Errorf("after waiting %s: late %v, want %v", timeout, got, want)
		}
	}
	var names []string
	for _, ref := range notPassed(v.report().Results) {
		names = append(names, ref.String())
	}
	if diff := cmp.Diff([]string{"Component shop/b", "Component shop/c"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
