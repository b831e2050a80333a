package fluxoperator

import (
	"cmp"
	"fmt"
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var (
	// lookedUp is how Go names a host that has no address, and requested the URL of a request that failed (Go 1.26 net, net/url).
	lookedUp  = regexp.MustCompile(`: lookup ([A-Za-z0-9.-]+)(?: on [^ ]+)?: `)
	requested = regexp.MustCompile(`"https?://([A-Za-z0-9.:-]+)/`)
	noAddress = regexp.MustCompile(`: no such host|: server misbehaving`)
	noAnswer  = regexp.MustCompile(`: connection refused|: connection reset by peer|: i/o timeout|: TLS handshake timeout|network is unreachable|no route to host|context deadline exceeded|dial tcp: lookup `)
	denied    = regexp.MustCompile(`\b(?:UNAUTHORIZED|DENIED): |\b40[13] (?:Unauthorized|Forbidden)`)
	noContent = regexp.MustCompile(`\bMANIFEST_UNKNOWN: |\bNAME_UNKNOWN: |\b404 Not Found`)
)

// fetchHint is what keeps flux-operator from the artifact with Flux's manifests, and where to change it: the fields of spec.distribution
// (flux-operator v0.58 api/v1/fluxinstance_types.go), or the way from its namespace to the registry.
func fetchHint(message string) (hint string, fix trace.Fix) {
	const other = "or set spec.distribution.artifact and spec.distribution.registry of the FluxInstance to a registry that it can reach"
	host := hostOf(message)
	switch {
	case noAddress.MatchString(message):
		return fmt.Sprintf("flux-operator cannot resolve %s, as DNS has no address for it: correct the name or fix DNS, %s", host, other), trace.FixUnknown
	case noAnswer.MatchString(message):
		return fmt.Sprintf("flux-operator cannot connect to %s: allow this egress in the NetworkPolicies and the firewall, %s", host, other), trace.FixNetwork
	case denied.MatchString(message):
		return fmt.Sprintf("%s rejects the credentials of flux-operator: correct the Secret in spec.distribution.artifactPullSecret of the FluxInstance", host), trace.FixUnknown
	case noContent.MatchString(message):
		return fmt.Sprintf("%s does not have this artifact: correct spec.distribution.artifact of the FluxInstance", host), trace.FixUnknown
	}
	return "flux-operator cannot fetch the manifests of this Flux version: check spec.distribution of the FluxInstance", trace.FixUnknown
}

func hostOf(message string) string {
	for _, pattern := range []*regexp.Regexp{lookedUp, requested} {
		if m := pattern.FindStringSubmatch(message); m != nil {
			return cmp.Or(m[1], "the registry")
		}
	}
	return "the registry"
}
