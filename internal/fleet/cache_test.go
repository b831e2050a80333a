package fleet

import (
	"context"
	"testing"
	"testing/synctest"
)

// TestACancelledAnswerIsNobodyElses checks that a caller that waits for an interrupted value computes it again.
func TestACancelledAnswerIsNobodyElses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b cache[string, string]
		first, cancel := context.WithCancel(t.Context())
		go b.get(first, "key", func() string {
			<-first.Done()
			return "interrupted"
		})
		synctest.Wait()
		answers := make(chan string, 3)
		asked := 0
		for range cap(answers) {
			go func() {
				answers <- b.get(t.Context(), "key", func() string {
					asked++
					return "found"
				})
			}()
		}
		synctest.Wait()
		cancel()
		for range cap(answers) {
			if got := <-answers; got != "found" {
				t.Errorf("got %q", got)
			}
		}
		if asked != 1 {
			t.Errorf("asked %d times, want 1", asked)
		}
	})
}
