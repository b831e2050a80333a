//go:build linux

package tuitest

import (
	"context"
	"strings"
	"testing"
	"time"
)

const (
	// patience is how long a wait may last, so that a text that never comes fails its test and not the deadline of all tests.
	patience = 3 * time.Minute
	// reserve is how long before that deadline a wait ends, so that it can report what was shown.
	reserve = 10 * time.Second
)

// Await waits until the screen shows all the words.
func (c *Console) Await(t *testing.T, words ...string) {
	t.Helper()
	c.AwaitIn(t, c.Shown, words...)
}

// AwaitIn waits until what read returns has all the words.
func (c *Console) AwaitIn(t *testing.T, read func() string, words ...string) {
	t.Helper()
	ctx, cancel := context.WithDeadline(t.Context(), bound(t))
	defer cancel()
	for {
		changed := c.nextChange()
		text := read()
		missing := firstMissing(text, words)
		if missing == "" {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("there was never %q in\n%s\nwritten: %q", missing, text, c.Written())
		}
	}
}

// AwaitExit waits until a program has ended, and returns its exit code.
func (c *Console) AwaitExit(t *testing.T, exit <-chan int) int {
	t.Helper()
	ctx, cancel := context.WithDeadline(t.Context(), bound(t))
	defer cancel()
	select {
	case code := <-exit:
		return code
	case <-ctx.Done():
		t.Fatalf("the program has not ended; the screen is\n%s", c.Shown())
	}
	return -1
}

// bound is when a wait that begins now ends without the words.
func bound(t *testing.T) time.Time {
	t.Helper()
	last := time.Now().Add(patience)
	if deadline, ok := t.Deadline(); ok && deadline.Add(-reserve).Before(last) {
		return deadline.Add(-reserve)
	}
	return last
}

func (c *Console) nextChange() chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

func firstMissing(text string, words []string) string {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return word
		}
	}
	return ""
}
