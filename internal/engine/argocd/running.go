package argocd

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// How long what is normal for a while may last.
const (
	// autoSyncTimeout: Argo CD begins an automated sync in the very pass that found the difference, and heals itself five seconds
	// after the sync before (argo-cd v3 controller/appcontroller.go, autoSync, selfHealTimeout).
	autoSyncTimeout = time.Minute
	// syncTimeout: a sync has no time limit; the five retries that an automated one has by default take some five minutes.
	syncTimeout = 15 * time.Minute
	// hookTimeout: a hook may move data, and says nothing of how long. Argo CD waits for one that is gone without end.
	hookTimeout = time.Hour
)

// waitingHook is the message of a sync that waits for the hooks of a phase (gitops-engine pkg/sync/sync_context.go).
var waitingHook = regexp.MustCompile(`^waiting for completion of hook (\S+)`)

// applicationSyncs: Argo CD gives a sync no time limit of its own, and holds newer commits back until it ends. Between the
// attempts of one that fails its phase is Running as well, so what was refused is looked for (argo-cd v3
// controller/appcontroller.go, processRequestedAppOperation).
func applicationSyncs(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	message := kinds.Text(o.Body, "status", "operationState", "message")
	began := kinds.Time(o.Body, "status", "operationState", "startedAt")
	if phase := kinds.Text(o.Body, "status", "operationState", "phase"); phase != "Running" && phase != "Terminating" {
		// Requested, and not begun: the operation itself keeps no time.
		began, message = view.Latest(kinds.Time(o.Body, "status", "reconciledAt"), syncFinished(o.Body)), "a sync was requested, and has not begun"
	}
	f := trace.Finding{
		Code: trace.CodeApplicationSyncFailed, Message: cmp.Or(message, "the sync does not end"), Since: began,
		Hint: "newer commits wait until this sync ends, or somebody terminates it" + stillRunningHint(j),
		Next: []string{argocdCommand("get", o.Ref), argocdCommand("terminate-op", o.Ref)},
	}
	clock, hook := syncTimeout, waitingHook.FindStringSubmatch(message)
	if hook != nil {
		clock = hookTimeout
		f.Message = fmt.Sprintf("it waits for the completion of hook %s", hook[1])
		f.Hint = "a hook that was removed before Argo CD saw it complete is waited for without end; " + f.Hint
		f.Evidence = []trace.Evidence{{Path: "status.operationState.message", Value: message}}
	}
	retried := isRetried(o)
	refusedObjects(&f, o)
	switch {
	case retried && !kinds.Passing(f.Message) && triedRevision(o.Body) == comparedRevision(o.Body):
		j.Summary = fmt.Sprintf("%s: the sync fails, and is retried", o.Ref)
		return j.Fail(f)
	case !v.Within(began, clock):
		j.Summary = fmt.Sprintf("%s does not end its sync", o.Ref)
		return j.Fail(v.OrControllerDown(o.Ref, f))
	case retried:
		j.Wait(began, "%s retries the sync to %s", o.Ref, shortRevision(triedRevision(o.Body)))
		return j.Note(trace.Warning, f)
	case hook != nil:
		return j.Wait(began, "%s syncs, and waits for hook %s", o.Ref, hook[1]).Note(trace.Info, f)
	}
	return j.Wait(began, "%s syncs", o.Ref)
}

// isRetried reports whether an attempt of the sync has failed. A new attempt has no results yet; the count stays.
func isRetried(o facts.Object) bool {
	count, _ := kinds.Number(o.Body, "status", "operationState", "retryCount")
	return count > 0 || len(syncRefused(o.Body)) > 0 ||
		strings.Contains(kinds.Text(o.Body, "status", "operationState", "message"), "Retrying attempt #")
}

// notCompared: the comparison is of before the sync, or of another spec.source, so neither Synced nor OutOfSync says how it is
// now. Argo CD compares at once after each of these (argo-cd v3 controller/appcontroller.go).
func notCompared(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	changed := view.Latest(syncFinished(o.Body), v.LastDelivery(o))
	if v.Within(changed, view.ObserveTimeout) {
		return j.Wait(changed, "%s was synced, and is not compared yet", o.Ref)
	}
	compared := kinds.Time(o.Body, "status", "reconciledAt")
	j.Summary = fmt.Sprintf("%s: its comparison is out of date", o.Ref)
	return j.Fail(v.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("it was last compared at %s, and changed since", compared.UTC().Format(time.RFC3339)), Since: changed,
		Hint:     "its controller has not looked at it: is it running?",
		Evidence: []trace.Evidence{{Path: "status.reconciledAt", Value: compared.UTC().Format(time.RFC3339)}},
		Next:     []string{fmt.Sprintf("kubectl -n %s annotate --overwrite %s argocd.argoproj.io/refresh=normal", o.Ref.Namespace, delivery.ResourceName(o.Ref))},
	}))
}
