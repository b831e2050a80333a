package dataplane_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/dataplane"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestResourceRung: the rung sums up all objects of the release, as read, or else as reported.
func TestResourceRung(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	unreadable := func(kinds ...string) func(assesstest.World) {
		return func(w assesstest.World) {
			for _, o := range w.Development().PlaneObjects() {
				if len(kinds) == 0 || strings.Contains(strings.Join(kinds, " "), o.Ref.Kind) {
					w.Drop(o.Ref)
					w.Put(facts.Object{Ref: o.Ref, Outcome: facts.Forbidden, Reason: "no"})
				}
			}
		}
	}
	for name, c := range map[string]struct {
		change   func(assesstest.World)
		line     string
		current  trace.Currency
		reported bool
	}{
		"Read":     {func(assesstest.World) {}, "OK Deployment 1/1, ConfigMap, HTTPRoute, Service, NetworkPolicy", trace.Current, false},
		"Reported": {unreadable(), "OK Deployment 1/1, ConfigMap, HTTPRoute, Service, NetworkPolicy; as last reported by OpenChoreo", trace.Current, true},
		// What runs the component counts.
		"WorkloadReported": {unreadable("Deployment"), "OK Deployment 1/1, ConfigMap, HTTPRoute, Service, NetworkPolicy; as last reported by OpenChoreo", trace.Current, true},
		"RouteReported":    {unreadable("HTTPRoute"), "OK Deployment 1/1, ConfigMap, HTTPRoute, Service, NetworkPolicy", trace.Current, false},
		"RendersNothing": {func(w assesstest.World) {
			w.Set(w.One("RenderedRelease", "-development"), []any{}, "spec", "resources")
		}, "OK none, as rendered", trace.Current, false},
		"NotRendered": {func(w assesstest.World) { w.Answer(w.One("RenderedRelease", "-development"), facts.Absent) }, "Unknown none", trace.CurrencyUnknown, false},
		"Failed":      {func(w assesstest.World) { w.Drop(w.One("Deployment", "").Ref) }, "Failed Deployment does not exist", trace.Current, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			j := dataplane.AssessResource(w.Development())
			if diff := cmp.Diff(c.line, assesstest.Lines(j.Rung)[0]); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if j.Current != c.current || j.Reported != c.reported {
				t.Errorf("%v, reported %t; want %v, %t", j.Current, j.Reported, c.current, c.reported)
			}
			// The healthy world has the Deployment alone; of the others, what OpenChoreo reports.
			live := slices.DeleteFunc(slices.Clone(j.Parts), func(p trace.Part) bool { return !p.Live })
			if name == "Read" && (len(live) != 1 || live[0].Object.Kind != "Deployment") || c.reported && len(live) > 0 {
				t.Errorf("read: %v", live)
			}
		})
	}
}
