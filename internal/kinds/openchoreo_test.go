package kinds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// TestReleased expects that a release contains the content of the Workload, ignoring the owner and empty values.
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
		"Same":            {"spec: {workload: {container: {image: i, env: [{key: A}]}}}", true},
		"OtherImage":      {"spec: {workload: {container: {image: j, env: [{key: A}]}}}", false},
		"WithoutAnEntry":  {"spec: {workload: {container: {image: i}}}", false},
		"OtherValue":      {"spec: {workload: {container: {image: i, env: [{key: A, value: x}]}}}", false},
		"WithAnEmptyList": {"spec: {workload: {container: {image: i, args: [], command: [], env: [{key: A}]}, endpoints: {}}}", true},
		"WithAnArgument":  {"spec: {workload: {container: {image: i, args: [x], env: [{key: A}]}}}", false},
		"WithZero":        {"spec: {workload: {container: {image: i, env: [{key: A}]}, endpoints: {http: {port: 0}}}}", false},
		"Nothing":         {"spec: {}", false},
	} {
		if got := Released(workload, parse(c.release)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if _, kept := Fields(workload.Object, "spec")["owner"]; !kept {
		t.Error("the Workload has lost its owner")
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
		{"front-a", "front-a", false},
		{"front-20261121-10", "front-b", true},
		{"front-b", "front-20261121-10", false},
	} {
		if got := OlderRelease(c.a, c.b); got != c.want {
			t.Errorf("%s older than %s: %v", c.a, c.b, got)
		}
	}
}

func TestRunsPods(t *testing.T) {
	t.Parallel()
	for kind, want := range map[schema.GroupKind]bool{
		{Group: Apps, Kind: "Deployment"}:    true,
		{Group: Apps, Kind: "ReplicaSet"}:    true,
		{Group: Batch, Kind: "CronJob"}:      true,
		{Group: ArgoCD, Kind: "Rollout"}:     true,
		{Group: ArgoCD, Kind: "Application"}: false,
		{Group: Core, Kind: "Service"}:       false,
		{Group: Core, Kind: "Rollout"}:       false,
	} {
		if got := RunsPods(kind); got != want {
			t.Errorf("%v: %v, want %v", kind, got, want)
		}
	}
}

func TestNamedSecretReferences(t *testing.T) {
	t.Parallel()
	for message, want := range map[string][]string{
		`failed to get SecretReference "db": SecretReference.openchoreo.dev "db" not found`: {"db"},
		`SecretReference "db" not found; SecretReference "mail" not found`:                  {"db", "mail"},
		`Secret "db" not found`: nil,
		`SecretReference ""`:    nil,
	} {
		if diff := cmp.Diff(want, NamedSecretReferences(message)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", message, diff)
		}
	}
}
