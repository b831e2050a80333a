package command

import (
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ref  facts.Ref
		want string
	}{
		"Pod":        {facts.Ref{Plane: "default", Kind: "Pod", Namespace: "cell", Name: "a"}, "kubectl describe pods a -n cell"},
		"OfAGroup":   {facts.Ref{Plane: "default", Group: "argoproj.io", Kind: "Rollout", Namespace: "cell", Name: "a"}, "kubectl describe rollouts.argoproj.io a -n cell"},
		"OfACluster": {facts.Ref{Plane: "default", Kind: "Node", Name: "a"}, "kubectl describe nodes a"},
		"OnAPlane":   {facts.Ref{Plane: "prod", Kind: "Pod", Namespace: "cell", Name: "a"}, "kubectl describe pods a -n cell"},
		"Hostile":    {facts.Ref{Plane: "default", Group: "--x;y", Kind: "$(Z)", Namespace: "cell", Name: "a"}, "kubectl describe '$(z).--x;y' a -n cell"},
		"AFlag":      {facts.Ref{Plane: "default", Kind: "Pod", Namespace: "cell", Name: "--all"}, ""},
		"NoName":     {facts.Ref{Plane: "default", Kind: "Pod", Namespace: "cell"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, Describe(c.ref)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		arg, want string
	}{
		"Name":                {"greeter.v1-2", "get pod greeter.v1-2 --of=pod/greeter.v1-2"},
		"RoleName":            {"system:x", "get pod system:x --of=pod/system:x"},
		"SecondCommand":       {"a;b", "get pod 'a;b' '--of=pod/a;b'"},
		"Substitution":        {"$(touch x)", "get pod '$(touch x)' '--of=pod/$(touch x)'"},
		"Backticks":           {"`touch x`", "get pod '`touch x`' '--of=pod/`touch x`'"},
		"SeveralWords":        {"a b", "get pod 'a b' '--of=pod/a b'"},
		"Home":                {"~", "get pod '~' '--of=pod/~'"},
		"Glob":                {"*", "get pod '*' '--of=pod/*'"},
		"Comment":             {"#a", "get pod '#a' '--of=pod/#a'"},
		"ZshExpandsEquals":    {"=ls", "get pod '=ls' --of=pod/=ls"},
		"Empty":               {"", ""},
		"Flag":                {"--all", ""},
		"ShortFlag":           {"-o", ""},
		"NewLine":             {"a\nb", ""},
		"CarriageReturn":      {"a\rb", ""},
		"Tab":                 {"a\tb", ""},
		"EscapeSequence":      {"a\x1b[2Kb", ""},
		"Quote":               {"a'b", ""},
		"DoubleQuote":         {`a"b`, ""},
		"FishEscapes":         {`a\`, ""},
		"TypographicQuote":    {"a\u2019b", ""},
		"CmdHasNoQuotes":      {"a&calc", ""},
		"Pipe":                {"a|b", ""},
		"Variable":            {"%PATH%", ""},
		"History":             {"a!b", ""},
		"TurnsDirection":      {"a\u202eb", ""},
		"ZeroWidth":           {"a\u200bb", ""},
		"NotUTF8":             {"a\xffb", ""},
		"PrintersReduceThis":  {"a  b", ""},
		"GitHubRunnerObeys":   {"a##[b", ""},
		"PlaceholderOfFormat": {"%s", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, Format("get pod %s --of=pod/%s", c.arg, c.arg)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommandQuotesItsOwnWords(t *testing.T) {
	t.Parallel()
	want := `kubectl -n apps patch gitrepository/a --type merge -p '{"spec":{"suspend":false}}'`
	if diff := cmp.Diff(want, Format(`kubectl -n apps patch %s/%s --type merge -p {"spec":{"suspend":false}}`, "gitrepository", "a")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Format("kubectl get %s %s", "pod"); got != "" {
		t.Errorf("%q was made without an arg for each %%s", got)
	}
}

// FuzzCommand asks a real shell: it must see the words that were meant, and do nothing else.
func FuzzCommand(f *testing.F) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		f.Skip("no shell")
	}
	for _, seed := range []string{"greeter", "a;b", "$(exit 1)", "`x`", "a'b", "a\nb", "--x", "~root", "{a,b}", "a*", "#", "=", "\\", "\u2019", "a b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		command := Format("words %s --x=%s", arg, arg)
		if command == "" {
			return
		}
		out, err := exec.CommandContext(t.Context(), shell, "-c", `words() { printf "[%s]\n" "$@"; }; `+command).CombinedOutput()
		if want := "[" + arg + "]\n[--x=" + arg + "]\n"; err != nil || string(out) != want {
			t.Errorf("%s: %q, %v; want %q", command, out, err, want)
		}
	})
}
