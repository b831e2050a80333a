package reference

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

func kindOf(group, version, kind, plural string, namespaced bool) kinds.Kind {
	return kinds.Kind{GroupVersionKind: schema.GroupVersionKind{Group: group, Version: version, Kind: kind}, Plural: plural, Namespaced: namespaced}
}

// TestApplied: group, version, plural, namespace and name come from a file, and each becomes part of a path.
func TestApplied(t *testing.T) {
	t.Parallel()
	role := kindOf("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false)
	gadget := kindOf("example.com", "v1", "Gadget", "gadgets", true)
	for _, c := range []struct {
		kind            kinds.Kind
		namespace, name string
	}{{gadget, "shop", "a.b"}, {role, "", "system:node:A_b"}, {kindOf("", "v1", "Namespace", "namespaces", false), "", "shop"}} {
		if err := Applied(c.kind, c.namespace, c.name); err != nil {
			t.Errorf("%s %s/%s: %v", c.kind.Kind, c.namespace, c.name, err)
		}
	}
	for _, s := range hostile() {
		for what, err := range map[string]error{
			"group":     Applied(kindOf(s, "v1", "Gadget", "gadgets", true), "shop", "a"),
			"version":   Applied(kindOf("example.com", s, "Gadget", "gadgets", true), "shop", "a"),
			"plural":    Applied(kindOf("example.com", "v1", "Gadget", s, true), "shop", "a"),
			"namespace": Applied(gadget, s, "a"),
			"name":      Applied(gadget, "shop", s),
		} {
			if err == nil {
				t.Errorf("%s %q: no error", what, s)
			}
		}
		if err := Applied(role, "", s); err == nil && s != "A" {
			t.Errorf("role %q: no error", s)
		}
	}
	for what, err := range map[string]error{
		"Secret":      Applied(kindOf("", "v1", "Secret", "secrets", true), "shop", "a"),
		"NoNamespace": Applied(gadget, "", "a"),
		"NoName":      Applied(gadget, "shop", ""),
		"NoVersion":   Applied(kindOf("example.com", "", "Gadget", "gadgets", true), "shop", "a"),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
