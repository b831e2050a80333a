package argocd

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// annotationRefresh asks Argo CD to compare anew; the controller takes it away when it has (argo-cd v3
// pkg/apis/application/v1alpha1/application_annotations.go).
const annotationRefresh = "argocd.argoproj.io/refresh"

// Request asks for a refresh. status.reconciledAt would be no evidence of one: it has whole seconds, so two comparisons may have the
// same, and it stays as it was where the spec is invalid (argo-cd v3 controller/appcontroller.go, persistAppStatus).
func (Engine) Request(string) engine.Request {
	return engine.Request{Key: annotationRefresh, Value: "normal", IsRemoved: true}
}

// Judge reads an Application after a refresh. A refresh only compares; where the Application is automated, a
// sync follows, and after it another comparison, without which Synced is of before (argo-cd v3 cmd/argocd/commands/app.go,
// checkAppWaitConditions).
func (Engine) Judge(r engine.Run) engine.Verdict {
	app := r.Object
	if r.IsDoubtful {
		return engine.Repeat(engine.Foreign, 0, 1, "another refresh was under way, which may have begun too early")
	}
	if c := applicationError(app.Body); c.Present() {
		return engine.Is(engine.Failed, c.Message)
	}
	switch {
	case isOperating(app):
		return judgeOperating(app)
	case syncFailed(app):
		return engine.Is(engine.Failed, syncFailure(app))
	}
	switch sync := kinds.Text(app.Body, "status", "sync", "status"); sync {
	case "Synced":
		return judgeSynced(r)
	case "OutOfSync":
		return judgeOutOfSync(app)
	default:
		return engine.Is(engine.Failed, fmt.Sprintf("Argo CD does not know whether it is in sync (%q)", sync))
	}
}

// isOperating reports whether a sync was requested, runs, or has ended after the last comparison.
func isOperating(app facts.Object) bool {
	return operating(app.Body) || !comparedSinceSync(app.Body)
}

// judgeOperating: a sync that fails is retried for some minutes, in the phase Running, and newer commits wait behind it.
func judgeOperating(app facts.Object) engine.Verdict {
	count, _ := kinds.Number(app.Body, "status", "operationState", "retryCount")
	if count == 0 && len(syncRefused(app.Body)) == 0 {
		return engine.Is(engine.Running, "it syncs")
	}
	remedy := fmt.Sprintf("; argocd app terminate-op %s/%s ends the retries", app.Ref.Namespace, app.Ref.Name)
	if tried := triedRevision(app.Body); tried != comparedRevision(app.Body) {
		return engine.Is(engine.Running, fmt.Sprintf("it still retries the sync to %s, and newer commits wait%s", tried, remedy))
	}
	if message := syncFailure(app); !kinds.Passing(message) {
		return engine.Is(engine.Failed, message+remedy)
	}
	return engine.Is(engine.Running, "it retries the sync: "+syncFailure(app))
}

// syncFailed reports whether the newest sync has failed with the revision that was compared: Argo CD does not try that again.
// With another revision it does.
func syncFailed(app facts.Object) bool {
	tried := triedRevision(app.Body)
	if tried != "" && tried != comparedRevision(app.Body) {
		return false
	}
	phase := kinds.Text(app.Body, "status", "operationState", "phase")
	return phase == "Failed" || phase == "Error"
}

// syncFailure names the first object that was refused.
func syncFailure(app facts.Object) string {
	message := kinds.Text(app.Body, "status", "operationState", "message")
	for _, r := range syncRefused(app.Body) {
		return fmt.Sprintf("%s: %s %s: %s", message, kinds.String(r, "kind"), kinds.String(r, "name"), kinds.String(r, "message"))
	}
	return message
}

// judgeSynced: what was compared must be what is wanted; Argo CD reads the repository at each refresh, but may do so from a
// cache.
func judgeSynced(r engine.Run) engine.Verdict {
	revision := Engine{}.Revision(r.Object.Body)
	if r.Lacks(revision) {
		return engine.Repeat(engine.Revision, engine.RevisionPause, 0, fmt.Sprintf("it is in sync with %s, which does not contain the wanted revision", revision))
	}
	return engine.Is(engine.Done, "in sync with "+revision)
}

// judgeOutOfSync: only annotations are written, so a sync comes from Argo CD itself or not at all.
func judgeOutOfSync(app facts.Object) engine.Verdict {
	automated, heals := automation(app)
	if !automated {
		return engine.Is(engine.Failed, fmt.Sprintf("it is out of sync, and not set to sync by itself: somebody must run argocd app sync %s/%s",
			app.Ref.Namespace, app.Ref.Name))
	}
	synced := kinds.Text(app.Body, "status", "operationState", "syncResult", "revision")
	if !heals && synced != "" && synced == kinds.Text(app.Body, "status", "sync", "revision") {
		return engine.Is(engine.Failed, fmt.Sprintf("it is out of sync with %s, which was synced already: something in the cluster was changed since, and self-healing is off", synced))
	}
	return engine.Is(engine.Running, "it is out of sync, and about to sync by itself")
}
