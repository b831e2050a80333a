package fluxoperator

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestFetchHint: a failed fetch names what must change, and where.
func TestFetchHint(t *testing.T) {
	t.Parallel()
	const pulling = "fetch failed: pulling artifact oci://ghcr.io/a/b:latest failed: "
	for message, want := range map[string][]string{
		`Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host`:                                           {"cannot resolve ghcr.io, as DNS has no address for it", "spec.distribution.artifact and spec.distribution.registry"},
		`Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 10.96.0.10:53: server misbehaving`:                    {"cannot resolve ghcr.io"},
		`Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 10.96.0.10:53: read udp 10.0.0.1: i/o timeout`:        {"cannot connect to ghcr.io: allow this egress"},
		`Get "https://mirror.corp:5000/v2/": dial tcp 10.0.0.7:5000: connect: connection refused`:                     {"cannot connect to mirror.corp:5000: allow this egress"},
		`GET https://ghcr.io/token: DENIED: requested access to the resource is denied`:                               {"rejects the credentials", "spec.distribution.artifactPullSecret"},
		`GET "https://ghcr.io/v2/a/b/manifests/v9": MANIFEST_UNKNOWN: manifest unknown`:                               {"ghcr.io does not have this artifact: correct spec.distribution.artifact"},
		`Get "https://ghcr.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`: {"check spec.distribution of the FluxInstance"},
		`layer not found`: {"check spec.distribution of the FluxInstance"},
	} {
		got, fix := fetchHint(pulling + message)
		if (fix == trace.FixNetwork) != strings.Contains(want[0], "egress") {
			t.Errorf("%s: fix %q", message, fix)
		}
		for _, words := range want {
			if !strings.Contains(got, words) {
				t.Errorf("%s: %q, want %q in it", message, got, words)
			}
		}
	}
}
