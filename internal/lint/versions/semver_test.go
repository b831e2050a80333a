package versions

import "testing"

// TestReleaseOf: a version has its own release, and a range the newest known release in it.
func TestReleaseOf(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"1.1.4": "1.1", "v1.0.0": "1.0", "=1.1.0": "1.1", "1.2.0-rc.1": "1.2", "0.16.0": "0.16", "1.3.0": "1.3",
		"1.1.x": "1.1", "1.1": "1.1", "~1.0.2": "1.0", "^1.0.0": "1.2", "1.x": "1.2", "*": "1.2", "1": "1.2",
		">=1.0.0 <1.1.0": "1.0", ">=1.0.0, <1.2.0": "1.1", "<1.1.3": "1.1", "<= 1.1": "1.1", ">1.1.0": "1.2", "1.0.0 - 1.1.5": "1.1",
		"^0.9.0 || ~1.1.0": "1.1", "!=1.2.x": "1.1", "": "", "latest": "", "main": "", "${VERSION}": "", "^2.0.0": "",
	} {
		if got := releaseOf(version); got != want {
			t.Errorf("%q: %q, want %q", version, got, want)
		}
	}
}

// TestOlderVersion: the parts of a version are numbers, and a text that is no version is never older.
func TestOlderVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"1.1", "1.2", true},
		{"1.2", "1.1", false},
		{"1.2", "1.2", false},
		{"1.9", "1.10", true},
		{"1.10", "1.9", false},
		{"0.16", "1.0", true},
		{"", "1.0", false},
		{"1.0", "", false},
		{"main", "1.0", false},
	} {
		if got := olderVersion(c.a, c.b); got != c.want {
			t.Errorf("%q older than %q: %t, want %t", c.a, c.b, got, c.want)
		}
	}
}
