package iostreams

import "sync"

// Terminal restores the terminal if a command does not do so itself: because it panics, or because the program ends before the
// command returns. A nil Terminal does nothing.
type Terminal struct {
	mu      sync.Mutex
	restore []func()
}

// OnRestore registers what restores the terminal. It is also called after the terminal was restored.
func (t *Terminal) OnRestore(restore func()) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.restore = append(t.restore, restore)
}

// Restore restores the terminal, and returns after that.
func (t *Terminal) Restore() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, restore := range t.restore {
		restore()
	}
}
