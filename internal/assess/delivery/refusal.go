package delivery

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// By is who applies a refused object: the kind of an engine's object and its controller. The zero value is OpenChoreo or a controller
// of Kubernetes.
type By struct{ Kind, Controller string }

// ByApplier is an engine's object.
func ByApplier(v *view.Component, ref facts.Ref) By {
	return By{ref.Kind, v.Engines.Controller(ref).Deployment}
}

// Refusal reports in one sentence why an API server refuses an object, by the words of its response. Names are in it too, and an
// object may be called anything: so the object that is blamed is cut off, and the rest is matched by whole phrases.
func Refusal(message string, by By) string {
	if _, what := kinds.NamedObject(message); what != "" {
		_, after, _ := strings.Cut(message, what)
		message = what + after
	}
	for _, r := range refusals {
		if (r.by == anyone || r.by == by.Kind || r.by == anApplier && by.Kind != "") && r.words.MatchString(message) {
			return strings.NewReplacer("KIND", by.Kind, "CONTROLLER", cmp.Or(by.Controller, "its controller")).Replace(r.means)
		}
	}
	return ""
}

// Those for whom a refusal means something.
const (
	anyone        = ""
	anApplier     = "*"
	kustomization = "Kustomization"
	helmRelease   = "HelmRelease"
)

// refusals: Kubernetes v1.36 apiserver and pod-security-admission; fluxcd/pkg ssa v0.76 errors; kustomize-controller v1.9.3;
// OpenChoreo's admission webhooks and rules v1.2.3. KIND and CONTROLLER represent those of By.
var refusals = []struct {
	by    string
	words *regexp.Regexp
	means string
}{
	{anyone, regexp.MustCompile(`admission webhook "[^"]*" denied the request`), "an admission webhook rejects it: the text after `denied the request` is its reason"},
	{anyone, regexp.MustCompile(`ValidatingAdmissionPolicy '[^']*' `), "an admission policy of the cluster rejects it"},
	{anyone, regexp.MustCompile(`: field not declared in schema`), "correct or remove the field: it is misspelt, or belongs to another version of the CustomResourceDefinition"},
	{anyone, regexp.MustCompile(`: expected map, got `), "the file is for another version of the CustomResourceDefinition"},
	{anApplier, regexp.MustCompile(`\bComponentRelease\.openchoreo\.dev "[^"]*" is invalid: .*\bis immutable\b`), "a ComponentRelease cannot be changed: revert it in Git, create a ComponentRelease with a new name, and set spec.releaseName of the ReleaseBinding to that name"},
	{anApplier, regexp.MustCompile(`\bProjectRelease\.openchoreo\.dev "[^"]*" is invalid: .*\bis immutable\b`), "a ProjectRelease cannot be changed: revert it in Git, create a ProjectRelease with a new name, and set spec.projectRelease of the ProjectReleaseBinding to that name"},
	{anApplier, regexp.MustCompile(`\bis immutable\b`), immutableInGit},
	{anyone, regexp.MustCompile(`\bis immutable\b`), "the field is immutable: delete the object so that it is created again, or create one with another name"},
	{anyone, regexp.MustCompile(`may not be changed|cannot be changed after creation`), "the field is immutable"},
	{anApplier, regexp.MustCompile(`no matches for kind "`), "the CustomResourceDefinition is not installed: install it from a KIND that this one depends on"},
	{anyone, regexp.MustCompile(`no matches for kind "`), "the CustomResourceDefinition is not installed"},
	{anyone, regexp.MustCompile(`unable to retrieve the complete list of server APIs: `), "the API group is not served in this version"},
	{anyone, regexp.MustCompile(`because it is being terminated`), "its namespace is being deleted"},
	{anApplier, regexp.MustCompile(`namespaces "[^"]*" not found`), "its namespace does not exist: create it in a KIND that this one depends on"},
	{anyone, regexp.MustCompile(`namespaces "[^"]*" not found`), "its namespace does not exist"},
	{kustomization, regexp.MustCompile(`^namespace not specified: `), "set metadata.namespace, or spec.targetNamespace of the Kustomization"},
	{anyone, regexp.MustCompile(`^namespace not specified: `), "set metadata.namespace"},
	{anyone, regexp.MustCompile(`is forbidden: exceeded quota: |\(Forbidden\): exceeded quota: |^exceeded quota: `), "a ResourceQuota of its namespace is exceeded: lower the replicas or the requests, or have a platform engineer raise the quota"},
	{anyone, regexp.MustCompile(`is forbidden: violates PodSecurity "`), "the namespace enforces a Pod Security level: set the fields in the message in the template of the component type, or lower the level of the namespace"},
	{anyone, regexp.MustCompile(`error looking up service account `), "the service account of the pods does not exist"},
	{kustomization, regexp.MustCompile(`is forbidden: User "system:serviceaccount:[^":]+:[^"]*-controller" `), "the account that applies it lacks the permission in the message: grant it with a Role and a RoleBinding"},
	{kustomization, regexp.MustCompile(`is forbidden: User "system:serviceaccount:`), "the account that applies it lacks the permission in the message: correct spec.serviceAccountName of the Kustomization, or grant it with a Role and a RoleBinding"},
	{anyone, regexp.MustCompile(`is forbidden: User "`), "the account that applies it lacks the permission in the message: grant it with a Role and a RoleBinding"},
	{anyone, regexp.MustCompile(`\(FieldManagerConflict\)|Apply failed with \d+ conflicts?: `), "another field manager owns the field"},
	{kustomization, regexp.MustCompile(`\bis SOPS encrypted\b`), "it is encrypted, and the Kustomization has no spec.decryption"},
	{anyone, regexp.MustCompile(`\bis SOPS encrypted\b`), "it is encrypted"},
	{anyone, regexp.MustCompile(`^unable to read KubeConfig secret |^KubeConfig secret '|^kubeconfig .*only certificate-authority-data is supported`), "the Secret in spec.kubeConfig cannot be used"},
	{helmRelease, regexp.MustCompile(`\bin body must be of type \w+`), "the field in the message has a value of another type than its definition requires: correct it in the template of the chart, or in the values"},
	{anyone, regexp.MustCompile(`\bin body must be of type \w+`), "the field has a value of another type than its definition requires: correct it in the file, or in the values or inputs that it is from"},
	{anyone, regexp.MustCompile(`: Required value\b`), "a required field is missing"},
	{anyone, regexp.MustCompile(`: Unsupported value: `), "the value is not one of those allowed"},
	{anyone, regexp.MustCompile(`^dry-run failed \(InternalError\): `), "the API server failed: CONTROLLER retries"},
	{anyone, regexp.MustCompile(`^dry-run failed \((?:Server)?Timeout\): `), "the API server did not respond in time: CONTROLLER retries"},
}
