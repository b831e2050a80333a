//go:build !race

package compare_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
)

// TestRecordings: a recorded component that is healthy and has not drifted has no difference on its plane.
func TestRecordings(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("../../testdata/scenarios/*")
	if err != nil || len(folders) == 0 {
		t.Fatal("no scenarios", err)
	}
	checked := 0
	for _, folder := range folders {
		exit, errExit := os.ReadFile(filepath.Join(folder, "want.exit"))
		trace, errTrace := os.ReadFile(filepath.Join(folder, "want.json"))
		if errExit != nil || errTrace != nil {
			t.Fatal(errExit, errTrace)
		}
		if strings.TrimSpace(string(exit)) != "0" || strings.Contains(string(trace), `"ResourceDrift"`) {
			continue
		}
		s := factstest.Scenario(t, filepath.Base(folder))
		v := view.New(view.DropForeignPlanes(s), s.TakenAt, engines.All())
		for _, name := range v.EnvironmentNames {
			for _, o := range compare.Live(mask.ForCredentials(true), v.EnvironmentOf(name)) {
				if o.Differs() {
					t.Errorf("%s: %s in %s differs in %v", filepath.Base(folder), o.Ref, name, drift.Paths(o.Fields))
				}
				if o.State == compare.Same {
					checked++
				}
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d objects were compared", checked)
	}
}
