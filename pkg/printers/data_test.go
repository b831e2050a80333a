package printers

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

// TestFields retypes the contract: a field that comes or goes is a change of the version.
func TestFields(t *testing.T) {
	t.Parallel()
	var got map[string]any
	if err := json.Unmarshal([]byte(print(t, "json", Options{}, printerstest.FailedPull())), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"apiVersion", "current", "environments", "environments[].current", "environments[].endpoints", "environments[].failing",
		"environments[].failing.code", "environments[].failing.environment", "environments[].failing.evidence",
		"environments[].failing.evidence[].path", "environments[].failing.evidence[].value", "environments[].failing.hint",
		"environments[].failing.message", "environments[].failing.next", "environments[].failing.nextSteps", "environments[].failing.nextSteps[].command",
		"environments[].failing.nextSteps[].plane", "environments[].failing.nextSteps[].role", "environments[].failing.object",
		"environments[].failing.object.group", "environments[].failing.object.kind", "environments[].failing.object.name",
		"environments[].failing.object.namespace", "environments[].failing.object.plane", "environments[].failing.path",
		"environments[].failing.path[].group", "environments[].failing.path[].kind", "environments[].failing.path[].name",
		"environments[].failing.path[].namespace", "environments[].failing.path[].plane", "environments[].failing.rung",
		"environments[].failing.severity", "environments[].failing.since", "environments[].name", "environments[].release",
		"environments[].rungs", "environments[].verdict", "failing", "kind", "rungs", "rungs[].current", "rungs[].findings",
		"rungs[].id", "rungs[].object", "rungs[].revision", "rungs[].since", "rungs[].state", "rungs[].summary",
		"subject", "subject.component", "subject.namespace", "subject.project", "takenAt", "verdict", "wanted", "wanted.from", "wanted.revision",
	}
	var have []string
	for _, f := range fields("", got) {
		deep := strings.HasPrefix(f, "failing.") || strings.HasPrefix(f, "environments[].rungs[]") || strings.HasPrefix(f, "rungs[].findings[]") || strings.HasPrefix(f, "rungs[].object.")
		if !deep && !slices.Contains(have, f) {
			have = append(have, f)
		}
	}
	slices.Sort(have)
	slices.Sort(want)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got["apiVersion"] != "kubectl-choreo.dev/v1alpha1" || got["kind"] != "Trace" || got["verdict"] != "Failed" || got["current"] != true {
		t.Errorf("%v %v %v %v", got["apiVersion"], got["kind"], got["verdict"], got["current"])
	}
}

func fields(prefix string, v any) []string {
	var all []string
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			all = append(all, prefix+k)
			all = append(all, fields(prefix+k+".", inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, fields(strings.TrimSuffix(prefix, ".")+"[].", inner)...)
		}
	}
	return all
}

func TestYAMLSaysWhatJSONSays(t *testing.T) {
	t.Parallel()
	fromYAML, err := yaml.YAMLToJSON([]byte(print(t, "yaml", Options{}, printerstest.FailedPull())))
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := json.Unmarshal(fromYAML, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(print(t, "json", Options{}, printerstest.FailedPull())), &b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Errorf("(-json +yaml)\n%s", diff)
	}
}
