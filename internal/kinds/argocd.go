package kinds

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// ApplicationError is the condition that stops the comparison of an Argo CD Application, else the one that stops its sync.
// Conditions of an Application have no status: they are there or not (argo-cd v3 pkg/apis/application/v1alpha1/types.go).
func ApplicationError(app *unstructured.Unstructured) Condition {
	var stopsSync Condition
	for _, c := range Conditions(app) {
		switch c.Type {
		case "ComparisonError", "InvalidSpecError", "UnknownError":
			return c
		case "SyncError":
			stopsSync = c
		}
	}
	return stopsSync
}

// SyncRefused are the objects that the newest sync of an Application could not apply. Unlike Flux, Argo CD keeps a result
// for each.
func SyncRefused(app *unstructured.Unstructured) []map[string]any {
	var refused []map[string]any
	for _, r := range Items(app, "status", "operationState", "syncResult", "resources") {
		if String(r, "status") == "SyncFailed" {
			refused = append(refused, r)
		}
	}
	return refused
}

// ComparedRevision is the commit that Argo CD last compared with the cluster. It says nothing of what is deployed.
func ComparedRevision(app *unstructured.Unstructured) string {
	return argoRevision(app, "status", "sync")
}

// TriedRevision is the commit of the newest sync, whatever came of it. An attempt that begins has no result yet.
func TriedRevision(app *unstructured.Unstructured) string {
	if r := argoRevision(app, "status", "operationState", "syncResult"); r != "" {
		return r
	}
	return argoRevision(app, "status", "operationState", "operation", "sync")
}

// argoRevision reads the revision below a path; of an Application with several sources, the first that is a commit.
func argoRevision(app *unstructured.Unstructured, path ...string) string {
	if app == nil {
		return ""
	}
	below := Fields(app.Object, path...)
	if revision := String(below, "revision"); revision != "" {
		return ArgoCommit(revision)
	}
	several, _ := below["revisions"].([]any)
	for _, r := range several {
		if revision, _ := r.(string); Commit(ArgoCommit(revision)) != "" {
			return ArgoCommit(revision)
		}
	}
	return ""
}

// ArgoCommit writes a commit as Flux does, so that both are compared and shown alike.
func ArgoCommit(revision string) string {
	if len(revision) == 40 {
		return "sha1:" + revision
	}
	return revision
}

// SyncFinished is when the newest sync ended; unknown while it runs.
func SyncFinished(app *unstructured.Unstructured) time.Time {
	return Time(app, "status", "operationState", "finishedAt")
}

// ComparedSinceSync reports whether the newest comparison is not older than the end of the newest sync: what it says is of after
// the sync then. Times have whole seconds (argo-cd v3 cmd/argocd/commands/app.go, checkAppWaitConditions).
func ComparedSinceSync(app *unstructured.Unstructured) bool {
	return !Time(app, "status", "reconciledAt").Before(SyncFinished(app))
}

// Operating reports whether a sync of an Application was requested or runs. One that is retried is Running between its
// attempts as well, and has an end time then (argo-cd v3 controller/appcontroller.go, processRequestedAppOperation).
func Operating(app *unstructured.Unstructured) bool {
	if app == nil {
		return false
	}
	if Fields(app.Object, "operation") != nil {
		return true
	}
	phase := Text(app, "status", "operationState", "phase")
	return phase == "Running" || phase == "Terminating"
}
