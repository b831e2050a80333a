package trace

import "strings"

// refusal says in one sentence why an API server refuses an object, by the words of its answer (Kubernetes v1.36
// apiserver; fluxcd/pkg ssa v0.76 errors; OpenChoreo's admission webhooks and rules v1.2.3).
func refusal(message string) string {
	for _, r := range []struct{ words, means string }{
		{"denied the request", "an admission webhook refuses it: the text after `denied the request` is for its author"},
		{"ValidatingAdmissionPolicy", "a policy of the cluster refuses it"},
		{"field not declared in schema", "the field is misspelt, or belongs to another version of the CustomResourceDefinition"},
		{"expected map, got", "the file is for another version of the CustomResourceDefinition"},
		{"is immutable", "the field cannot be changed once the object exists: delete the object, or give the new one another name"},
		{"may not be changed", "the field cannot be changed once the object exists"},
		{"cannot be changed after creation", "the field cannot be changed once the object exists"},
		{"no matches for kind", "the CustomResourceDefinition is not installed; one that the same Kustomization brings by a HelmRelease never will be"},
		{"unable to retrieve the complete list of server APIs", "the API group is not served in this version"},
		{"because it is being terminated", "its namespace is being deleted"},
		{`namespaces "`, "its namespace does not exist: it belongs into a Kustomization that this one depends on"},
		{"namespace not specified", "it needs metadata.namespace, or the Kustomization spec.targetNamespace"},
		{"exceeded quota", "a ResourceQuota of its namespace is used up"},
		{"is forbidden: User ", "the service account that the Kustomization applies with has not the right"},
		{"conflict", "another field manager owns the field"},
		{"is SOPS encrypted", "it is encrypted, and the Kustomization has no spec.decryption"},
		{"KubeConfig", "the Secret in spec.kubeConfig cannot be used"},
		{"Required value", "a required field is missing"},
		{"Unsupported value", "the value is not one of those allowed"},
		{"(InternalError)", "the API server failed: kustomize-controller tries again"},
		{"(Timeout)", "the API server did not answer in time: kustomize-controller tries again"},
	} {
		if strings.Contains(message, r.words) {
			return r.means
		}
	}
	return ""
}
