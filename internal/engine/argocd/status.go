package argocd

import (
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// applicationError is the condition that stops the comparison of an Argo CD Application, or else its sync. Conditions of an
// Application have no status: only their presence counts (argo-cd v3 pkg/apis/application/v1alpha1/types.go).
func applicationError(app *unstructured.Unstructured) kinds.Condition {
	var stopsSync kinds.Condition
	for _, c := range kinds.Conditions(app) {
		switch c.Type {
		case "ComparisonError", "InvalidSpecError", "UnknownError":
			return c
		case "SyncError":
			stopsSync = c
		}
	}
	return stopsSync
}

// syncRefused lists the objects that the newest sync of an Application could not apply. Unlike Flux, Argo CD keeps a result for
// each object.
func syncRefused(app *unstructured.Unstructured) []map[string]any {
	var refused []map[string]any
	for _, r := range kinds.Items(app, "status", "operationState", "syncResult", "resources") {
		if kinds.String(r, "status") == "SyncFailed" {
			refused = append(refused, r)
		}
	}
	return refused
}

// comparedRevision is the commit that Argo CD last compared with the cluster. It may differ from the deployed commit.
func comparedRevision(app *unstructured.Unstructured) string {
	return revisionAt(app, "status", "sync")
}

// triedRevision is the commit of the newest sync, whatever its result. A new attempt has no result yet.
func triedRevision(app *unstructured.Unstructured) string {
	if r := revisionAt(app, "status", "operationState", "syncResult"); r != "" {
		return r
	}
	return revisionAt(app, "status", "operationState", "operation", "sync")
}

// revisionAt reads the revision below a path. If an Application has several sources, it returns the first revision that is a
// commit.
func revisionAt(app *unstructured.Unstructured, path ...string) string {
	if app == nil {
		return ""
	}
	below := kinds.Fields(app.Object, path...)
	if revision := kinds.String(below, "revision"); revision != "" {
		return commitOf(revision)
	}
	several, _ := below["revisions"].([]any)
	for _, r := range several {
		if revision, _ := r.(string); kinds.Commit(commitOf(revision)) != "" {
			return commitOf(revision)
		}
	}
	return ""
}

// commitOf formats a commit as Flux does, so that both are compared and printed in the same way.
func commitOf(revision string) string {
	if len(revision) == 40 {
		return "sha1:" + revision
	}
	return revision
}

// syncFinished is the time at which the newest sync ended. It is zero while the sync runs.
func syncFinished(app *unstructured.Unstructured) time.Time {
	return kinds.Time(app, "status", "operationState", "finishedAt")
}

// comparedSinceSync reports whether the newest comparison is at least as new as the end of the newest sync, so that its result
// includes that sync. Timestamps have a resolution of one second (argo-cd v3 cmd/argocd/commands/app.go,
// checkAppWaitConditions).
func comparedSinceSync(app *unstructured.Unstructured) bool {
	return !kinds.Time(app, "status", "reconciledAt").Before(syncFinished(app))
}

// operating reports whether a sync of an Application is requested or running. A sync that is retried is Running between attempts
// as well, and then has an end time (argo-cd v3 controller/appcontroller.go, processRequestedAppOperation).
func operating(app *unstructured.Unstructured) bool {
	if app == nil {
		return false
	}
	if kinds.Fields(app.Object, "operation") != nil {
		return true
	}
	phase := kinds.Text(app, "status", "operationState", "phase")
	return phase == "Running" || phase == "Terminating"
}

// Runs returns the last sync that has ended. Argo CD counts none: status.history has the successful ones only, ten by default (argo-cd
// v3 pkg/apis/application/v1alpha1/types.go).
func (Engine) Runs(u *unstructured.Unstructured) engine.Runs {
	began, ended := kinds.Time(u, "status", "operationState", "startedAt"), syncFinished(u)
	if ended.IsZero() || began.IsZero() || ended.Before(began) {
		return engine.Runs{LastEnd: ended}
	}
	return engine.Runs{LastEnd: ended, LastDuration: ended.Sub(began)}
}

// History returns status.history, which has the successful syncs, the oldest first (argo-cd v3
// pkg/apis/application/v1alpha1/types.go, RevisionHistory).
func (Engine) History(u *unstructured.Unstructured) []engine.Applied {
	var all []engine.Applied
	for _, item := range slices.Backward(kinds.Items(u, "status", "history")) {
		entry := &unstructured.Unstructured{Object: item}
		at := kinds.Time(entry, "deployedAt")
		if revision := revisionAt(entry); revision != "" && !at.IsZero() {
			all = append(all, engine.Applied{Revision: revision, First: at, Last: at, Runs: 1})
		}
	}
	return all
}
