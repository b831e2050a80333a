package references

import "testing"

func TestListed(t *testing.T) {
	t.Parallel()
	for want, names := range map[string]map[string]any{"none": {}, "http": {"http": nil}, "grpc, http, ws": {"ws": nil, "grpc": nil, "http": nil}} {
		if got := listed(names); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
