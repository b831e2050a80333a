package rbac

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

func TestSubject(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]rbacv1.Subject{
		"dora":                       {Kind: "User", APIGroup: rbacv1.GroupName, Name: "dora"},
		"user:oidc:dora":             {Kind: "User", APIGroup: rbacv1.GroupName, Name: "oidc:dora"},
		"oidc:dora":                  {Kind: "User", APIGroup: rbacv1.GroupName, Name: "oidc:dora"},
		"group:team/a":               {Kind: "Group", APIGroup: rbacv1.GroupName, Name: "team/a"},
		"serviceaccount:ci/deployer": {Kind: "ServiceAccount", Namespace: "ci", Name: "deployer"},
		"":                           {},
		"group:":                     {},
		"serviceaccount:deployer":    {},
		"serviceaccount:C/d":         {},
		"a\nb":                       {},
		"a%b":                        {},
	} {
		got, err := parseSubject(value)
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want.Kind != "") {
			t.Errorf("%q: %v (-want +got)\n%s", value, err, diff)
		}
	}
}

// TestKinds are those of the documents that are printed, with what they bind.
func TestKinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options options
		want    []string
	}{
		"Everywhere": {options{subject: "dora"}, []string{"ClusterRole kubectl-choreo-reader", "ClusterRoleBinding kubectl-choreo-reader:user:dora"}},
		"OnAPlane": {options{subject: "group:a/b", plane: true}, []string{
			"ClusterRole kubectl-choreo-plane-reader", "ClusterRoleBinding kubectl-choreo-plane-reader:group:a:b",
		}},
		"InANamespace": {options{subject: "dora", namespaces: []string{"payments"}}, []string{
			"ClusterRole kubectl-choreo-reader", "ClusterRole kubectl-choreo-reader-cluster", "ClusterRoleBinding kubectl-choreo-reader-cluster:user:dora",
			"RoleBinding payments/kubectl-choreo-reader:user:dora",
			"ClusterRole kubectl-choreo-reader-flux", "RoleBinding flux-system/kubectl-choreo-reader-flux:user:dora",
			"ClusterRole kubectl-choreo-reader-controllers", "RoleBinding openchoreo-control-plane/kubectl-choreo-reader-controllers:user:dora",
		}},
		"InTwoOfAPlane": {options{subject: "dora", namespaces: []string{"b", "a", "b"}, plane: true}, []string{
			"ClusterRole kubectl-choreo-plane-reader", "ClusterRole kubectl-choreo-plane-reader-cluster", "ClusterRoleBinding kubectl-choreo-plane-reader-cluster:user:dora",
			"RoleBinding a/kubectl-choreo-plane-reader:user:dora", "RoleBinding b/kubectl-choreo-plane-reader:user:dora",
		}},
	} {
		var out strings.Builder
		if err := run(&out, c.options); err != nil {
			t.Fatal(err)
		}
		var got []string
		for document := range strings.SplitSeq(out.String(), "---\n") {
			var object struct {
				Kind     string
				Metadata struct{ Namespace, Name string }
				Rules    []rbacv1.PolicyRule
			}
			if err := yaml.Unmarshal([]byte(document), &object); err != nil {
				t.Fatal(err)
			}
			got = append(got, object.Kind+" "+strings.TrimPrefix(object.Metadata.Namespace+"/"+object.Metadata.Name, "/"))
			for _, rule := range object.Rules {
				if text := strings.Join(append(rule.Verbs, rule.Resources...), " "); strings.Contains(" "+text+" ", " secrets ") || strings.Contains(text, "*") || strings.Contains(text, "create") {
					t.Errorf("%s grants too much: %v", name, rule)
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestLeastRights: with -n, no namespace gets rights on what a trace does not read there.
func TestLeastRights(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(&out, options{subject: "dora", namespaces: []string{"payments"}}); err != nil {
		t.Fatal(err)
	}
	granted := map[string][]string{}
	for document := range strings.SplitSeq(out.String(), "---\n") {
		var role rbacv1.ClusterRole
		if err := yaml.Unmarshal([]byte(document), &role); err != nil {
			t.Fatal(err)
		}
		for _, rule := range role.Rules {
			for _, resource := range rule.Resources {
				granted[role.Name] = append(granted[role.Name], strings.Join(rule.Verbs, ",")+" "+resource)
			}
		}
	}
	if diff := cmp.Diff([]string{"get leases", "get deployments"}, granted["kubectl-choreo-reader-controllers"]); diff != "" {
		t.Errorf("the controllers of OpenChoreo (-want +got)\n%s", diff)
	}
	for role, tooMuch := range map[string][]string{
		"kubectl-choreo-reader":         {"get leases", "get deployments", "get nodes", "get namespaces", "get,list clusterdataplanes"},
		"kubectl-choreo-reader-flux":    {"get,list components", "list pods", "get pods/log", "list deployments"},
		"kubectl-choreo-reader-cluster": {"get,list components", "list pods", "get leases"},
	} {
		for _, right := range tooMuch {
			if slices.Contains(granted[role], right) {
				t.Errorf("%s grants %s", role, right)
			}
		}
	}
	for role, needed := range map[string][]string{
		"kubectl-choreo-reader":         {"get,list components", "get,list kustomizations", "list pods", "get pods/log", "list events"},
		"kubectl-choreo-reader-flux":    {"get,list kustomizations", "get gitrepositories", "get helmreleases", "list events", "get leases", "get deployments"},
		"kubectl-choreo-reader-cluster": {"get,list clusterdataplanes", "get nodes", "get namespaces"},
	} {
		for _, right := range needed {
			if !slices.Contains(granted[role], right) {
				t.Errorf("%s does not grant %s", role, right)
			}
		}
	}
}

func TestInvalidNamespace(t *testing.T) {
	t.Parallel()
	for _, namespace := range []string{"", "A", "../x"} {
		if err := run(&strings.Builder{}, options{subject: "dora", namespaces: []string{namespace}}); err == nil {
			t.Errorf("%q is accepted", namespace)
		}
	}
}
