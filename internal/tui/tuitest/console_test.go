//go:build linux

package tuitest

import (
	"testing"
)

// TestWaitsEnd: a text that never comes, or a program that does not end, fails its own test and not the deadline of all tests.
func TestWaitsEnd(t *testing.T) {
	t.Parallel()
	if deadline, ok := t.Deadline(); ok && bound(t).After(deadline.Add(-reserve)) {
		t.Error("a wait outlasts the tests")
	}
	c := Open(t, 80, 20)
	exit := make(chan int, 1)
	exit <- 3
	if got := c.AwaitExit(t, exit); got != 3 {
		t.Errorf("exit %d, want 3", got)
	}
}
