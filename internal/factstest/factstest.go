// Package factstest reads the recorded scenarios, for tests.
package factstest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Scenario is the snapshot of one of testdata/scenarios. The test's package lies two folders below the root.
func Scenario(tb testing.TB, name string) *facts.Snapshot {
	tb.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "scenarios", name, "snapshot.yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	s, err := facts.Read(f, name)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
