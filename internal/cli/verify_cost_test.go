package cli

import (
	"net/http"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
)

// costOfVerify returns the requests that verify makes for a healthy fleet, and how many of them follow one another: on the fake
// clock, each takes a second and nothing else takes time.
func costOfVerify(t *testing.T, components int, args ...string) (requests, deep int) {
	t.Helper()
	g := gateInBubble(t, "healthy", components)
	g.configure = inMemory(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Second)
		g.ServeHTTP(w, r)
	}))
	begin := time.Now()
	g.holds(t, 0, []string{fleettest.Name(components-1) + "  passed"}, args...)
	return g.requests(), int(time.Since(begin) / time.Second)
}

// scopeOfVerify is a way to say which components are meant.
type scopeOfVerify struct {
	args func(components int) []string
	// listed is whether the components must be listed before anything can be read about one of them.
	listed bool
	// counted is whether they are counted beside that list, so that the other lists need not wait for it.
	counted bool
}

func scopesOfVerify() map[string]scopeOfVerify {
	fixed := func(args ...string) func(int) []string { return func(int) []string { return args } }
	names := func(components int) []string {
		var all []string
		for i := range components {
			all = append(all, fleettest.Name(i))
		}
		return all
	}
	return map[string]scopeOfVerify{
		"Namespace":          {fixed(), true, true},
		"AllNamespaces":      {fixed("-A"), true, true},
		"Project":            {fixed("-p", "demo"), true, false},
		"Selector":           {fixed("-l", "!nonsense"), true, false},
		"ProjectAndSelector": {fixed("-p", "demo", "-l", "!nonsense"), true, false},
		"Names":              {names, false, false},
	}
}

// What verify may cost in two environments of one project. Each list is one request, as none has more than 500 objects.
const (
	// fleetRequests is for the lists of the kinds that components have of their own, which are read once for all: Workloads,
	// ReleaseBindings, ComponentReleases (first counted, as there may be any number) and RenderedReleases; for the Deployments and
	// pods of two cells; and for what components share: Kustomizations and their source, Project, Environments, pipeline, planes.
	fleetRequests = 21
	// batchRequests is for the next hundred components: RenderedReleases, and Deployments and pods of two cells. Their lists select
	// by name, so that the memory does not grow with the fleet.
	batchRequests = 5
	// traceDepth is the round trips of one trace.
	traceDepth = 3
)

// TestVerifyCost: how many components are meant, and in which way, changes neither the lists nor the round trips.
func TestVerifyCost(t *testing.T) {
	t.Parallel()
	holds := func(t *testing.T, scope scopeOfVerify, components, allowed int) {
		t.Helper()
		depth := traceDepth
		if scope.listed {
			allowed, depth = allowed+1, depth+1
		}
		if scope.counted {
			allowed++
		}
		requests, deep := costOfVerify(t, components, scope.args(components)...)
		if requests > allowed || deep > depth {
			t.Errorf("%d requests in %d round trips, want at most %d in %d", requests, deep, allowed, depth)
		}
	}
	for name, scope := range scopesOfVerify() {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) { holds(t, scope, 4, fleetRequests) })
		})
	}
	t.Run("TwoBatches", func(t *testing.T) {
		inBubble(t, func(t *testing.T) { holds(t, scopesOfVerify()["Project"], 101, fleetRequests+batchRequests) })
	})
}

// TestVerifyCostOfFew: up to three components are read one by one, because the lists of whole kinds may be long. What they share is
// read once: each has its Component, Workload, releases and bindings, and in two cells its Deployments and pods.
func TestVerifyCostOfFew(t *testing.T) {
	t.Parallel()
	const own = 11
	for name, scope := range scopesOfVerify() {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				one, _ := costOfVerify(t, 1, scope.args(1)...)
				three, deep := costOfVerify(t, 3, scope.args(3)...)
				depth := traceDepth + 1 // the name of the project's pipeline, which a trace of one component reads with its Component
				if scope.listed {
					depth++
				}
				if three-one > 2*own || deep > depth {
					t.Errorf("three components cost %d requests in %d round trips, one costs %d; want at most %d more, in %d", three, deep, one, 2*own, depth)
				}
			})
		})
	}
}
