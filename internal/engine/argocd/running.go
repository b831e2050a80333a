package argocd

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Time limits for states that are normal for a while.
const (
	// autoSyncTimeout limits the wait for an automated sync. Argo CD starts it in the same pass that found the difference, and
	// self-heals five seconds after the previous sync (argo-cd v3 controller/appcontroller.go, autoSync, selfHealTimeout).
	autoSyncTimeout = time.Minute
	// syncTimeout limits a sync, which has no time limit of its own. The default five retries of an automated sync take about
	// five minutes.
	syncTimeout = 15 * time.Minute
	// hookTimeout limits a hook. A hook may migrate data and declares no duration. Argo CD waits indefinitely for a deleted
	// hook.
	hookTimeout = time.Hour
)

// waitingHook matches the message of a sync that waits for the hooks of a phase (gitops-engine pkg/sync/sync_context.go).
var waitingHook = regexp.MustCompile(`^waiting for completion of hook (\S+)`)

// applicationSyncs assesses a running sync. Argo CD sets no time limit for a sync and delays newer commits until it ends. A sync
// that is retried is in the phase Running between attempts as well, so rejected objects are checked too (argo-cd v3
// controller/appcontroller.go, processRequestedAppOperation).
func applicationSyncs(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	message := kinds.Text(o.Body, "status", "operationState", "message")
	began := kinds.Time(o.Body, "status", "operationState", "startedAt")
	if phase := kinds.Text(o.Body, "status", "operationState", "phase"); phase != "Running" && phase != "Terminating" {
		// The sync is requested but not started: the operation itself has no timestamp.
		began, message = view.Latest(kinds.Time(o.Body, "status", "reconciledAt"), syncFinished(o.Body)), "a sync was requested, but has not started"
	}
	f := trace.Finding{
		Code: trace.CodeApplicationSyncFailed, Message: cmp.Or(message, "the sync does not finish"), Since: began,
		Hint: "Newer commits wait until this sync finishes or is terminated" + stillRunningHint(j), NextSteps: terminate(o.Ref),
	}
	clock, hook := syncTimeout, waitingHook.FindStringSubmatch(message)
	if hook != nil {
		clock = hookTimeout
		f.Message = fmt.Sprintf("it waits for the completion of hook %s", hook[1])
		f.Hint = "Argo CD waits without limit for a hook that was deleted before it completed. " + f.Hint
		f.Evidence = []trace.Evidence{{Path: "status.operationState.message", Value: message}}
	}
	retried := isRetried(o)
	refusedObjects(&f, o)
	switch {
	case retried && !kinds.IsTransient(f.Message) && triedRevision(o.Body) == comparedRevision(o.Body):
		j.Summary = fmt.Sprintf("%s: the sync fails and is retried", o.Ref)
		return j.Fail(f)
	case !v.Within(began, clock):
		j.Summary = fmt.Sprintf("%s does not finish its sync", o.Ref)
		return j.Fail(v.OrControllerDown(o.Ref, f))
	case retried && triedRevision(o.Body) != comparedRevision(o.Body):
		f.Hint = fmt.Sprintf("Argo CD retries %s, and %s waits until this sync finishes: terminate it%s", shortRevision(triedRevision(o.Body)), cmp.Or(shortRevision(comparedRevision(o.Body)), "a newer commit"), stillRunningHint(j))
		j.Wait(began, "%s retries the sync to %s", o.Ref, shortRevision(triedRevision(o.Body)))
		return j.Note(trace.Warning, f)
	case retried:
		j.Wait(began, "%s retries the sync to %s", o.Ref, shortRevision(triedRevision(o.Body)))
		return j.Note(trace.Warning, f)
	case hook != nil:
		return j.Wait(began, "%s is syncing and waits for hook %s", o.Ref, hook[1]).Note(trace.Info, f)
	}
	return j.Wait(began, "%s is syncing", o.Ref)
}

// terminate are the commands that show a sync under way, and end it. They name the Application with its namespace, as those outside
// Argo CD's own must be.
func terminate(ref facts.Ref) []trace.NextStep {
	var steps []trace.NextStep
	for _, verb := range []string{"get", "terminate-op"} {
		if line := command.Format("argocd app %s %s/%s", verb, ref.Namespace, ref.Name); line != "" {
			steps = append(steps, trace.NextStep{Role: trace.RoleDeveloper, Plane: facts.Control, Command: line})
		}
	}
	return steps
}

// isRetried reports whether an attempt of the sync has failed. A new attempt has no results yet, but the retry count remains.
func isRetried(o facts.Object) bool {
	count, _ := kinds.Number(o.Body, "status", "operationState", "retryCount")
	return count > 0 || len(syncRefused(o.Body)) > 0 ||
		strings.Contains(kinds.Text(o.Body, "status", "operationState", "message"), "Retrying attempt #")
}

// notCompared reports a comparison that is older than the sync or used another spec.source, so Synced and OutOfSync are out of
// date. Argo CD compares immediately after each of these changes (argo-cd v3 controller/appcontroller.go).
func notCompared(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	changed := view.Latest(syncFinished(o.Body), v.LastDelivery(o))
	if v.Within(changed, view.ObserveTimeout) {
		return j.Wait(changed, "%s was synced, but is not compared yet", o.Ref)
	}
	compared := kinds.Time(o.Body, "status", "reconciledAt")
	j.Summary = fmt.Sprintf("%s: its comparison is out of date", o.Ref)
	return j.Fail(v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("it was last compared at %s, but changed since", compared.UTC().Format(time.RFC3339)), Since: changed,
		Hint:     "its controller has not reconciled it: check that the controller runs",
		Evidence: []trace.Evidence{{Path: "status.reconciledAt", Value: compared.UTC().Format(time.RFC3339)}},
	}))
}
