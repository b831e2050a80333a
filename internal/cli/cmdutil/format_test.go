package cmdutil

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// document is a Report with a message.
type document struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

func (d document) Document() any                                   { return d }
func (d document) Print(io.Writer, string, printers.Options) error { return nil }

// printed is what a command prints in a format.
func printed(t *testing.T, format string, r Report, objects ...facts.Ref) string {
	t.Helper()
	var o Output
	cmd := &cobra.Command{}
	o.AddFlags(cmd, "text")
	if err := cmd.ParseFlags([]string{"-o", format}); err != nil {
		t.Fatal(err)
	}
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := o.Print(&out, r, objects, printers.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestTemplatesEscapeText: a template prints strings as they are, so nothing in them commands a terminal or GitHub's runner. What the
// template itself says stays.
func TestTemplatesEscapeText(t *testing.T) {
	t.Parallel()
	poisoned := document{"Trace", "a\x1b[2J\u202eb\u009b1m\r\a\n::error::forged\n##[error]forged"}
	for _, format := range []string{"jsonpath={.message}", "go-template={{.message}}", "custom-columns=MESSAGE:.message", "jsonpath-as-json={.message}", "jsonpath={@}"} {
		out := printed(t, format, poisoned)
		if !strings.Contains(out, "x1b[2J") || !strings.Contains(out, "u202e") {
			t.Errorf("%s does not show what was said: %q", format, out)
		}
		printerstest.CheckHarmless(t, format, out)
	}
	if diff := cmp.Diff("\x1b[1mplain\ttext", printed(t, "jsonpath=\x1b[1m{.message}", document{"Trace", "plain\ttext"})); diff == "" {
		t.Error("a tab of the cluster is not shown")
	}
	if diff := cmp.Diff("\x1b[1m\tplain", printed(t, `jsonpath=`+"\x1b[1m"+`{"\t"}{.message}`, document{"Trace", "plain"})); diff != "" {
		t.Errorf("the template is changed (-want +got)\n%s", diff)
	}
}

// TestNames: a line is a word of a command, whatever is written in the cluster.
func TestNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ref  facts.Ref
		want string
	}{
		"Core":       {facts.Ref{Kind: "Pod", Namespace: "a", Name: "greeter-1"}, "pod/greeter-1\n"},
		"Group":      {facts.Ref{Group: "helm.toolkit.fluxcd.io", Kind: "HelmRelease", Name: "a.b"}, "helmrelease.helm.toolkit.fluxcd.io/a.b\n"},
		"Role":       {facts.Ref{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "system:x"}, "clusterrole.rbac.authorization.k8s.io/system:x\n"},
		"NoName":     {facts.Ref{Kind: "Pod"}, ""},
		"NoKind":     {facts.Ref{Name: "a"}, ""},
		"Words":      {facts.Ref{Kind: "Pod", Name: "a --kubeconfig=b"}, ""},
		"Line":       {facts.Ref{Kind: "Pod", Name: "a\n--kubeconfig=b"}, ""},
		"Flag":       {facts.Ref{Kind: "--kubeconfig=", Name: "b"}, ""},
		"Path":       {facts.Ref{Kind: "Pod", Name: "../../secrets/b"}, ""},
		"Escape":     {facts.Ref{Kind: "Pod", Name: "a\x1b[2J"}, ""},
		"Quote":      {facts.Ref{Kind: "Pod", Name: "a'b"}, ""},
		"WrongGroup": {facts.Ref{Group: "a b", Kind: "Pod", Name: "c"}, ""},
	} {
		if diff := cmp.Diff(c.want, printed(t, "name", document{}, c.ref, c.ref)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
