package versions

import "testing"

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
