package argocd

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// outOfSync is Progressing if the Application is automated; otherwise a user must sync it. If the revision is already synced,
// only self-healing syncs it again (argo-cd v3 controller/appcontroller.go, autoSync).
func outOfSync(v *view.Component, j *result.Result, o facts.Object) *result.Result {
	j.Current = trace.Behind
	compared := kinds.Time(o.Body, "status", "reconciledAt")
	automated, heals := automation(o)
	again := comparedRevision(o.Body) == j.Revision
	effective := !selfHealFails(o) && !onlyPruningLeft(o)
	if automated && (heals || !again) && effective && v.Within(compared, autoSyncTimeout) {
		return j.Wait(compared, "%s is out of sync", o.Ref)
	}
	j.Summary = fmt.Sprintf("%s is out of sync", o.Ref)
	fix, hint := trace.FixUnknown, "automated sync is on, but it has not synced: check for a sync window that forbids it"
	switch {
	case onlyPruningLeft(o):
		hint = "only deletions are left, and automated pruning is off: sync it with --prune"
	case selfHealFails(o):
		fix, hint = trace.FixSpec, "Argo CD synced this revision again and it still differs, so another sync does not help. The diff shows the field: if the API server drops it, remove the field from Git; if another controller sets it, add it to spec.ignoreDifferences"
	case !automated:
		hint = "automated sync is off: sync it" + stillRunningHint(j)
	case again && !heals:
		hint = "this revision was synced: the API server drops a field, or an object in the cluster was changed since, and selfHeal is off"
	}
	return j.Fail(trace.Finding{
		Code: trace.CodeApplicationOutOfSync, Message: differences(o), Since: j.Since, Hint: hint, Fix: fix,
		Evidence: []trace.Evidence{{Path: "status.sync.status", Value: "OutOfSync"}, {Path: "status.sync.revision", Value: comparedRevision(o.Body)}},
	})
}

// selfHealFails reports whether self-healing synced the compared revision again, and the comparison after that still finds a
// difference. An example is a field that the API server drops. Argo CD counts its attempts and names the objects that it heals
// (argo-cd v3 controller/appcontroller.go, autoSync).
func selfHealFails(o facts.Object) bool {
	attempts, _ := kinds.Number(o.Body, "status", "operationState", "operation", "sync", "autoHealAttemptsCount")
	healed := attempts > 0 || len(kinds.Items(o.Body, "status", "operationState", "operation", "sync", "resources")) > 0
	return healed && triedRevision(o.Body) == comparedRevision(o.Body) && comparedSinceSync(o.Body)
}

// onlyPruningLeft reports whether all differing objects are to be deleted. An automated sync deletes objects only if prune is
// set.
func onlyPruningLeft(o facts.Object) bool {
	if prune, _ := view.Nested(o, "spec", "syncPolicy", "automated")["prune"].(bool); prune {
		return false
	}
	differ := false
	for _, r := range kinds.Items(o.Body, "status", "resources") {
		if kinds.String(r, "status") != "OutOfSync" {
			continue
		}
		if prune, _ := r["requiresPruning"].(bool); !prune {
			return false
		}
		differ = true
	}
	return differ
}

// automation reads spec.syncPolicy.automated. Its presence enables automation, unless its field enabled is false.
func automation(o facts.Object) (automated, heals bool) {
	if view.Nested(o, "spec", "syncPolicy")["automated"] == nil {
		return false, false
	}
	policy := view.Nested(o, "spec", "syncPolicy", "automated")
	if enabled, said := policy["enabled"].(bool); said && !enabled {
		return false, false
	}
	heals, _ = policy["selfHeal"].(bool)
	return true, heals
}

// maxDifferences limits the number of objects that are named.
const maxDifferences = 5

// differences names the objects in the cluster that differ from the compared revision.
func differences(o facts.Object) string {
	var all []string
	for _, r := range kinds.Items(o.Body, "status", "resources") {
		if kinds.String(r, "status") != "OutOfSync" {
			continue
		}
		name := resource(r)
		if prune, _ := r["requiresPruning"].(bool); prune {
			name += " (to be deleted)"
		}
		all = append(all, name)
	}
	revision := cmp.Or(shortRevision(comparedRevision(o.Body)), "an unknown revision")
	if len(all) == 0 {
		return fmt.Sprintf("the cluster differs from %s", revision)
	}
	more := ""
	if len(all) > maxDifferences {
		more = fmt.Sprintf(" and %d more", len(all)-maxDifferences)
		all = all[:maxDifferences]
	}
	return fmt.Sprintf("the cluster differs from %s: %s%s", revision, strings.Join(all, ", "), more)
}
