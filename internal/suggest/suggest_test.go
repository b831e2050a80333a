package suggest

import (
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"greeter", "greeter", 0}, {"greter", "greeter", 1}, {"greeter", "greater", 1}, {"abc", "", 3}, {"ab", "ba", 2}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"greeter-client", "greeter-service", "session-store", "StaleNotFound", "KustomizationStalled"}
	for typed, want := range map[string]string{
		"greter-service": "greeter-service", "greeter": "greeter-client greeter-service", "stale": "StaleNotFound", "STALEN": "StaleNotFound",
		"store": "session-store", "service": "greeter-service", "gr": "", "s": "", "": "", "cache": "", "greeter-service-v2": "greeter-service",
	} {
		if got := strings.Join(Nearest(names, typed), " "); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", typed, got, want)
		}
	}
}

func TestOneEdit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"staging", "staging", true},
		{"staging", "stagin", true},
		{"staging", "taging", true},
		{"staging", "stagging", true},
		{"staging", "stoging", true},
		{"staging", "satging", true},
		{"staging", "stagign", true},
		{"ab", "ba", true},
		{"a", "", true},
		{"a", "b", true},
		{"ab", "bc", false},
		{"ab", "cd", false},
		{"ab", "ca", false},
		{"ab", "", false},
		{"staging", "stagi", false},
		{"staging", "sogging", false},
		{"staging", "stngiag", false},
		{"production", "staging", false},
	} {
		if got, back := OneEdit(c.a, c.b), OneEdit(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%s and %s: %v, back %v, want %v", c.a, c.b, got, back, c.want)
		}
	}
}
