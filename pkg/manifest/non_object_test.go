package manifest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNonObjectForms: a document that lacks one field has the form of an object, and the place of the fault is as near as possible.
func TestNonObjectForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"NoKind":             {"apiVersion: v1\nmetadata:\n  name: a\ndata: {}\n", "1 kind"},
		"EmptyKind":          {"apiVersion: v1\nkind:\nmetadata: {name: a}\nspec: {}\n", "1 kind"},
		"MisspeltKind":       {"apiVersion: v1\nknid: ConfigMap\nmetadata: {name: a}\ndata: {}\n", "2 kind knid"},
		"KindInOtherCase":    {"apiVersion: v1\nKind: Namespace\nmetadata: {name: a}\n", "2 kind Kind"},
		"BareNoKind":         {"apiVersion: v1\nmetadata: {name: a}\n", "1 kind"},
		"GenerateName":       {"apiVersion: batch/v1\nmetadata: {generateName: a-}\nspec: {}\n", "1 kind"},
		"NoAPIVersion":       {"kind: Service\nmetadata: {name: a, namespace: n}\nspec: {}\n", "1 apiVersion namespaced"},
		"MisspeltAPIVersion": {"apiVerson: v1\nkind: Service\nmetadata: {name: a}\nspec: {}\n", "1 apiVersion apiVerson"},
		"NumberAsAPIVersion": {"apiVersion: 1\nkind: Service\nmetadata: {name: a}\nspec: {}\n", "1 apiVersion"},
		"NoMetadata":         {"apiVersion: v1\nkind: Service\nspec: {}\n", "1 metadata.name"},
		"NoName":             {"apiVersion: v1\nkind: Service\nmetadata:\n  namespace: n\nspec: {}\n", "3 metadata.name namespaced"},
		"EmptyName":          {"apiVersion: v1\nkind: Service\nmetadata:\n  name: \"\"\n", "3 metadata.name"},
		"NumberAsName":       {"apiVersion: v1\nkind: Service\nmetadata: {name: 1}\n", "3 metadata.name"},
		"MisspeltName":       {"apiVersion: v1\nkind: Service\nmetadata:\n  labels: {a: b}\n  nmae: a\n", "5 metadata.name nmae"},
		"MisspeltMetadata":   {"apiVersion: v1\nkind: Service\nmetdata:\n  name: a\n", "3 metadata.name metdata"},
		"OtherThanMetadata":  {"apiVersion: v1\nkind: Service\nmetadat:\n  a: b\n", "1 metadata.name"},
		"NotIndented":        {"apiVersion: v1\nkind: Service\nmetadata:\nname: a\n", "4 metadata.name name"},
		"ConfigurationName":  {"apiVersion: v1alpha1\nkind: VolumeConfig\nname: a\n", "1 metadata.name"},
		"WorkloadDescriptor": {"apiVersion: openchoreo.dev/v1alpha1\nmetadata: {name: a}\nendpoints: []\n", "1 -"},
		"Score":              {"apiVersion: score.dev/v1b1\nmetadata: {name: a}\ncontainers: {}\n", "1 -"},
		"Teleport":           {"kind: role\nversion: v7\nmetadata: {name: a}\nspec: {}\n", "1 -"},
		"TwoMissing":         {"kind: Service\nspec: {}\n", "1 -"},
		"Values":             {"replicas: 1\n", "1 -"},
		"List":               {"- kind: Service\n", "1 -"},
		"ListOfUnnamed":      {"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Service}]\n", "1 -"},
		"MergeKey":           {"<<: &a {kind: Service}\napiVersion: v1\nmetadata: {name: a}\nspec: {}\n", "1 -"},
	} {
		file, err := Parse("a.yaml", []byte(c.text))
		if err != nil || len(file.NonObjects) != 1 || len(file.Documents) != 0 {
			t.Errorf("%s: %d non-objects, %d documents, %v", name, len(file.NonObjects), len(file.Documents), err)
			continue
		}
		s := file.NonObjects[0]
		got := fmt.Sprint(s.Line, " ")
		if s.Missing == "" {
			got += "-"
		}
		got += s.Missing
		if s.Near != "" {
			got += " " + s.Near
		}
		if s.Namespaced && s.Missing != "" {
			got += " namespaced"
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
