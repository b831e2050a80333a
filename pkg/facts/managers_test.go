package facts

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func managed(t *testing.T, entries string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte("{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {b: c}, managedFields: ["+entries+"]}}"), &u.Object); err != nil {
		t.Fatal(err)
	}
	return u
}

// TestSpecManagers expects the manager of each field only if several managers set the spec, directly or by scaling. Managers of
// the status do not count.
func TestSpecManagers(t *testing.T) {
	t.Parallel()
	const flux = "{manager: flux, fieldsV1: {'f:metadata': {'f:labels': {}}, 'f:spec': {'f:b': {}, 'f:a': {'.': {}, 'f:deep': {}}, 'f:list': {'k:{\"name\":\"x\"}': {'f:image': {}}}}}}"
	for name, c := range map[string]struct {
		entries string
		want    map[string][]string
	}{
		"None":     {"", map[string][]string{}},
		"One":      {flux, map[string][]string{}},
		"OneTwice": {flux + ", {manager: flux, fieldsV1: {'f:spec': {'f:c': {}}}}", map[string][]string{}},
		"Two": {
			flux + ", {manager: kubectl, fieldsV1: {'f:spec': {'f:a': {'f:deep': {}}, 'f:c': {}}}}",
			map[string][]string{"flux": {"spec.a.deep", "spec.b", "spec.list"}, "kubectl": {"spec.a.deep", "spec.c"}},
		},
		"Scaled":      {flux + ", {manager: hpa, subresource: scale, fieldsV1: {'f:spec': {'f:replicas': {}}}}", map[string][]string{"flux": {"spec.a.deep", "spec.b", "spec.list"}, "hpa": {"spec.replicas"}}},
		"OnlyStatus":  {flux + ", {manager: controller, subresource: status, fieldsV1: {'f:spec': {'f:c': {}}}}", map[string][]string{}},
		"NoSpec":      {flux + ", {manager: labeller, fieldsV1: {'f:metadata': {}}}", map[string][]string{}},
		"Odd":         {flux + ", text, {manager: 7, fieldsV1: []}, {}", map[string][]string{}},
		"SameTwice":   {"{manager: a, fieldsV1: {'f:spec': {'f:c': {}}}}, {manager: a, fieldsV1: {'f:spec': {'f:c': {}}}}, {manager: b, fieldsV1: {'f:spec': {'f:d': {}}}}", map[string][]string{"a": {"spec.c"}, "b": {"spec.d"}}},
		"WholeOfSpec": {"{manager: a, fieldsV1: {'f:spec': {}}}, {manager: b, fieldsV1: {'f:spec': {'f:d': {}}}}", map[string][]string{}},
	} {
		u := managed(t, c.entries)
		Clean(u)
		if diff := cmp.Diff(c.want, SpecManagers(u)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if u.GetAnnotations()["b"] != "c" || len(u.GetManagedFields()) > 0 {
			t.Errorf("%s: %v", name, u.Object)
		}
	}
	if got := SpecManagers(nil); got == nil || len(got) > 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestManyManagedFields expects the first dozen fields of a manager, which are enough to recognize its purpose.
func TestManyManagedFields(t *testing.T) {
	t.Parallel()
	many := ""
	for i := range 20 {
		many += fmt.Sprintf("'f:field%02d': {}, ", i)
	}
	u := managed(t, "{manager: a, fieldsV1: {'f:spec': {"+many+"}}}, {manager: b, fieldsV1: {'f:spec': {'f:d': {}}}}")
	Clean(u)
	got := SpecManagers(u)["a"]
	if len(got) != 12 || got[0] != "spec.field00" || got[11] != "spec.field11" {
		t.Errorf("%v", got)
	}
	if !SetsSpec(u, "spec.field03", "a") || SetsSpec(u, "spec.field03", "b") || SetsSpec(u, "spec.gone", "a") || SetsSpec(nil, "spec.d", "b") {
		t.Error("who set a field is told by its manager's list")
	}
}

// TestFieldManagers expects each name once, also for managers without a field of the spec; without managedFields the managers
// are unknown.
func TestFieldManagers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		entries string
		want    []string
		known   bool
	}{
		"None":    {"", nil, false},
		"NoName":  {"{operation: Apply}", nil, false},
		"Several": {"{manager: kubectl}, {manager: flux, subresource: status}, {manager: kubectl, operation: Update}", []string{"flux", "kubectl"}, true},
	} {
		u := managed(t, c.entries)
		KeepFieldManagers(u)
		Clean(u)
		got, known := FieldManagers(u)
		if known != c.known || known && !cmp.Equal(c.want, got) {
			t.Errorf("%s: %v, %v; want %v", name, got, known, c.want)
		}
		if u.GetAnnotations()["b"] != "c" {
			t.Errorf("%s: %v", name, u.GetAnnotations())
		}
	}
	if _, known := FieldManagers(nil); known {
		t.Error("of nothing nothing is known")
	}
	bare := &unstructured.Unstructured{Object: map[string]any{}}
	bare.SetManagedFields(managed(t, "{manager: a}").GetManagedFields())
	KeepFieldManagers(bare)
	if got, known := FieldManagers(bare); !known || len(got) != 1 || got[0] != "a" {
		t.Errorf("without annotations before: %v, %v", got, known)
	}
}

