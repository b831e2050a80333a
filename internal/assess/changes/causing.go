package changes

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// causing leaves out the fields that cannot cause the failure: a build does not depend on when it runs or what follows it, and keys that do not
// fit have another message than a value that was changed without sops (getsops/sops v3 decrypt). The result is nil if no field is known.
func (b finder) causing(ref facts.Ref, fields []string) []string {
	if b.failure.Code != trace.CodeKustomizationBuildFailed || ref.Group != kinds.FluxKustomize || fields == nil {
		return fields
	}
	harmless := []string{"spec.interval", "spec.retryInterval", "spec.timeout", "spec.prune", "spec.force", "spec.wait", "spec.healthChecks", "spec.healthCheckExprs"}
	if strings.HasSuffix(b.failure.Message, "cipher: message authentication failed") || strings.Contains(b.failure.Message, "MalformedYAMLError") {
		harmless = append(harmless, "spec.decryption")
	}
	return slices.DeleteFunc(slices.Clone(fields), func(field string) bool {
		return slices.ContainsFunc(harmless, func(name string) bool {
			return field == name || strings.HasPrefix(field, name+".") || strings.HasPrefix(field, name+"[")
		})
	})
}
