package argocd

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// deployedRevision is the commit that the cluster matches. It is the compared commit if nothing differs and no sync has ended
// since the comparison: Argo CD does not sync a commit that changes nothing. Otherwise it is the commit of the last successful
// sync.
func deployedRevision(app facts.Object) string {
	if kinds.Text(app.Body, "status", "sync", "status") == "Synced" && comparedSinceSync(app.Body) && isCompared(app) {
		return comparedRevision(app.Body)
	}
	return syncedRevision(app)
}

// syncedRevision is the commit of the last successful sync (argo-cd v3 pkg/apis/application/v1alpha1/types.go).
func syncedRevision(app facts.Object) string {
	if kinds.Text(app.Body, "status", "operationState", "phase") == "Succeeded" {
		if r := triedRevision(app.Body); r != "" {
			return r
		}
	}
	history := kinds.Items(app.Body, "status", "history")
	if len(history) == 0 {
		return ""
	}
	return commitOf(kinds.String(history[len(history)-1], "revision"))
}

// isCompared reports whether the newest comparison used the current spec.source, as far as the status records it.
func isCompared(app facts.Object) bool {
	compared, source := view.Nested(app, "status", "sync", "comparedTo", "source"), view.Nested(app, "spec", "source")
	if compared == nil || source == nil {
		return true
	}
	for _, field := range []string{"repoURL", "path", "targetRevision", "chart"} {
		if kinds.String(compared, field) != kinds.String(source, field) {
			return false
		}
	}
	return true
}

// repository returns the repository of an Application, or the first of several.
func repository(app *unstructured.Unstructured) string {
	url := kinds.Text(app, "spec", "source", "repoURL")
	for _, source := range kinds.Items(app, "spec", "sources") {
		url = cmp.Or(url, kinds.String(source, "repoURL"))
	}
	return url
}

// Assess assesses an Application that exists and is not being deleted by its comparison and sync results.
func (Engine) Assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	return delivery.AssessApplier(v, j, o, assess)
}

// Currency returns the currency of the commit that the cluster matches.
func (Engine) Currency(v *view.Component, o facts.Object) trace.Currency {
	return delivery.Carries(v, facts.Object{}, deployedRevision(o))
}

// assess does not rely on Synced alone: Synced is as old as the last comparison and refers to the compared commit. It also
// ignores a sync failure if a later commit is already deployed: a revert needs no sync.
func assess(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	j.Revision = deployedRevision(o)
	j.Since = syncFinished(o.Body)
	phase := kinds.Text(o.Body, "status", "operationState", "phase")
	sync := kinds.Text(o.Body, "status", "sync", "status")
	tried := triedRevision(o.Body)
	failed := applicationError(o.Body)
	switch {
	case failed.Present() && failed.Type != "SyncError":
		return comparisonFailed(j, o, failed)
	case operating(o.Body):
		return applicationSyncs(v, j, o)
	case (phase == "Failed" || phase == "Error") && (tried == "" || tried == comparedRevision(o.Body)):
		return applicationFailed(j, o)
	case failed.Present() && sync != "Synced":
		return syncNotBegun(j, o, failed)
	case !isCompared(o) || !comparedSinceSync(o.Body):
		return notCompared(v, j, o)
	case sync == "OutOfSync":
		return outOfSync(v, j, o)
	case sync != "Synced":
		j.Summary = fmt.Sprintf("%s: sync %s", o.Ref, cmp.Or(sync, "not reported"))
		return j
	}
	return j.OK("%s", o.Ref)
}

func comparisonFailed(j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	return j.FailWithCode(o.Ref.String(), trace.Finding{
		Code: trace.CodeApplicationComparisonError, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
		Hint: comparisonHint(c.Message) + stillRunningHint(j),
	})
}

// comparisonHint names the field to correct (argo-cd v3 reposerver/repository/repository.go).
func comparisonHint(message string) string {
	const failed = "Argo CD cannot generate or compare the manifests, so changes are not applied"
	switch {
	case strings.HasSuffix(message, ": app path does not exist"):
		return "the repository does not have this folder: correct spec.source.path of the Application, or commit the folder. " + failed
	case strings.HasSuffix(message, " to a commit SHA"):
		return "the repository does not have this branch, tag or commit: correct spec.source.targetRevision of the Application. " + failed
	}
	return failed
}

// stillRunningHint names the last synced revision, which is still deployed.
func stillRunningHint(j *result.Result) string {
	if j.Revision == "" {
		return "; no revision was ever synced"
	}
	return fmt.Sprintf("; revision %s stays deployed", shortRevision(j.Revision))
}

func shortRevision(revision string) string {
	if commit := kinds.Commit(revision); commit != "" {
		return facts.Short(commit)
	}
	return revision
}

// applicationFailed names the rejected objects: unlike Flux, Argo CD keeps a result for each object.
func applicationFailed(j *result.Result, o facts.Object) *result.Result {
	f := trace.Finding{
		Code: trace.CodeApplicationSyncFailed, Message: kinds.Text(o.Body, "status", "operationState", "message"),
		Since: kinds.Time(o.Body, "status", "operationState", "finishedAt"),
		Hint:  "Argo CD does not retry this revision" + stillRunningHint(j),
	}
	refusedObjects(&f, o)
	j.Summary = fmt.Sprintf("%s: the last sync failed", o.Ref)
	if tried := triedRevision(o.Body); tried != "" {
		j.Summary = fmt.Sprintf("%s: the sync to %s failed", o.Ref, shortRevision(tried))
	}
	return j.Fail(f)
}

// refusedObjects adds the rejected objects to the message, each with its own reason.
func refusedObjects(f *trace.Finding, o facts.Object) {
	var refused []string
	for _, r := range syncRefused(o.Body) {
		refused = append(refused, fmt.Sprintf("%s: %s", resource(r), withoutFile(kinds.String(r, "message"))))
	}
	if len(refused) > 0 {
		f.Evidence = append(f.Evidence, trace.Evidence{Path: "status.operationState.message", Value: f.Message})
		f.Message = strings.Join(refused, "\n")
		if why := delivery.Refusal(f.Message, delivery.By{Kind: o.Ref.Kind, Controller: "Argo CD"}); why != "" {
			f.Hint = why + ". " + f.Hint
		}
	}
}

// patchedFile matches the temporary file from which Argo CD applies an object. Its name differs at each attempt (gitops-engine
// pkg/utils/kube/resource_ops.go, argo-cd v3.1).
var patchedFile = regexp.MustCompile(` "/(?:dev/shm|tmp)/\d+"`)

func withoutFile(message string) string { return patchedFile.ReplaceAllString(message, "") }

// syncNotBegun reports a sync that Argo CD does not start, for the reason in a condition.
func syncNotBegun(j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	j.Current = trace.Behind
	return j.FailWithCode(o.Ref.String(), trace.Finding{
		Code: trace.CodeApplicationSyncFailed, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
		Hint: "Argo CD does not sync this revision automatically" + stillRunningHint(j),
	})
}

func resource(r map[string]any) string {
	name := strings.TrimPrefix(kinds.String(r, "namespace")+"/"+kinds.String(r, "name"), "/")
	return kinds.String(r, "kind") + " " + name
}
