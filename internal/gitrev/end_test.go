//go:build unix

package gitrev

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestGitEndsWithItsContext: a git whose child holds the output open is not waited for. The child ends only after git's output was read.
func TestGitEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "git"), fmt.Appendf(nil, "#!/bin/sh\ncat %q\n", fifo), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	returned := make(chan error)
	go func() {
		_, err := clone{ctx: ctx, dir: dir}.raw("config")
		returned <- err
	}()
	child, err := os.OpenFile(fifo, os.O_WRONLY, 0) // returns when the child reads
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = child.Close() }()
	cancel()
	if err := <-returned; err == nil {
		t.Error("a git that was killed has no error")
	}
}
