package cli

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/requestguard"
)

// inBubble runs test on a fake clock, which advances only while the whole program waits (testing/synctest). So no timer
// depends on how busy the machine is, and ten minutes take no time. A bubble has no network: its clusters answer in memory.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// inMemory makes a client reach h whatever its address is. A request that is not documented fails the test.
func inMemory(t *testing.T, h http.Handler) func(*rest.Config) {
	t.Helper()
	return func(c *rest.Config) { c.Transport = factstest.Transport(requestguard.Handler(t, h)) }
}

// gateInBubble is gate in a bubble, an hour after the scenario was recorded: nothing in it is new.
func gateInBubble(t *testing.T, scenario string, components int) gated {
	t.Helper()
	s := factstest.Scenario(t, scenario)
	time.Sleep(time.Until(s.TakenAt.Add(time.Hour)))
	objects := s.Objects()
	if components > 0 {
		objects = fleettest.Multiply(t, s, components)
	}
	c := newCluster(objects)
	c.url = "http://in-memory.example"
	return gated{c, kubeconfig(t, map[string]*cluster{"control": c}), s.Subject.Namespace, inMemory(t, c)}
}
