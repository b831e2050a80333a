package result

import "testing"

func TestDeniedUser(t *testing.T) {
	t.Parallel()
	const rest = ` cannot list resource "kustomizations" in API group "kustomize.toolkit.fluxcd.io" at the cluster scope`
	for message, want := range map[string]string{
		`kustomizations.kustomize.toolkit.fluxcd.io is forbidden: User "dora"` + rest:                              "dora",
		`pods "x" is forbidden: User "dora" cannot get resource "pods" in API group "" in the namespace "cell"`:    "dora",
		`x is forbidden: User "system:serviceaccount:ci:deployer"` + rest:                                          "serviceaccount:ci/deployer",
		`x is forbidden: User "oidc:dora"` + rest:                                                                  "user:oidc:dora",
		`User "dora" cannot delete resource "pods" in API group "" in the namespace "cell"`:                        "",
		`pods is forbidden: User "dora" cannot list resource "pods" in API group "" in the namespace "x; touch y"`: "",
		"access denied": "",
		"":              "",
	} {
		if got := DeniedUser(message); got != want {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}
