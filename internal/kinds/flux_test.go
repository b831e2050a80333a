package kinds

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		"/" + id:                      id,
		id:                            "",
		"main/" + id + "0":            "",
		"main/" + strings.ToUpper(id): "",
		"main@sha1:0123456789abcdef":  "0123456789abcdef",
		"main@sha1:":                  "",
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
		// An id without a name lacks one underscore and is rejected below; this one has a name of one letter.
		"_a__Node": {"", "Node", "", "a"},
	} {
		got, ok := ParseInventoryID(id)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("ParseInventoryID(%q) (-want +got)\n%s", id, diff)
		}
	}
	for _, id := range []string{"", "x", "a_b", "a_b_c", "___", "shop__apps_Deployment", "shop_web_apps_", "shop___Service"} {
		if got, ok := ParseInventoryID(id); ok {
			t.Errorf("ParseInventoryID(%q) = %+v, want a refusal", id, got)
		}
	}
}