// TestSpecSetAt expects the newest time at which a manager set the spec, and none where no time, or no time of a spec, is known.
func TestSpecSetAt(t *testing.T) {
	t.Parallel()
	u := managed(t, `{manager: a, time: "2026-11-21T11:00:00Z", fieldsV1: {'f:spec': {'f:c': {}}}}, {manager: a, time: "2026-11-21T12:00:00Z", subresource: scale, fieldsV1: {'f:spec': {'f:replicas': {}}}},`+
		` {manager: a, time: "2026-11-21T13:00:00Z", fieldsV1: {'f:metadata': {}}}, {manager: b, fieldsV1: {'f:spec': {'f:d': {}}}}, {manager: c, time: yesterday, fieldsV1: {'f:spec': {'f:e': {}}}}`)
	Clean(u)
	if got, want := SpecSetAt(u, "a"), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
	for _, manager := range []string{"b", "c", "none"} {
		if got := SpecSetAt(u, manager); !got.IsZero() {
			t.Errorf("%s: %s, want none", manager, got)
		}
	}
	if got := SpecSetAt(nil, "a"); !got.IsZero() {
		t.Errorf("of nothing: %s", got)
	}
}

// TestSpecSetBy: the newest time counts, also that of the only manager, and not that of one that sets the status or labels.
func TestSpecSetBy(t *testing.T) {
	t.Parallel()
	entry := func(manager, at, fields string) string {
		return "{manager: " + manager + ", time: '" + at + "', fieldsV1: {" + fields + "}}"
	}
	const early, late = "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"
	for name, c := range map[string]struct{ entries, manager, at string }{
		"One":    {entry("flux", early, "'f:spec': {'f:a': {}}"), "flux", early},
		"Newest": {entry("kubectl", late, "'f:spec': {'f:a': {}}") + "," + entry("flux", early, "'f:spec': {'f:b': {}}"), "kubectl", late},
		"Labels": {entry("flux", early, "'f:spec': {'f:a': {}}") + "," + entry("labeller", late, "'f:metadata': {'f:labels': {}}"), "flux", early},
		"None":   {entry("labeller", late, "'f:metadata': {'f:labels': {}}"), "", ""},
		"Odd":    {entry("flux", "yesterday", "'f:spec': {'f:a': {}}"), "", ""},
	} {
		u := managed(t, c.entries)
		Clean(u)
		manager, at := SpecSetBy(u)
		if want, _ := time.Parse(time.RFC3339, c.at); manager != c.manager || !at.Equal(want) {
			t.Errorf("%s: %q at %s, want %q at %s", name, manager, at, c.manager, c.at)
		}
	}
}
