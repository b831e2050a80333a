package kinds

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// TestReadRules: the rules are those of the documented ClusterRole, each half where a comment says that it is, and no kind is unknown.
func TestReadRules(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/clusterrole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	control, plane, found := strings.Cut(string(text), "  # On the data plane, which may be the same cluster.\n")
	if !found {
		t.Fatal("no comment marks the rules for the data plane")
	}
	for onDataPlane, half := range map[bool]string{false: control, true: "rules:\n" + plane} {
		var role struct {
			Rules []struct{ APIGroups, Resources, Verbs []string }
		}
		if err := yaml.Unmarshal([]byte(half), &role); err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, r := range role.Rules {
			want = append(want, rights(r.APIGroups[0], r.Resources, r.Verbs)...)
		}
		for _, r := range ReadRules() {
			if r.OnDataPlane == onDataPlane {
				got = append(got, rights(r.Group, r.Resources, r.Verbs)...)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("on a data plane %t: docs/clusterrole.yaml and ReadRules differ (-docs +rules)\n%s", onDataPlane, diff)
		}
	}
}

func rights(group string, resources, verbs []string) []string {
	var all []string
	for _, resource := range resources {
		for _, verb := range verbs {
			all = append(all, fmt.Sprintf("%s %s.%s", verb, resource, group))
		}
	}
	return all
}

func TestReadRulesNameKnownKinds(t *testing.T) {
	t.Parallel()
	for _, rule := range ReadRules() {
		for _, resource := range rule.Resources {
			name, _, _ := strings.Cut(resource, "/")
			if !slices.ContainsFunc(ByResource(name), func(k Kind) bool { return k.Group == rule.Group }) {
				t.Errorf("%s.%s is no kind of the table", resource, rule.Group)
			}
		}
	}
}
