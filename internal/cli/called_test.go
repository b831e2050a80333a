package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// TestSpeaksAsItIsCalled: who calls it as a plugin of flux is told what to type in those words. Data stays the same for everybody.
func TestSpeaksAsItIsCalled(t *testing.T) {
	t.Parallel()
	stale := []string{"trace", "--snapshot", filepath.Join(scenarioDir, "release-stale-not-found", "snapshot.yaml")}
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"Tree":           {stale, "flux choreo reconcile greeter-service -n release-stale-not-found -e staging --wait\n        kubectl describe releasebindings.openchoreo.dev greeter-service-staging -n release-stale-not-found\n        flux choreo explain StaleNotFound"},
		"Wide":           {slices.Concat(stale, []string{"-o", "wide"}), "flux choreo explain StaleNotFound"},
		"Page":           {slices.Concat(stale, []string{"-o", "html"}), "<code>flux choreo trace greeter-service -o html</code>"},
		"Explanation":    {[]string{"explain", "StaleNotFound"}, "flux choreo reconcile"},
		"Lint":           {[]string{"lint", "../../testdata/lint/faults"}, "flux choreo explain CODE"},
		"UnknownFlag":    {[]string{"trace", "--nothing"}, "flux choreo trace --help"},
		"TwoComponents":  {[]string{"trace", "a", "b", "c"}, "received 3; see flux choreo trace --help"},
		"NoShell":        {[]string{"completion"}, "name one shell: bash, zsh, fish or powershell; see flux choreo completion --help"},
		"UnknownCode":    {[]string{"explain", "Nothing"}, "flux choreo explain"},
		"BrokenSnapshot": {[]string{"trace", "--snapshot", broken}, "flux choreo snapshot COMPONENT"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := calledAs(t, "/home/me/.fluxcd/plugins/flux-choreo", c.args...)
			if !strings.Contains(said, c.want) || strings.Contains(said, "kubectl choreo") {
				t.Errorf("want %q, and nothing of kubectl choreo:\n%s", c.want, said)
			}
		})
	}
	data := slices.Concat(stale, []string{"-o", "json"})
	if one, other := calledAs(t, "flux-choreo", data...), calledAs(t, "kubectl-choreo", data...); one != other {
		t.Errorf("the data differ: %s", one)
	}
}

func calledAs(t *testing.T, program string, args ...string) string {
	t.Helper()
	var both bytes.Buffer
	Main(context.WithoutCancel(t.Context()), iostreams.IOStreams{
		Args: append([]string{program}, args...), In: strings.NewReader(""), Out: &both, Err: &both, Getenv: func(string) string { return "" },
	})
	return both.String()
}
