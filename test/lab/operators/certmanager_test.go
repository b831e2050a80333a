package operators

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// TestCertManager issues from issuers without a network, and from an ACME server that cannot reach what it has to check.
func TestCertManager(t *testing.T) {
	needs(t, "cert-manager")
	runAll(t, "cert-manager", append(append(issued(), unissued()...), renewals()...))
}

const selfSigned = "{selfSigned: {}}"

// issued are Certificates that their issuer issues.
func issued() []rendered {
	root := strings.ReplaceAll(certificate("Issuer", "${metadata.name}-self", "isCA: true\n  commonName: root"), "name: \"${metadata.name}\", namespace", "name: \"${metadata.name}-root\", namespace")
	root = strings.Replace(root, `secretName: "${metadata.name}"`, `secretName: "${metadata.name}-root"`, 1)
	late := certified("cm-recovered", "none: the Issuer was created after the Certificate, which is issued", healthy(), certificate("Issuer", "late", ""))
	late.then = lateIssuer
	return []rendered{
		certified("cm-issued", "none: an Issuer that signs with the key of each Certificate has issued it", healthy(), issuer("${metadata.name}", selfSigned), certificate("Issuer", "${metadata.name}", "")),
		certified("cm-authority", "none: the Certificate of an authority signs that of the component", healthy(),
			issuer("${metadata.name}-self", selfSigned), root, issuer("${metadata.name}", `{ca: {secretName: "${metadata.name}-root"}}`), certificate("Issuer", "${metadata.name}", "")),
		late,
	}
}

// unissued are Certificates that get no Secret. cert-manager waits for an issuer without an end, so they fail when they have waited long enough.
func unissued() []rendered {
	acme := func(url string) string {
		return fmt.Sprintf(`{acme: {server: %q, skipTLSVerify: true, privateKeySecretRef: {name: "${metadata.name}-account"}, solvers: [{http01: {ingress: {}}}]}}`, url)
	}
	server := "https://" + partAddress(addon.ACME) + addon.ACMEPath
	return []rendered{
		certified("cm-issuer-absent", "the Issuer of the Certificate does not exist", onIssuer("Issuer", "ghost", `"ghost" not found`), certificate("Issuer", "ghost", "")),
		certified("cm-cluster-issuer-absent", "the ClusterIssuer of the Certificate does not exist", onIssuer("ClusterIssuer", "ghost", `"ghost" not found`), certificate("ClusterIssuer", "ghost", "")),
		certified("cm-issuer-not-ready", "the Secret with the key of the authority does not exist", onIssuer("Issuer", "*", `secrets "ghost" not found`),
			issuer("${metadata.name}", "{ca: {secretName: ghost}}"), certificate("Issuer", "${metadata.name}", "")),
		certified("cm-acme-unreachable", "the ACME server of the Issuer refuses connections", onIssuer("Issuer", "*", "connection refused"),
			issuer("${metadata.name}", acme("https://127.0.0.1:1/directory")), certificate("Issuer", "${metadata.name}", "")),
		certified("cm-acme-refused", "the ACME server issues no certificate for the domain", failed("resource", "development", "CertificateNotReady", "Order", "*", "rejectedIdentifier"),
			issuer("${metadata.name}", acme(server)), strings.Replace(certificate("Issuer", "${metadata.name}", ""), "shop.example", addon.RefusedDomain, 1)),
		certified("cm-acme-challenge", "the domain of the Certificate does not lead to the cluster, so that its challenge is never valid", failed("resource", "development", "CertificateNotReady", "Challenge", "*", "shop.example"),
			issuer("${metadata.name}", acme(server)), certificate("Issuer", "${metadata.name}", "")),
	}
}

// renewals have a Certificate that was issued before.
func renewals() []rendered {
	wanted := func(name, fault, first, second string, want suite.Want) rendered {
		r := certified(name, fault, want, issuer("${metadata.name}", selfSigned),
			strings.Replace(certificate("Issuer", `ISSUER`, ""), "ISSUER", fmt.Sprintf(`${workload.container.image.endsWith(\":1.0.1\") ? \"%s\" : %s}`, second, first), 1))
		r.tag, r.first = "1.0.1", certificateReady("True")
		return r
	}
	lost := wanted("cm-release-issuer-absent", "a new release names an Issuer that does not exist, and the Secret keeps the certificate of the release before", "metadata.name", "ghost", onIssuer("Issuer", "ghost", `"ghost" not found`))
	lost.then = certificateReady("False")
	return []rendered{lost}
}

func certified(name, fault string, want suite.Want, objects ...string) rendered {
	return rendered{Scenario: suite.Scenario{Name: name, Fault: fault, Want: want, Timeout: 8 * time.Minute}, objects: objects}
}

func onIssuer(kind, name, message string) suite.Want {
	return failed("resource", "development", "CertificateNotReady", kind, name, message)
}

func issuer(name, spec string) string {
	return fmt.Sprintf("apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: %q, namespace: \"${metadata.namespace}\", labels: \"${metadata.labels}\"}\nspec: %s", name, spec)
}

// certificate is one of an issuer. more has further lines of its spec.
func certificate(kind, issuer, more string) string {
	return `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: "${metadata.name}", namespace: "${metadata.namespace}", labels: "${metadata.labels}"}
spec:
  secretName: "${metadata.name}"
  dnsNames: [shop.example]
  issuerRef: {kind: ` + kind + `, name: "` + issuer + `"}
  ` + more
}

// lateIssuer creates the Issuer once its absence was noticed.
func lateIssuer(ctx context.Context, p placed) error {
	if err := certificateReady("False")(ctx, p); err != nil {
		return err
	}
	if err := shared.Lab.Apply(ctx, "", fmt.Sprintf("apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: late, namespace: %s}\nspec: %s\n", p.namespace, selfSigned)); err != nil {
		return err
	}
	return certificateReady("True")(ctx, p)
}

// certificateReady waits for the status of Ready.
func certificateReady(status string) func(context.Context, placed) error {
	return func(ctx context.Context, p placed) error {
		return shared.Lab.WaitFor(ctx, p.object("cert-manager.io", "Certificate"), func(u *unstructured.Unstructured) error {
			return client.HasCondition(u, "Ready", status, "")
		})
	}
}
