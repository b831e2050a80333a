// Package factstest reads the recorded scenarios, for tests.
package factstest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

// Scenario is the snapshot of one of testdata/scenarios, from a package two or more folders below the root.
func Scenario(tb testing.TB, name string) *facts.Snapshot {
	tb.Helper()
	dir := filepath.Join("..", "..")
	for _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil && len(dir) < 20; _, err = os.Stat(filepath.Join(dir, "go.mod")) {
		dir = filepath.Join("..", dir)
	}
	f, err := os.Open(filepath.Join(dir, "testdata", "scenarios", name, "snapshot.yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	s, err := snapshotfile.Read(f, name)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
