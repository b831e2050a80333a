package certificates

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestIssuerFix: the field is that of the issuer's type.
func TestIssuerFix(t *testing.T) {
	t.Parallel()
	const absent = `secret "ghost" not found`
	for name, c := range map[string]struct{ kind, namespace, message, want string }{
		"CAWithoutSecret":    {"ca", "shop", absent, "Secret shop/ghost does not exist: create it, or correct spec.ca.secretName of the issuer"},
		"VaultWithoutSecret": {"vault", "shop", `secrets "ghost" not found`, "Secret shop/ghost does not exist: create it, or correct spec.vault.auth of the issuer"},
		"ClusterIssuer":      {"ca", "", absent, "Secret ghost does not exist in the namespace of cert-manager: create it, or correct spec.ca.secretName of the issuer"},
		"CA":                 {"ca", "shop", "certificate is not a CA", "correct what the message names in spec.ca.secretName of the issuer"},
		"Venafi":             {"venafi", "shop", "no zone", "correct what the message names in the spec of the issuer, such as spec.venafi, or make it reachable for cert-manager"},
		"ACMEOfItsOwnHost": {
			"acme", "shop", "dial tcp 127.0.0.1:14000: connect: connection refused",
			"correct spec.acme.server of the issuer: this address is that of cert-manager's own pod",
		},
		"UnknownType": {"other", "shop", absent, "Secret shop/ghost does not exist: create it, or correct the spec of the issuer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{c.kind: map[string]any{"x": "y"}}}}
			issuer := facts.Object{Ref: facts.Ref{Kind: "Issuer", Namespace: c.namespace, Name: "i"}, Outcome: facts.Found, Body: body}
			if got := issuerFix(issuer, c.message); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
