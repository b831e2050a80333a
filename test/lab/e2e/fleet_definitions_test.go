package e2e

import (
	"fmt"
	"strings"
)

// relatedKinds are further kinds that printed commands list.
func relatedKinds() []foreignKind {
	return []foreignKind{
		{group: "external-secrets.io", version: "v1", kind: "SecretStore", plural: "secretstores"},
		{group: "external-secrets.io", version: "v1", kind: "ClusterSecretStore", plural: "clustersecretstores"},
		{group: "cert-manager.io", version: "v1", kind: "CertificateRequest", plural: "certificaterequests"},
		{group: "acme.cert-manager.io", version: "v1", kind: "Order", plural: "orders"},
		{group: "acme.cert-manager.io", version: "v1", kind: "Challenge", plural: "challenges"},
	}
}

// definitions returns CRDs without a schema; more are further fields of their versions.
func definitions(more string, all ...foreignKind) string {
	var texts []string
	for _, f := range all {
		scope := "Namespaced"
		if strings.HasPrefix(f.kind, "Cluster") {
			scope = "Cluster"
		}
		texts = append(texts, fmt.Sprintf(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %[4]s.%[1]s}
spec:
  group: %[1]s
  scope: %[7]s
  names: {kind: %[3]s, plural: %[4]s, singular: %[5]s}
  versions:
    - name: %[2]s
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
      %[6]s
`, f.group, f.version, f.kind, f.plural, strings.ToLower(f.kind), more, scope))
	}
	return strings.Join(texts, "---\n")
}
