package kube

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestPauseBeforeARetry checks on a fake clock that a failing API server gets time before the next request, and that clients do not all
// come back at once. Other responses are not requested again.
func TestPauseBeforeARetry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code   int
		paused bool
	}{
		"InternalError": {500, true}, "BadGateway": {502, true}, "Restarting": {503, true},
		"GatewayTimeout": {504, false}, "Forbidden": {403, false}, "Expired": {410, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pauses := map[time.Duration]bool{}
				for range 5 {
					begin := time.Now()
					var sent []time.Duration
					s, _ := inMemory(t, func(w http.ResponseWriter, _ *http.Request, nth int) {
						sent = append(sent, time.Since(begin))
						if nth > 1 {
							body(w, 200, greeter)
							return
						}
						body(w, c.code, status(c.code, "", "starting", "{}"))
					})
					found := s.Get(t.Context(), component("greeter")).Outcome == facts.Found
					if found != c.paused || !c.paused && len(sent) != 1 {
						t.Fatalf("requests after %v, found: %t", sent, found)
					}
					if !c.paused {
						continue
					}
					if len(sent) != 2 || sent[0] != 0 || sent[1] < 200*time.Millisecond || sent[1] > 400*time.Millisecond {
						t.Fatalf("requests after %v, want the second between 200ms and 400ms", sent)
					}
					pauses[sent[1]] = true
				}
				if c.paused && len(pauses) < 2 {
					t.Errorf("five clients paused equally long: %v", pauses)
				}
			})
		})
	}
}

// TestAPauseEndsWithItsContext checks that a read which is interrupted while it pauses ends at once, with the API server's error.
func TestAPauseEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, a := inMemory(t, func(w http.ResponseWriter, _ *http.Request, _ int) { body(w, 503, status(503, "", "starting", "{}")) })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		begin := time.Now()
		o := s.Get(ctx, component("greeter"))
		if took := time.Since(begin); took != time.Millisecond || len(a.asked()) != 1 || !strings.Contains(o.Reason, "starting") {
			t.Errorf("%d requests in %s: %s %q", len(a.asked()), took, o.Outcome, o.Reason)
		}
	})
}
