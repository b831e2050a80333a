package gitrev

import "testing"

// TestNotPushed: commits of HEAD that no remote-tracking branch has are counted, where the clone shows what was pushed.
func TestNotPushed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		revision string
		prepare  func(t *testing.T, r repository)
		want     int
	}{
		"Pushed": {"HEAD", func(t *testing.T, r repository) {
			t.Helper()
			git(t, r.dir, "update-ref", "refs/remotes/origin/main", r.head)
		}, 0},
		"TwoAhead": {"HEAD", func(t *testing.T, r repository) {
			t.Helper()
			git(t, r.dir, "update-ref", "refs/remotes/origin/main", r.first)
		}, 2},
		"OnAnother": {"HEAD", func(t *testing.T, r repository) {
			t.Helper()
			git(t, r.dir, "update-ref", "refs/remotes/origin/review", r.head)
		}, 0},
		"NoTracking": {"HEAD", func(*testing.T, repository) {}, 0},
		"Detached": {"HEAD", func(t *testing.T, r repository) {
			t.Helper()
			git(t, r.dir, "update-ref", "refs/remotes/origin/main", r.first)
			git(t, r.dir, "checkout", "--quiet", "--detach")
		}, 0},
		"AnotherRevision": {"v1", func(t *testing.T, r repository) {
			t.Helper()
			git(t, r.dir, "update-ref", "refs/remotes/origin/main", r.fork)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			c.prepare(t, r)
			got := Resolve(t.Context(), Options{Dir: r.dir, Revision: c.revision})
			if got.Unpushed != c.want || got.Commit == "" {
				t.Errorf("got %d of %q, want %d", got.Unpushed, got.Commit, c.want)
			}
		})
	}
}
