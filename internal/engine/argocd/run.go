package argocd

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// annotationRefresh requests a new comparison. The controller removes the annotation afterwards (argo-cd v3
// pkg/apis/application/v1alpha1/application_annotations.go).
const annotationRefresh = "argocd.argoproj.io/refresh"

// Request returns the refresh annotation. status.reconciledAt does not prove a refresh: it has a resolution of one second, so
// two comparisons may share a value. It also does not change while the spec is invalid (argo-cd v3 controller/appcontroller.go,
// persistAppStatus).
func (Engine) Request(string) engine.Request {
	return engine.Request{Key: annotationRefresh, Value: "normal", IsRemoved: true}
}

// Judge assesses an Application after a refresh. A refresh only compares. If the Application is automated, a sync follows, and
// then another comparison; until that one, Synced is out of date (argo-cd v3 cmd/argocd/commands/app.go,
// checkAppWaitConditions).
func (Engine) Judge(r engine.Run) engine.Verdict {
	app := r.Object
	if r.IsDoubtful {
		return engine.Repeat(engine.Foreign, 0, 1, "another refresh was in progress, which may have started too early")
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
		return engine.Is(engine.Failed, fmt.Sprintf("Argo CD reports sync status %q", sync))
	}
}

// isOperating reports whether a sync was requested, is running, or ended after the last comparison.
func isOperating(app facts.Object) bool {
	return operating(app.Body) || !comparedSinceSync(app.Body)
}

// judgeOperating assesses a running sync. Argo CD retries a failed sync for some minutes in the phase Running, and newer commits
// wait for it.
func judgeOperating(app facts.Object) engine.Verdict {
	count, _ := kinds.Number(app.Body, "status", "operationState", "retryCount")
	if count == 0 && len(syncRefused(app.Body)) == 0 {
		return engine.Is(engine.Running, "it is syncing")
	}
	remedy := fmt.Sprintf("; %s ends the retries", command.Format("argocd app terminate-op %s/%s", app.Ref.Namespace, app.Ref.Name))
	if tried := triedRevision(app.Body); tried != comparedRevision(app.Body) {
		return engine.Is(engine.Running, fmt.Sprintf("it still retries the sync to %s, and newer commits wait%s", tried, remedy))
	}
	if message := syncFailure(app); !kinds.IsTransient(message) {
		return engine.Is(engine.Failed, message+remedy)
	}
	return engine.Is(engine.Running, "it retries the sync: "+syncFailure(app))
}

// syncFailed reports whether the newest sync failed with the compared revision. Argo CD does not retry that revision; it does
// sync another revision.
func syncFailed(app facts.Object) bool {
	tried := triedRevision(app.Body)
	if tried != "" && tried != comparedRevision(app.Body) {
		return false
	}
	phase := kinds.Text(app.Body, "status", "operationState", "phase")
	return phase == "Failed" || phase == "Error"
}

// syncFailure names the first rejected object.
func syncFailure(app facts.Object) string {
	message := kinds.Text(app.Body, "status", "operationState", "message")
	for _, r := range syncRefused(app.Body) {
		return fmt.Sprintf("%s: %s %s: %s", message, kinds.String(r, "kind"), kinds.String(r, "name"), withoutFile(kinds.String(r, "message")))
	}
	return message
}

// judgeSynced checks that the compared revision is the wanted one. Argo CD reads the repository at each refresh, but possibly
// from a cache.
func judgeSynced(r engine.Run) engine.Verdict {
	revision := Engine{}.Revision(r.Object.Body)
	if r.Lacks(revision) {
		return engine.Repeat(engine.Revision, engine.RevisionPause, 0, fmt.Sprintf("it is in sync with %s, which does not contain the wanted revision", revision))
	}
	return engine.Is(engine.Done, "in sync with "+revision)
}

// judgeOutOfSync never requests a sync, because reconcile only writes annotations. Only an automated Application syncs.
func judgeOutOfSync(app facts.Object) engine.Verdict {
	automated, heals := automation(app)
	if !automated {
		return engine.Is(engine.Failed, "it is out of sync, and automated sync is off: run "+command.Format("argocd app sync %s/%s", app.Ref.Namespace, app.Ref.Name))
	}
	synced := kinds.Text(app.Body, "status", "operationState", "syncResult", "revision")
	if !heals && synced != "" && synced == kinds.Text(app.Body, "status", "sync", "revision") {
		return engine.Is(engine.Failed, fmt.Sprintf("it is out of sync with %s, which was synced already: the API server drops a field, or an object in the cluster was changed since, and selfHeal is off", synced))
	}
	if selfHealFails(app) {
		return engine.Is(engine.Failed, fmt.Sprintf("Argo CD synced %s again and it still differs: the API server drops a field, or another controller reverts it", synced))
	}
	return engine.Is(engine.Running, "it is out of sync, and about to sync automatically")
}
