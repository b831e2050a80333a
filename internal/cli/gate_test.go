package cli

import (
	"strings"
	"testing"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// gated is a cluster to verify.
type gated struct {
	*cluster
	kubeconfig string
	namespace  string
	configure  func(*rest.Config) // nil: it has an address
}

// gate serves a fleet of so many components of a scenario; 0 is the scenario itself.
func gate(t *testing.T, scenario string, components int) gated {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	objects := s.Objects()
	if components > 0 {
		objects = fleettest.Multiply(t, s, components)
	}
	c := serveObjects(t, objects)
	return gated{c, kubeconfig(t, map[string]*cluster{"control": c}), s.Subject.Namespace, nil}
}

func (g gated) run(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return runWithStreams(t, iostreams.IOStreams{Configure: g.configure}, args...)
}

func (g gated) verify(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return g.run(t, append([]string{"verify", "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir()}, args...)...)
}

// holds runs verify and holds it to its exit code and its words, on either stream.
func (g gated) holds(t *testing.T, exit int, words []string, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, got := g.verify(t, args...)
	if got != exit {
		t.Errorf("verify %v: exit %d, want %d\n%s%s", args, got, exit, stdout, stderr)
	}
	for _, word := range words {
		if !strings.Contains(stdout+stderr, word) {
			t.Errorf("verify %v does not say %q:\n%s%s", args, word, stdout, stderr)
		}
	}
	return stdout, stderr
}
