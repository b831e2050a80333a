package changes

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func changed(kind, name string, more func(*facts.ObjectChange)) facts.ObjectChange {
	c := facts.ObjectChange{Object: facts.Ref{Plane: facts.Control, Kind: kind, Namespace: "shop", Name: name}}
	if more != nil {
		more(&c)
	}
	return c
}

// sharedFailure is a failure above all environments, after these commits.
func sharedFailure(rung trace.RungID, commits ...facts.Commit) finder {
	s := facts.New(facts.Subject{Namespace: "shop", Component: "pay"}, time.Unix(0, 0))
	s.Past.Commits = commits
	failure := &trace.Failure{Rung: rung, Finding: trace.Finding{
		Object: facts.Ref{Plane: facts.Control, Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}, Path: []facts.Ref{{Plane: facts.Control, Kind: "Project", Namespace: "shop", Name: "web"}},
	}}
	return finder{Component: &view.Component{Snapshot: s}, failure: failure}
}

// TestConcerns: of a failure above all environments, a change of the object that fails, or of one on the way to it, can be the reason.
func TestConcerns(t *testing.T) {
	t.Parallel()
	failing := changed("Kustomization", "apps", func(c *facts.ObjectChange) { c.Object.Namespace = "flux-system" })
	for name, c := range map[string]struct {
		rung   trace.RungID
		change facts.ObjectChange
		want   bool
	}{
		"Itself":       {trace.RungDelivery, failing, true},
		"OnTheWay":     {trace.RungDelivery, changed("Project", "web", nil), true},
		"OtherProject": {trace.RungDelivery, changed("Project", "other", nil), false},
		"Workload":     {trace.RungWorkload, changed("Workload", "pay", nil), true},
		"Component":    {trace.RungComponent, changed("Component", "pay", nil), true},
		"OtherRung":    {trace.RungDelivery, changed("Component", "pay", nil), false},
		"Release":      {trace.RungWorkload, changed("ComponentRelease", "pay-1", nil), false},
		"Binding":      {trace.RungWorkload, changed("ReleaseBinding", "pay-dev", nil), false},
	} {
		if got := sharedFailure(c.rung).concerns(c.change); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestSentences: two objects are named; an added release with its image goes without the binding that pins it.
func TestSentences(t *testing.T) {
	t.Parallel()
	b := sharedFailure(trace.RungDelivery)
	release := changed("ComponentRelease", "pay-2", func(c *facts.ObjectChange) { c.Added, c.Image = true, "r.example/pay:2" })
	added := changed("Workload", "pay", func(c *facts.ObjectChange) { c.Added = true })
	removed := changed("Workload", "old", func(c *facts.ObjectChange) { c.Removed = true })
	pinned := changed("ReleaseBinding", "pay-dev", func(c *facts.ObjectChange) {
		c.Fields, c.More = []facts.FieldChange{{Path: "spec.releaseName", Old: "pay-1", New: "pay-2"}}, 1
	})
	for name, c := range map[string]struct {
		changes []facts.ObjectChange
		want    []string
	}{
		"Release":  {[]facts.ObjectChange{release, pinned}, []string{"ComponentRelease pay-2 added, image pay:2"}},
		"Binding":  {[]facts.ObjectChange{pinned, added, removed}, []string{"ReleaseBinding spec.releaseName pay-1 → pay-2, 1 more", "Workload pay added"}},
		"Removed":  {[]facts.ObjectChange{removed}, []string{"Workload old removed"}},
		"NoChange": {nil, nil},
	} {
		got := b.sentences(c.changes)
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] || len(got) > 1 && got[1] != c.want[1] {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestRecent: a change counts up to an hour before the failure, and never after it.
func TestRecent(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	b := finder{began: began}
	for before, want := range map[time.Duration]bool{0: true, time.Second: true, time.Hour: true, time.Hour + time.Second: false, -time.Second: false} {
		if got := b.recent(began.Add(-before)); got != want {
			t.Errorf("%v before the failure: %v, want %v", before, got, want)
		}
	}
	if b.recent(time.Time{}) {
		t.Error("an unknown time is recent")
	}
	if got := b.change(trace.PriorChange{At: began.Add(-1500 * time.Millisecond)}); got.BeforeSeconds != 1 {
		t.Errorf("%v s before, want 1", got.BeforeSeconds)
	}
}
