package delivery_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
)

// TestRefusalIsNotSteeredByNames: an object may be called anything.
func TestRefusalIsNotSteeredByNames(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`Component/a/b dry-run failed (Invalid): Component.openchoreo.dev "b" is invalid: spec.autoDeploy: Invalid value: "string": spec.autoDeploy in body must be of type boolean: "string"`: "of another type than its definition requires",
		`ComponentRelease/a/b-1 dry-run failed (Invalid): ComponentRelease.openchoreo.dev "b-1" is invalid: spec.workload: Invalid value: spec.workload is immutable`:                          "create a ComponentRelease with a new name, and set spec.releaseName of the ReleaseBinding",
		`ProjectRelease/a/b-1 dry-run failed (Invalid): ProjectRelease.openchoreo.dev "b-1" is invalid: spec.x: Invalid value: spec.x is immutable`:                                            "create a ProjectRelease with a new name, and set spec.projectRelease",
		`ReleaseBinding/a/b dry-run failed (Invalid): ReleaseBinding.openchoreo.dev "b" is invalid: spec.environment: Invalid value: "x": spec.environment is immutable`:                       "commit a new object with another name",
		`Deployment/apps/conflict dry-run failed: it is odd`:                                                                   "",
		`Deployment/apps/KubeConfig dry-run failed (Invalid): KubeConfig is odd`:                                               "",
		`Component/a/b dry-run failed (FieldManagerConflict): Apply failed with 1 conflict: conflict with "x"`:                 "another field manager",
		`Component/a/b dry-run failed (InternalError): Internal error occurred`:                                                "the API server failed",
		`Component/a/b not found: namespaces "a" not found`:                                                                    "its namespace does not exist",
		`pods "x-" is forbidden: violates PodSecurity "restricted:latest": privileged`:                                         "Pod Security",
		`components "b" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "components" in API group ""`:     "lacks the permission",
		`pods "x-" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1`:                          "ResourceQuota",
		`Component/a/b dry-run failed (Invalid): Component.openchoreo.dev "b" is invalid: spec.owner: Required value`:          "required field",
		`unable to read KubeConfig secret 'a/b' error: secrets "b" not found`:                                                  "spec.kubeConfig",
		`Component/a/b dry-run failed (Forbidden): admission webhook "w" denied the request: name is immutable and a conflict`: "an admission webhook",
	} {
		if got := delivery.Refusal(message, delivery.By{Kind: "Kustomization", Controller: "kustomize-controller"}); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", message, got, want)
		}
	}
}
