package kinds

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// TestReleased: a release holds what the Workload says, without the owner and without what is empty.
func TestReleased(t *testing.T) {
	t.Parallel()
	parse := func(text string) *unstructured.Unstructured {
		u := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
			t.Fatal(err)
		}
		return u
	}
	workload := parse("spec: {owner: {projectName: p}, container: {image: i, args: [], env: [{key: A, value: \"\"}]}}")
	for name, c := range map[string]struct {
		release string
		want    bool
	}{
		"Same":           {"spec: {workload: {container: {image: i, env: [{key: A}]}}}", true},
		"OtherImage":     {"spec: {workload: {container: {image: j, env: [{key: A}]}}}", false},
		"WithoutAnEntry": {"spec: {workload: {container: {image: i}}}", false},
		"OtherValue":     {"spec: {workload: {container: {image: i, env: [{key: A, value: x}]}}}", false},
		"Nothing":        {"spec: {}", false},
	} {
		if got := Released(workload, parse(c.release)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if Released(nil, workload) || Released(workload, nil) {
		t.Error("nothing is released")
	}
}

func TestOlderRelease(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"front-20261121-2", "front-20261121-10", true},
		{"front-20261121-10", "front-20261121-2", false},
		{"front-20261130-1", "front-20261201-1", true},
		{"front-20261121-1", "front-20261121-1", false},
		{"front-a", "front-b", true},
	} {
		if got := OlderRelease(c.a, c.b); got != c.want {
			t.Errorf("%s older than %s: %v", c.a, c.b, got)
		}
	}
}
