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
	if c := applicationError(app); c.Present() {
		return failed(c.Message)
	}
	switch {
	case operating(app):
		return pending(Running, "it syncs")
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

// applicationError is the first condition that stops the comparison or the sync. Conditions of an Application have no status:
// they are there or not.
func applicationError(app facts.Object) kinds.Condition {
	for _, c := range kinds.Conditions(app.Body) {
		switch c.Type {
		case "ComparisonError", "InvalidSpecError", "UnknownError", "SyncError":
			return c
		}
	}
	return kinds.Condition{}
}

// operating reports whether a sync was requested, runs, or has ended after the last comparison.
func operating(app facts.Object) bool {
	_, requested, _ := unstructured.NestedMap(app.Body.Object, "operation")
	_, started, _ := unstructured.NestedMap(app.Body.Object, "status", "operationState")
	finished := kinds.Time(app.Body, "status", "operationState", "finishedAt")
	return requested || (started && (finished.IsZero() || kinds.Time(app.Body, "status", "reconciledAt").Before(finished)))
}

// syncFailed reports whether the newest sync has failed with the revision that was compared: Argo CD does not try that again.
// With another revision it does.
func syncFailed(app facts.Object) bool {
	tried := kinds.Text(app.Body, "status", "operationState", "syncResult", "revision")
	if tried != "" && tried != kinds.Text(app.Body, "status", "sync", "revision") {
		return false
	}
	phase := kinds.Text(app.Body, "status", "operationState", "phase")
	return phase == "Failed" || phase == "Error"
}

// syncFailure names the first object that was refused: unlike Flux, Argo CD keeps a result for each.
func syncFailure(app facts.Object) string {
	message := kinds.Text(app.Body, "status", "operationState", "message")
	for _, r := range kinds.Items(app.Body, "status", "operationState", "syncResult", "resources") {
		if kinds.String(r, "status") == "SyncFailed" {
			return fmt.Sprintf("%s: %s %s: %s", message, kinds.String(r, "kind"), kinds.String(r, "name"), kinds.String(r, "message"))
		}
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
