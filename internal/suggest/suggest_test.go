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
