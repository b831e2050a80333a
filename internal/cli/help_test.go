package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// said runs the program without a cluster, and returns what it prints and its exit code.
func said(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	var out, errs strings.Builder
	exit = Main(t.Context(), iostreams.IOStreams{
		Args: append([]string{"kubectl-choreo"}, args...), In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" },
	})
	return out.String(), errs.String(), exit
}

// TestHelp: each command has a short description of at most 50 characters and an example, and lists its own flags alone.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, cmd := range everyCommand(newRoot(iostreams.IOStreams{Args: []string{"kubectl-choreo"}})) {
		if len(cmd.Short) > 50 && cmd.HasParent() || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: the short description is longer than 50 characters, or ends with a full stop: %s", cmd.CommandPath(), cmd.Short)
		}
		if cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		help, stderr, exit := said(t, append(strings.Fields(strings.TrimPrefix(cmd.CommandPath(), "kubectl choreo")), "--help")...)
		if exit != 0 || stderr != "" || !strings.Contains(help, `Use "kubectl choreo options"`) || !strings.Contains(help, "\nExamples:\n  ") {
			t.Errorf("%s --help: exit %d\n%s%s", cmd.CommandPath(), exit, stderr, help)
		}
		for _, shared := range []string{"--kubeconfig ", "--as ", "--token", "--template "} {
			if _, flags, _ := strings.Cut(help, "\nFlags:"); strings.Contains(flags, shared) {
				t.Errorf("%s --help lists %s", cmd.CommandPath(), shared)
			}
		}
	}
	shared, _, exit := said(t, "options")
	for _, flag := range []string{"--kubeconfig string", "--context string", "--as string", "--token string", "--request-timeout string", "--template string", "-v, --v int", `(default "15s")`} {
		if !strings.Contains(shared, flag) {
			t.Errorf("options does not list %s, exit %d:\n%s", flag, exit, shared)
		}
	}
}

// TestMeant: an unknown command, flag or code is refused with those that may have been meant.
func TestMeant(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"list":                           `unknown command "list" for "kubectl choreo"; did you mean "status"?`,
		"get":                            `unknown command "get" for "kubectl choreo"; did you mean "status"?`,
		"describe":                       `unknown command "describe" for "kubectl choreo"; did you mean "trace"?`,
		"recon":                          `unknown command "recon" for "kubectl choreo"; did you mean "reconcile"?`,
		"vrify":                          `unknown command "vrify" for "kubectl choreo"; did you mean "verify"?`,
		"xyzzy":                          `unknown command "xyzzy" for "kubectl choreo"; see kubectl choreo --help`,
		"config vew":                     `unknown command "vew" for "kubectl choreo config"; did you mean "view"?`,
		"trace --wach":                   `unknown flag: --wach; did you mean "--watch"?`,
		"trace --xyzzy":                  `unknown flag: --xyzzy; see kubectl choreo trace --help`,
		"explain stalenot":               `unknown finding code "stalenot"; did you mean StaleNotFound?`,
		"explain xyzzy":                  `unknown finding code "xyzzy"; to list all, run kubectl choreo explain`,
		"completion":                     `name one shell: bash, zsh, fish or powershell; see kubectl choreo completion --help`,
		"trace greeter --kubeconfig /no": `cannot read kubeconfig: stat /no: no such file or directory; use --kubeconfig or --context`,
	} {
		stdout, stderr, exit := said(t, strings.Fields(args)...)
		if diff := cmp.Diff("error: "+want+"\n", stderr); diff != "" || stdout != "" || exit != 1 {
			t.Errorf("%s: exit %d, stdout %q (-want +got)\n%s", args, exit, stdout, diff)
		}
	}
}

// TestMissingKubeconfigIsNamed: the file of KUBECONFIG that is missing is in the error.
func TestMissingKubeconfigIsNamed(t *testing.T) {
	t.Setenv("KUBECONFIG", "/nope")
	_, stderr, exit := said(t, "trace", "greeter")
	want := "error: cannot find a cluster: kubeconfig /nope does not exist; use --kubeconfig or --openchoreo-api, set KUBECONFIG, or run occ login\n"
	if diff := cmp.Diff(want, stderr); diff != "" || exit != 1 {
		t.Errorf("exit %d (-want +got)\n%s", exit, diff)
	}
}

// TestReflow: prose follows the width of the terminal, tables stay.
func TestReflow(t *testing.T) {
	t.Parallel()
	text := "one two three\nfour five\n\nCodes:\n  0    all is\n       well"
	for width, want := range map[int]string{0: text, 9: "one two\nthree\nfour five\n\nCodes:\n  0    all is\n       well", 80: "one two three four five\n\nCodes:\n  0    all is\n       well"} {
		if diff := cmp.Diff(want, reflow(text, width)); diff != "" {
			t.Errorf("%d (-want +got)\n%s", width, diff)
		}
	}
}
