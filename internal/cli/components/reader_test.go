package components

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// completed parses flags and names as a command does.
func completed(t *testing.T, args ...string) (*Reader, error) {
	t.Helper()
	r, cmd := NewReader(iostreams.IOStreams{Getenv: func(string) string { return "" }}), &cobra.Command{}
	r.AddFlags(cmd, "read")
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return r, r.Complete(cmd.Flags().Args())
}

// TestComplete: what contradicts itself, or is no name, is refused before any request; a component counts once, however it is named.
func TestComplete(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"a -A":              "cannot combine component names with -A: use one of them",
		"a -l x=y":          "cannot combine component names with -l: use one of them",
		"--snapshot f -A":   "cannot combine --snapshot with -A, -l or several names",
		"--snapshot f a b":  "cannot combine --snapshot with -A, -l or several names",
		"-l x=(":            "invalid --selector: ",
		"a..b":              "a..b",
		"--plane eu":        `invalid --plane "eu": use NAME=CONTEXT`,
		"--plane control=c": "control is the control plane; use --context",
		"--plane shop/=c":   `"shop/" is not a data plane`,
		"--plane a/b/c=c":   `"a/b/c" is not a data plane`,
		"--plane =c":        `"" is not a data plane`,
	} {
		if _, err := completed(t, strings.Fields(args)...); !strings.Contains(message(err), want) || err == nil {
			t.Errorf("%s: %v, want %q", args, err, want)
		}
	}
	for args, scoped := range map[string]bool{"": false, "-p demo": false, "-A": true, "-l x=y": true, "a component/b components.openchoreo.dev/a": true} {
		r, err := completed(t, strings.Fields(args)...)
		if err != nil || r.IsScoped() != scoped {
			t.Errorf("%s: %v, scoped %t", args, err, r.IsScoped())
		}
		if strings.HasPrefix(args, "a ") && !slices.Equal(r.Names, []string{"a", "b"}) {
			t.Errorf("%s: %s", args, r.Names)
		}
	}
}

// TestUndeclared: a component that nothing knows is refused, each by name; an environment only where none of the components has it.
func TestUndeclared(t *testing.T) {
	t.Parallel()
	a, b, noEnvironment := errors.New("no component a"), errors.New("no component b"), errors.New("no environment dev")
	for name, c := range map[string]struct {
		unknown, noEnvironment []error
		want                   string
	}{
		"None":          {nil, nil, ""},
		"Known":         {[]error{nil, nil}, []error{nil, nil}, ""},
		"OneUnknown":    {[]error{nil, a}, []error{nil, nil}, "no component a"},
		"BothUnknown":   {[]error{a, b}, []error{nil, nil}, "no component a\nno component b"},
		"OneElsewhere":  {[]error{nil, nil}, []error{noEnvironment, nil}, ""},
		"BothElsewhere": {[]error{nil, nil}, []error{noEnvironment, noEnvironment}, "no environment dev"},
	} {
		if got := message(Undeclared(c.unknown, c.noEnvironment)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestGatherTime: few components are assessed at once; many share the processor, and are assessed no oftener than that allows.
func TestGatherTime(t *testing.T) {
	t.Parallel()
	for count, want := range map[int]time.Duration{1: 0, 3: 0, 4: 220 * time.Millisecond, 100: 700 * time.Millisecond} {
		if got := GatherTime(count); got != want {
			t.Errorf("%d components: %s, want %s", count, got, want)
		}
	}
}
