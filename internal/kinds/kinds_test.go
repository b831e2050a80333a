package kinds

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := u.UnmarshalJSON(asJSON); err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCommit(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("0a", 20)
	for revision, want := range map[string]string{
		"main@sha1:" + id:             id,
		"refs/heads/main@sha1:" + id:  id,
		"feature/x@sha1:" + id:        id,
		"sha1:" + id:                  id,
		"main/" + id:                  id,
		"latest@sha256:" + id + id:    "",
		"1.2.3":                       "",
		"main@sha1:not-hexadecimal":   "",
		"":                            "",
		"main/" + id[:39]:             "",
		"refs/pull/1/head@sha1:" + id: id,
	} {
		if got := Commit(revision); got != want {
			t.Errorf("Commit(%q) = %q, want %q", revision, got, want)
		}
	}
}

func TestParseInventoryID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]Reference{
		"default_greeter_openchoreo.dev_Component":                     {"openchoreo.dev", "Component", "default", "greeter"},
		"default_podinfo__Service":                                     {"", "Service", "default", "podinfo"},
		"_flux-system__Namespace":                                      {"", "Namespace", "", "flux-system"},
		"_system__controller__x_rbac.authorization.k8s.io_ClusterRole": {"rbac.authorization.k8s.io", "ClusterRole", "", "system:controller:x"},
	} {
		got, ok := ParseInventoryID(id)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("ParseInventoryID(%q) (-want +got)\n%s", id, diff)
		}
	}
	for _, id := range []string{"", "x", "a_b", "a_b_c", "___"} {
		if got, ok := ParseInventoryID(id); ok {
			t.Errorf("ParseInventoryID(%q) = %+v, want a refusal", id, got)
		}
	}
}

func TestPipelineEnvironments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paths string
		want  []string
	}{
		"Straight":         {"[{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: stage}]}, {sourceEnvironmentRef: {name: stage}, targetEnvironmentRefs: [{name: prod}]}]", []string{"dev", "stage", "prod"}},
		"WrittenBackwards": {"[{sourceEnvironmentRef: {name: stage}, targetEnvironmentRefs: [{name: prod}]}, {sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: stage}]}]", []string{"dev", "stage", "prod"}},
		"Fork":             {"[{sourceEnvironmentRef: {name: dev}, targetEnvironmentRefs: [{name: eu}, {name: us}]}]", []string{"dev", "eu", "us"}},
		"Cycle":            {"[{sourceEnvironmentRef: {name: a}, targetEnvironmentRefs: [{name: b}]}, {sourceEnvironmentRef: {name: b}, targetEnvironmentRefs: [{name: a}]}]", []string{"a", "b"}},
		"None":             {"[]", nil},
	} {
		got := PipelineEnvironments(object(t, "{apiVersion: openchoreo.dev/v1alpha1, kind: DeploymentPipeline, metadata: {name: p}, spec: {promotionPaths: "+c.paths+"}}"))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if got := PipelineEnvironments(nil); got != nil {
		t.Errorf("no pipeline: %v", got)
	}
}

func TestConditionsAreReadPessimistically(t *testing.T) {
	t.Parallel()
	u := object(t, `
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: a, generation: 2}
status:
  conditions:
    - {type: Ready, status: "True", observedGeneration: 1, lastTransitionTime: "2026-11-21T04:00:00Z"}
    - {type: Odd, status: "true"}
    - broken
`)
	ready := ConditionOf(u, "Ready")
	if !ready.True() || ready.Current(u) || !ready.LastTransitionTime.Equal(time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)) {
		t.Errorf("Ready = %+v; want True, of the older generation", ready)
	}
	if odd := ConditionOf(u, "Odd"); odd.True() || odd.False() || !odd.Current(u) {
		t.Errorf("a status that is no status reads as %+v", odd)
	}
	if none := ConditionOf(u, "Absent"); none.Present() || none.True() || none.False() || none.Current(u) {
		t.Errorf("an absent condition reads as %+v", none)
	}
	if got := ConditionOf(nil, "Ready"); got.Present() {
		t.Errorf("a condition of nothing: %+v", got)
	}
}

func TestEveryKindHasAPath(t *testing.T) {
	t.Parallel()
	for groupKind, k := range table {
		if k.Plural == "" || k.Version == "" || k.Plural != strings.ToLower(k.Plural) || groupKind != k.GroupKind() {
			t.Errorf("%v: %+v", groupKind, k)
		}
	}
	if _, ok := Lookup(Core, "Secret"); ok {
		t.Error("Secrets are never read, so they have no path")
	}
}

func TestEventTime(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		`lastTimestamp: "2026-11-21T04:00:01Z"`:                                                 "2026-11-21T04:00:01Z",
		`eventTime: "2026-11-21T04:00:02Z"`:                                                     "2026-11-21T04:00:02Z",
		`series: {lastObservedTime: "2026-11-21T04:00:03Z"}, eventTime: "2026-11-21T04:00:02Z"`: "2026-11-21T04:00:03Z",
		`lastTimestamp: null`:                                                                   "0001-01-01T00:00:00Z",
	} {
		u := object(t, "{apiVersion: v1, kind: Event, metadata: {name: e}, "+fields+"}")
		if got := EventTime(u).Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", fields, got, want)
		}
	}
}
