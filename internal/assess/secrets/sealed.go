package secrets

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessSealedSecret assesses a SealedSecret. The controller of Sealed Secrets may be started without writing a status (sealed-secrets v0.27
// --update-status), so its silence is worth a warning only. It retries five times within a second, and then gives up until the spec
// changes or it restarts (sealed-secrets v0.27.1 pkg/controller/controller.go, maxRetries).
func AssessSealedSecret(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if !conditions.HasStatus(o) && !p.Within(p.MadeAt(o), conditions.StatusTimeout(o)) {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("%s has no status", o.Ref), Since: p.MadeAt(o),
			Hint: "either the Sealed Secrets controller does not run on the data plane, or it runs with --update-status=false",
		})
		return j.OK("SealedSecret")
	}
	synced := kinds.ConditionOf(o.Body, "Synced")
	if conditions.Assess(p, j, o, trace.CodeSecretNotSynced, "Synced"); j.State == trace.Progressing && synced.False() && !conditions.Outdated(o) && !p.Within(p.MadeAt(o), view.SettleTimeout) {
		j = conditions.NotReady(j, o, trace.CodeSecretNotSynced, synced)
	}
	if j.State == trace.Failed && synced.False() {
		j.Findings[len(j.Findings)-1].Hint = unsealedHint(synced.Message)
	}
	return j
}

// undecrypted has the key of the value that cannot be opened.
var undecrypted = regexp.MustCompile(`^no key could decrypt secret \(([A-Za-z0-9._-]+)\)`)

// unsealedHint reports what ends a failure (sealed-secrets v0.27.1 pkg/controller/controller.go; pkg/apis/sealedsecrets/v1alpha1/types.go).
func unsealedHint(message string) string {
	const givenUp = "the controller has given up, and retries when the spec changes or when it restarts"
	switch {
	case strings.Contains(message, "is not managed by SealedSecret"):
		return "a Secret of that name exists already, and another manager created it. If the SealedSecret is to replace its values, give it the annotation sealedsecrets.bitnami.com/managed: \"true\" and restart the controller, which has given up; otherwise remove the SealedSecret"
	case strings.HasPrefix(message, "no key could decrypt secret"):
		field := "the value"
		if m := undecrypted.FindStringSubmatch(message); m != nil {
			field = "spec.encryptedData." + m[1]
		}
		return "no key in the cluster opens " + field + ". If a key is listed that is older than the file, the value was sealed for another cluster, namespace or name, or changed by hand: seal it again and commit it. Otherwise the key was lost: restore its Secret and restart the controller, which has given up"
	}
	return givenUp + "; a Secret that it created before stays as it is"
}
