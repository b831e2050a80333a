package crash

import "testing"

// panicOf is what f panics with.
func panicOf(f func()) (cause any) {
	defer func() { cause = recover() }()
	f()
	return nil
}

// TestGuard: what is registered is restored before the panic goes on; what is registered no longer is not, and nothing without a panic.
func TestGuard(t *testing.T) {
	var restored []string
	remove := OnPanic(func() { restored = append(restored, "removed") })
	defer OnPanic(func() { restored = append(restored, "terminal") })()
	remove()
	guarded := func(cause any) func() {
		return func() {
			defer Guard()
			if cause != nil {
				panic(cause)
			}
		}
	}
	if got := panicOf(guarded(nil)); got != nil || len(restored) != 0 {
		t.Errorf("without a panic: %v, restored %q", got, restored)
	}
	if got := panicOf(guarded("index out of range")); got != "index out of range" || len(restored) != 1 || restored[0] != "terminal" {
		t.Errorf("panic %v, restored %q; want the same panic, and the terminal", got, restored)
	}
}

// TestGuardOfAStuckTerminal: a terminal that cannot be restored does not hide the panic.
func TestGuardOfAStuckTerminal(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	defer OnPanic(func() { <-stuck })()
	if got := panicOf(func() { defer Guard(); panic("lost") }); got != "lost" {
		t.Errorf("panic %v, want lost", got)
	}
}
