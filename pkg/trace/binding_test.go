package trace

import (
	"slices"
	"testing"
	"time"
)

// TestConflictOfTheBinding: OpenChoreo tries again at once where somebody else wrote the RenderedRelease before it; only what stays
// is a failure.
func TestConflictOfTheBinding(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]State{5 * time.Second: Progressing, 3 * time.Minute: Failed} {
		w := healthyWorld(t)
		w.condition(w.one("ReleaseBinding", "-development"), age, "ReleaseSynced", "False", "ReleaseUpdateFailed",
			`Failed to reconcile dataplane Release: Operation cannot be fulfilled on renderedreleases.openchoreo.dev "greeter-service-development": `+
				"the object has been modified; please apply your changes to the latest version and try again")
		var got State
		for _, e := range Assess(w.Snapshot, w.TakenAt).Environments {
			if i := slices.IndexFunc(e.Rungs, func(r Rung) bool { return r.ID == RungBinding }); e.Name == "development" {
				got = e.Rungs[i].State
			}
		}
		if got != want {
			t.Errorf("after %s: %s, want %s", age, got, want)
		}
	}
}
