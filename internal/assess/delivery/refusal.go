package delivery

import (
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Refusal says in one sentence why an API server refuses an object, by the words of its answer. Names stand in it too, and an
// object may be called anything: so the object that is blamed is cut off, and the rest is matched by whole phrases.
func Refusal(message string) string {
	if _, what := kinds.NamedObject(message); what != "" {
		_, after, _ := strings.Cut(message, what)
		message = what + after
	}
	for _, r := range refusals {
		if r.words.MatchString(message) {
			return r.means
		}
	}
	return ""
}

// refusals: Kubernetes v1.36 apiserver and pod-security-admission; fluxcd/pkg ssa v0.76 errors; kustomize-controller v1.9.3;
// OpenChoreo's admission webhooks and rules v1.2.3.
var refusals = []struct {
	words *regexp.Regexp
	means string
}{
	{regexp.MustCompile(`admission webhook "[^"]*" denied the request`), "an admission webhook refuses it: the text after `denied the request` is for its author"},
	{regexp.MustCompile(`ValidatingAdmissionPolicy '[^']*' `), "a policy of the cluster refuses it"},
	{regexp.MustCompile(`: field not declared in schema`), "the field is misspelt, or belongs to another version of the CustomResourceDefinition"},
	{regexp.MustCompile(`: expected map, got `), "the file is for another version of the CustomResourceDefinition"},
	{regexp.MustCompile(`\bis immutable\b`), "the field cannot be changed once the object exists: delete the object, or give the new one another name"},
	{regexp.MustCompile(`may not be changed|cannot be changed after creation`), "the field cannot be changed once the object exists"},
	{regexp.MustCompile(`no matches for kind "`), "the CustomResourceDefinition is not installed; one that the same Kustomization brings by a HelmRelease never will be"},
	{regexp.MustCompile(`unable to retrieve the complete list of server APIs: `), "the API group is not served in this version"},
	{regexp.MustCompile(`because it is being terminated`), "its namespace is being deleted"},
	{regexp.MustCompile(`namespaces "[^"]*" not found`), "its namespace does not exist: it belongs into a Kustomization that this one depends on"},
	{regexp.MustCompile(`^namespace not specified: `), "it needs metadata.namespace, or the Kustomization spec.targetNamespace"},
	{regexp.MustCompile(`is forbidden: exceeded quota: |\(Forbidden\): exceeded quota: |^exceeded quota: `), "a ResourceQuota of its namespace is used up"},
	{regexp.MustCompile(`is forbidden: violates PodSecurity "`), "the pod security level of its namespace forbids it"},
	{regexp.MustCompile(`error looking up service account `), "the service account of the pods does not exist"},
	{regexp.MustCompile(`is forbidden: User "`), "the account that applies it lacks the right that the message names"},
	{regexp.MustCompile(`\(FieldManagerConflict\)|Apply failed with \d+ conflicts?: `), "another field manager owns the field"},
	{regexp.MustCompile(`\bis SOPS encrypted\b`), "it is encrypted, and the Kustomization has no spec.decryption"},
	{regexp.MustCompile(`^unable to read KubeConfig secret |^KubeConfig secret '|^kubeconfig .*only certificate-authority-data is supported`), "the Secret in spec.kubeConfig cannot be used"},
	{regexp.MustCompile(`: Required value\b`), "a required field is missing"},
	{regexp.MustCompile(`: Unsupported value: `), "the value is not one of those allowed"},
	{regexp.MustCompile(`^dry-run failed \(InternalError\): `), "the API server failed: kustomize-controller tries again"},
	{regexp.MustCompile(`^dry-run failed \((?:Server)?Timeout\): `), "the API server did not answer in time: kustomize-controller tries again"},
}
