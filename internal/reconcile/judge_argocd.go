package reconcile

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeApplication reads an Argo CD Application after a refresh. A refresh only compares; where the Application is automated, a
// sync follows, and after it another comparison, without which Synced is of before (argo-cd v3 cmd/argocd/commands/app.go,
// checkAppWaitConditions).
func (b *book) judgeApplication(n *node) verdict {
	app := n.object
	if n.request != nil && n.request.stood != "" && n.tries[causeForeign] == 0 {
		return repeat(causeForeign, 0, 1, "another refresh was under way, which may have begun too early")
	}
	if c := kinds.ApplicationError(app.Body); c.Present() {
		return failed(c.Message)
	}
	switch {
	case operating(app):
		return judgeOperating(app)
	case syncFailed(app):
		return failed(syncFailure(app))
	}
	switch sync := kinds.Text(app.Body, "status", "sync", "status"); sync {
	case "Synced":
		return b.judgeSynced(n)
	case "OutOfSync":
		return outOfSync(app)
	default:
		return failed(fmt.Sprintf("Argo CD does not know whether it is in sync (%q)", sync))
	}
}

// operating reports whether a sync was requested, runs, or has ended after the last comparison.
func operating(app facts.Object) bool {
	return kinds.Operating(app.Body) || !kinds.ComparedSinceSync(app.Body)
}

// judgeOperating: a sync that fails is retried for some minutes, in the phase Running, and newer commits wait behind it.
func judgeOperating(app facts.Object) verdict {
	count, _ := kinds.Number(app.Body, "status", "operationState", "retryCount")
	if count == 0 && len(kinds.SyncRefused(app.Body)) == 0 {
		return pending(Running, "it syncs")
	}
	remedy := fmt.Sprintf("; argocd app terminate-op %s/%s ends the retries", app.Ref.Namespace, app.Ref.Name)
	if tried := kinds.TriedRevision(app.Body); tried != kinds.ComparedRevision(app.Body) {
		return pending(Running, fmt.Sprintf("it still retries the sync to %s, and newer commits wait%s", tried, remedy))
	}
	if message := syncFailure(app); !kinds.Passing(message) {
		return failed(message + remedy)
	}
	return pending(Running, "it retries the sync: "+syncFailure(app))
}

// syncFailed reports whether the newest sync has failed with the revision that was compared: Argo CD does not try that again.
// With another revision it does.
func syncFailed(app facts.Object) bool {
	tried := kinds.TriedRevision(app.Body)
	if tried != "" && tried != kinds.ComparedRevision(app.Body) {
		return false
	}
	phase := kinds.Text(app.Body, "status", "operationState", "phase")
	return phase == "Failed" || phase == "Error"
}

// syncFailure names the first object that was refused.
func syncFailure(app facts.Object) string {
	message := kinds.Text(app.Body, "status", "operationState", "message")
	for _, r := range kinds.SyncRefused(app.Body) {
		return fmt.Sprintf("%s: %s %s: %s", message, kinds.String(r, "kind"), kinds.String(r, "name"), kinds.String(r, "message"))
	}
	return message
}

// judgeSynced: what was compared must be what is wanted; Argo CD reads the repository at each refresh, but may do so from a
// cache.
func (b *book) judgeSynced(n *node) verdict {
	revision := shownRevision(n.object)
	if b.options.Revision != nil && revision != "" {
		if included, known := b.options.Revision(revision); known && !included {
			return repeat(causeRevision, revisionPause, 0, fmt.Sprintf("it is in sync with %s, which does not contain the wanted revision", revision))
		}
	}
	return done("in sync with " + revision)
}

// outOfSync: only annotations are written, so a sync comes from Argo CD itself or not at all.
func outOfSync(app facts.Object) verdict {
	policy, automated, _ := unstructured.NestedMap(app.Body.Object, "spec", "syncPolicy", "automated")
	if enabled, said := policy["enabled"].(bool); said && !enabled {
		automated = false
	}
	if !automated {
		return failed(fmt.Sprintf("it is out of sync, and not set to sync by itself: somebody must run argocd app sync %s/%s",
			app.Ref.Namespace, app.Ref.Name))
	}
	heals, _ := policy["selfHeal"].(bool)
	synced := kinds.Text(app.Body, "status", "operationState", "syncResult", "revision")
	if !heals && synced != "" && synced == kinds.Text(app.Body, "status", "sync", "revision") {
		return failed(fmt.Sprintf("it is out of sync with %s, which was synced already: something in the cluster was changed since, and self-healing is off", synced))
	}
	return pending(Running, "it is out of sync, and about to sync by itself")
}
