package verify

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestBroadcast: changes of a moment are told once, after what was read before is forgotten; who has not looked yet is not waited for.
func TestBroadcast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const components = 10
		b := newBroadcaster(components)
		ctx, cancel := context.WithCancel(t.Context())
		changed, ended := make(chan struct{}, 1), make(chan struct{})
		var forgotten atomic.Int64 // a fake clock orders no read before a later write for the race detector
		go func() {
			b.run(ctx, changed, func() { forgotten.Add(1) })
			close(ended)
		}()
		for round := 1; round <= 2; round++ {
			changed <- struct{}{}
			time.Sleep(b.pause() - time.Millisecond)
			synctest.Wait()
			if got := forgotten.Load(); got != int64(round-1) {
				t.Errorf("round %d: forgotten %d times before the pause is over", round, got)
			}
			time.Sleep(time.Millisecond)
			synctest.Wait()
			if got := forgotten.Load(); got != int64(round) {
				t.Errorf("round %d: forgotten %d times", round, got)
			}
			for i, c := range b.changed {
				if i == 0 && round == 1 {
					continue // it has not looked
				}
				select {
				case <-c:
				default:
					t.Errorf("round %d: component %d was not told", round, i)
				}
			}
		}
		cancel()
		<-ended
	})
}

// TestPause: few components are judged at once; many share the processor, and are looked at no oftener than that allows.
func TestPause(t *testing.T) {
	t.Parallel()
	for components, want := range map[int][2]time.Duration{
		1:   {0, 500 * time.Millisecond},
		3:   {0, 500 * time.Millisecond},
		4:   {220 * time.Millisecond, 500 * time.Millisecond},
		100: {700 * time.Millisecond, 1400 * time.Millisecond},
	} {
		b := newBroadcaster(components)
		if got := [2]time.Duration{b.pause(), b.tick()}; got != want {
			t.Errorf("%d components: pause and tick are %v, want %v", components, got, want)
		}
	}
}
