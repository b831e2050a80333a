package notfound

import "testing"

// TestFirstOf: whoever has mistyped a namespace wants to see some, not a screen full.
func TestFirstOf(t *testing.T) {
	t.Parallel()
	for want, namespaces := range map[string][]string{
		"a":                           {"a"},
		"a and in b and in c":         {"a", "b", "c"},
		"a, in b, in c and in 1 more": {"a", "b", "c", "d"},
		"a, in b, in c and in 2 more": {"a", "b", "c", "d", "e"},
	} {
		if got := firstOf(namespaces); got != want {
			t.Errorf("%v: %q, want %q", namespaces, got, want)
		}
	}
}
