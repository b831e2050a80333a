package cli

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// TestCompletionScripts: each is for the program by its own name, which is what is typed.
func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	for shell, words := range map[string]string{
		"bash": "__start_kubectl-choreo kubectl-choreo\n", "zsh": "#compdef kubectl-choreo\n", "fish": "complete -c kubectl-choreo ",
		"powershell": "-CommandName 'kubectl-choreo'",
	} {
		stdout, stderr, exit := runIn(t, nil, "completion", shell)
		if exit != 0 || stderr != "" || !strings.Contains(stdout, words) {
			t.Errorf("%s: exit %d, stderr %q, no %q in the script", shell, exit, stderr, words)
		}
	}
	if _, stderr, exit := runIn(t, nil, "completion", "tcsh"); exit != 1 || !strings.Contains(stderr, `unknown shell "tcsh"`) {
		t.Errorf("exit %d, stderr %q", exit, stderr)
	}
}

// onPath builds the program into a folder with kubectl's helper beside it.
func onPath(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", filepath.Join(folder, "kubectl-choreo"), "../../cmd/kubectl-choreo")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make lint compiles it
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	helper, err := os.ReadFile("../../completion/kubectl_complete-choreo")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "kubectl_complete-choreo"), helper, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// bashCompletes stands for the package bash-completion, of which the script calls one function, and for a Tab.
const bashCompletes = `
compopt() { :; }
_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
source <(kubectl-choreo completion bash)
COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=63
__start_kubectl-choreo
printf '%s\n' "${COMPREPLY[@]}"`

// TestCompletesInBash: by the real shell, and by what kubectl calls.
func TestCompletesInBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	names := &tabled{}
	server := httptest.NewServer(requestguard.Handler(t, names))
	t.Cleanup(server.Close)
	config := serveTablesAt(t, names, server.URL)
	folder := onPath(t)
	environment := append(os.Environ(), "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"), "KUBECONFIG="+config, "KUBECTL_CHOREO_CONFIG="+os.DevNull)
	said := func(program string, args ...string) []string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = environment
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil || stderr.Len() > 0 {
			t.Fatalf("%v\n%s", err, stderr.String())
		}
		return slices.Collect(strings.FieldsSeq(string(out)))
	}
	for line, want := range map[string][]string{ // --request-timeout: a busy machine takes longer than two seconds
		"kubectl-choreo trace --request-timeout 3m gre":        {"greeter-client", "greeter-service"},
		"kubectl-choreo trace --request-timeout 3m shop -e st": {"staging"},
		"kubectl-choreo trace shop --plane default=p":          {"prod"}, // to bash, a word begins behind the sign
	} {
		if diff := cmp.Diff(want, said(bash, append([]string{"-c", bashCompletes, "bash"}, strings.Fields(line)...)...)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", line, diff)
		}
	}
	named := filepath.Join(t.TempDir(), "kubectl_complete-choreo.exe")
	if err := os.Link(filepath.Join(folder, "kubectl-choreo"), named); err != nil {
		t.Fatal(err)
	}
	for what, helper := range map[string]string{"script": filepath.Join(folder, "kubectl_complete-choreo"), "program of that name": named} {
		if diff := cmp.Diff([]string{"greeter-client", "greeter-service", ":4"}, said(helper, "trace", "--request-timeout=3m", "gre")); diff != "" {
			t.Errorf("kubectl_complete-choreo, the %s (-want +got)\n%s", what, diff)
		}
	}
}
