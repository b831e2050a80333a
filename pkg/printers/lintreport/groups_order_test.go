package lintreport

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
)

// TestWorstFirst: an unknown severity counts as an error; of one severity, the larger group comes first, and equals keep their order.
func TestWorstFirst(t *testing.T) {
	t.Parallel()
	of := func(severity, code string, size int) group {
		g := make(group, size)
		for i := range g {
			g[i] = ci.Annotation{Severity: severity, Code: code}
		}
		return g
	}
	all := []group{of("info", "i", 9), of("warning", "w", 1), of("error", "e1", 1), of("error", "e2", 2), of("fatal", "f", 1), of("warning", "w2", 1)}
	var got []string
	for _, g := range worstFirst(all) {
		got = append(got, g[0].Code)
	}
	if diff := cmp.Diff([]string{"e2", "e1", "f", "w", "w2", "i"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if all[0][0].Code != "i" {
		t.Error("the argument was sorted")
	}
}
