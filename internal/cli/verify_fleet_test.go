package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
)

// TestVerifyFleet: forty components behind one Kustomization are one cause with forty names; and their number costs nothing.
func TestVerifyFleet(t *testing.T) {
	t.Parallel()
	count := map[int]int{}
	for _, components := range []int{5, 40} {
		g := gate(t, "dependency-fails", components)
		stdout, _ := g.holds(t, 2, nil, "--timeout", "0", "-o", "json")
		count[components] = g.requests()
		var report struct {
			Causes []struct {
				Code     string
				Subjects []struct{ Component string }
			}
		}
		if err := json.Unmarshal([]byte(stdout), &report); err != nil {
			t.Fatal(err)
		}
		if len(report.Causes) != 1 || len(report.Causes[0].Subjects) != components || report.Causes[0].Code != "KustomizationBuildFailed" {
			t.Errorf("causes %+v, want one with %d names", report.Causes, components)
		}
	}
	if count[5] != count[40] {
		t.Errorf("5 components cost %d requests, 40 cost %d", count[5], count[40])
	}
	g := gate(t, "healthy", 5)
	g.holds(t, 0, []string{"5 of 5 components passed"}, "-A")
	g.holds(t, 0, []string{"2 of 2 components passed"}, fleettest.Name(1), fleettest.Name(3))
	g.holds(t, 0, []string{"5 of 5 components passed"}, "-p", "demo", "-l", "!nonsense")
	g.holds(t, 1, []string{"no component found in project shop, in namespace healthy"}, "-p", "shop")
	g.holds(t, 1, []string{"no component found with labels a=b in any namespace"}, "-A", "-l", "a=b")
	g.holds(t, 1, []string{`component "greeter-9999" not found`}, "greeter-9999", fleettest.Name(1), "--timeout", "0")
}

// TestVerifyMany: more than can be watched are looked at again, and end when what holds them has stood.
func TestVerifyMany(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		g := gateInBubble(t, "dependency-fails", 201)
		_, stderr := g.holds(t, 2, []string{"201 of 201 components failed", "KustomizationBuildFailed"}, "--timeout", "5m")
		if strings.Count(stderr, "201 of 201 components are not ready") != 1 {
			t.Errorf("want one look more than the first:\n%s", stderr)
		}
		for _, asked := range g.asked() {
			if strings.Contains(asked, "watch=") {
				t.Errorf("asked %s", asked)
			}
		}
	})
}
