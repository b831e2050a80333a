package certificates

import (
	"cmp"
	"fmt"
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

var (
	// ownHost: a program that connects to this address reaches its own host.
	ownHost = regexp.MustCompile(`dial tcp (?:127\.[0-9.]+|\[::1\]):[0-9]+: connect: connection refused`)
	// lacksSecret is how the API server reports a Secret that an issuer refers to.
	lacksSecret = regexp.MustCompile(`\b(?:secret|secrets) "([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)" not found`)
)

// issuerFields are the fields of each type of issuer: one for a Secret, and one for the address of a server (cert-manager v1.21.2
// pkg/apis/certmanager/v1/types_issuer.go).
var issuerFields = []struct{ kind, secret, server string }{
	{"ca", "spec.ca.secretName", ""},
	{"acme", "spec.acme", "spec.acme.server"},
	{"vault", "spec.vault.auth", "spec.vault.server"},
	{"venafi", "spec.venafi", "spec.venafi"},
}

// issuerFix is what to correct in an issuer, by its type.
func issuerFix(issuer facts.Object, message string) string {
	secret, server := "the spec", ""
	for _, t := range issuerFields {
		if kinds.Fields(kinds.Fields(issuer.Body.Object, "spec"), t.kind) != nil {
			secret, server = t.secret, t.server
		}
	}
	if m := lacksSecret.FindStringSubmatch(message); m != nil {
		if issuer.Ref.Namespace == "" { // --cluster-resource-namespace of cert-manager
			return fmt.Sprintf("Secret %s does not exist in the namespace of cert-manager: create it, or correct %s of the issuer", m[1], secret)
		}
		return fmt.Sprintf("Secret %s/%s does not exist: create it, or correct %s of the issuer", issuer.Ref.Namespace, m[1], secret)
	}
	switch {
	case ownHost.MatchString(message):
		return fmt.Sprintf("correct %s of the issuer: this address is that of cert-manager's own pod", cmp.Or(server, "the server in the spec"))
	case server != "":
		return fmt.Sprintf("correct what the message names in the spec of the issuer, such as %s, or make it reachable for cert-manager", server)
	}
	return fmt.Sprintf("correct what the message names in %s of the issuer", secret)
}
