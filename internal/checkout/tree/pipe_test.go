//go:build unix

package tree

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe expects that a pipe in the place of a file is neither read nor waited for.
func TestPipe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "a.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := readRegular(openRoot(t, dir), "a.yaml"); ok || err != nil {
		t.Errorf("read: %t, %v", ok, err)
	}
}
