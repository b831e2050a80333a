package verify

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestPlace: only a path from the root of the repository is one that a reader finds.
func TestPlace(t *testing.T) {
	t.Parallel()
	const fromRoot = "failed to decode Kubernetes YAML from /tmp/kustomization-1/apps/a.yaml: MalformedYAMLError: yaml: line 13: no"
	for name, c := range map[string]struct {
		message  string
		evidence []trace.Evidence
		file     string
		line     int
	}{
		"Nothing":        {"it failed at line 3", nil, "", 0},
		"OfTheClone":     {"yaml: line 13: no", []trace.Evidence{{Path: "git apps/b.yaml", Value: "x"}}, "apps/b.yaml", 13},
		"CloneBeatsWord": {fromRoot, []trace.Evidence{{Value: fromRoot}, {Path: "git apps/b.yaml"}}, "apps/b.yaml", 13},
		"OfTheApplier":   {fromRoot, []trace.Evidence{{Value: fromRoot}}, "apps/a.yaml", 13},
		"OfTheFolder":    {"line 1: no", []trace.Evidence{{Value: "accumulating resources from 'a.yaml': no such file in File: a.yaml"}}, "", 0},
		"NoLine":         {"it failed", []trace.Evidence{{Value: fromRoot}}, "apps/a.yaml", 0},
	} {
		r := Reason{Failure: trace.Failure{Finding: trace.Finding{Message: c.message, Evidence: c.evidence}}}
		if file, line := r.Place(); file != c.file || line != c.line {
			t.Errorf("%s: %s:%d, want %s:%d", name, file, line, c.file, c.line)
		}
	}
}
