package kinds

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// SealingScope is the scope that the values of a SealedSecret are sealed for (sealed-secrets v0.27.1
// pkg/apis/sealedsecrets/v1alpha1/sealedsecret_expansion.go, SecretScope).
func SealingScope(u *unstructured.Unstructured) string {
	annotations := u.GetAnnotations()
	switch {
	case annotations["sealedsecrets.bitnami.com/cluster-wide"] == "true":
		return "cluster-wide"
	case annotations["sealedsecrets.bitnami.com/namespace-wide"] == "true":
		return "namespace-wide"
	}
	return "strict"
}
