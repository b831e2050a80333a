package index_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

// TestEntries: the entries of a container are those of its Workload and of the overrides of a binding. A release is a copy, whose
// origin has them.
func TestEntries(t *testing.T) {
	t.Parallel()
	w := indexed(t, linttest.Binding("b", "development", "container: {env: [{key: NONE}]}, workloadOverrides: {container: {env: [{key: LEVEL, value: debug}], files: [{key: a.txt, mountPath: /a}]}}")+
		linttest.OwnedWorkload("w", "front", "env: [{key: NONE}], container: {image: i, files: [{key: b.txt, value: v}], env: [{key: ONE, value: '1'}, {value: '2'}, {key: TWO}]}")+
		linttest.OwnedWorkload("empty", "front", "container: {image: i}")+
		linttest.Choreo("ComponentRelease", "r", "container: {env: [{key: NONE}]}, workload: {container: {env: [{key: COPY}]}}"))
	type entry struct{ Object, Path, Key, Value string }
	var got []entry
	for _, e := range w.Entries() {
		value, _ := e.Fields["value"].(string)
		got = append(got, entry{e.Object.Ref.Name, e.Path, e.Key, value})
	}
	want := []entry{
		{"w", "spec.container.env[0]", "ONE", "1"},
		{"w", "spec.container.env[1]", "", "2"},
		{"w", "spec.container.env[2]", "TWO", ""},
		{"w", "spec.container.files[0]", "b.txt", "v"},
		{"b", "spec.workloadOverrides.container.env[0]", "LEVEL", "debug"},
		{"b", "spec.workloadOverrides.container.files[0]", "a.txt", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
