package nextsteps

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestEditedObject: where the hint names one object to edit, the steps after the edit name only that.
func TestEditedObject(t *testing.T) {
	t.Parallel()
	const from = "The Deployment is rendered from resource deployment of "
	for hint, want := range map[string]string{
		"push it, or correct its name in the Workload. To roll back, set spec.releaseName of ReleaseBinding shop/cart to a in Git":                           "you edited the Workload",
		"add it to spec.container.files of Workload shop/cart-workload in Git":                                                                               "you edited the Workload",
		"correct the field in the template of the component type. " + from + "ClusterComponentType deployment/plain":                                         "you edited the ClusterComponentType",
		"correct it, in the template of the component type or trait. " + from + "ClusterComponentType deployment/plain":                                      "you edited the ClusterComponentType",
		"correct it. " + from + "ClusterTrait volume":                                                                                                        "you edited the ClusterTrait",
		"correct it. " + from + "ClusterComponentType deployment/plain, with spec.a from spec.parameters.b of Component shop/cart":                           "you edited the Component",
		"correct the value in the Workload, or in the template of the component type. " + from + "ClusterComponentType deployment/plain":                     anyEdited,
		"correct its name in the Workload or the ReleaseBinding":                                                                                             anyEdited,
		"correct it. " + from + "ClusterComponentType deployment/plain, with spec.a from spec.componentTypeEnvironmentConfigs.b of ReleaseBinding shop/cart": anyEdited,
		"read its log": anyEdited,
		"":             anyEdited,
	} {
		found := false
		for _, step := range Of(trace.Finding{Code: trace.CodeCertificateNotReady, Hint: hint}, scope()) {
			if strings.HasPrefix(step.Command, "occ ") {
				if found = true; step.OnlyIf != want {
					t.Errorf("%q: %q, want %q", hint, step.OnlyIf, want)
				}
			}
		}
		if !found {
			t.Errorf("%q: no command of occ", hint)
		}
	}
}

// TestImmutableField: lint does not read the cluster, so it does not know the value before. The history does.
func TestImmutableField(t *testing.T) {
	t.Parallel()
	s := scope()
	s.Names["REPOSITORY_PATH"] = "apps"
	for message, immutable := range map[string]bool{
		`dry-run failed (Invalid): spec.environment: Invalid value: "x": spec.environment is immutable`: true,
		`dry-run failed: .spec.replicaz: field not declared in schema`:                                  false,
	} {
		all := strings.Join(commands(Of(trace.Finding{Code: trace.CodeKustomizationDryRunFailed, Message: message}, s)), "\n")
		if strings.Contains(all, "kubectl choreo lint") == immutable || strings.Contains(all, "git log") != immutable {
			t.Errorf("%s\n%s", message, all)
		}
	}
}
