package trace

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// comparedRevision is the commit that Argo CD last compared with the cluster. It says nothing of what is deployed.
func comparedRevision(app facts.Object) string {
	return argoCommit(kinds.Text(app.Body, "status", "sync", "revision"))
}

// syncedRevision is the commit of the last sync that succeeded (argo-cd v3 pkg/apis/application/v1alpha1/types.go).
func syncedRevision(app facts.Object) string {
	if kinds.Text(app.Body, "status", "operationState", "phase") == "Succeeded" {
		if r := kinds.Text(app.Body, "status", "operationState", "syncResult", "revision"); r != "" {
			return argoCommit(r)
		}
	}
	history := kinds.Items(app.Body, "status", "history")
	if len(history) == 0 {
		return ""
	}
	return argoCommit(kinds.String(history[len(history)-1], "revision"))
}

// argoCommit writes a commit as Flux does, so that both are compared and shown alike.
func argoCommit(revision string) string {
	if len(revision) == 40 {
		return "sha1:" + revision
	}
	return revision
}

func argoRepository(app facts.Object) string {
	if url := kinds.Text(app.Body, "spec", "source", "repoURL"); url != "" {
		return url + ", read by Argo CD"
	}
	return ""
}

// assessApplication does not believe Synced alone: it is as old as the last comparison, and names the commit that was
// compared, not the one that runs.
func (v *view) assessApplication(j *judgement, o facts.Object) *judgement {
	j.Revision = syncedRevision(o)
	j.Current = v.carries(facts.Object{}, j.Revision)
	j.Since = kinds.Time(o.Body, "status", "operationState", "finishedAt")
	phase := kinds.Text(o.Body, "status", "operationState", "phase")
	sync := kinds.Text(o.Body, "status", "sync", "status")
	switch {
	case applicationError(o).Present():
		c := applicationError(o)
		j.Summary = fmt.Sprintf("%s: %s", o.Ref, c.Type)
		return j.fail(Finding{
			Code: CodeApplicationComparison, Message: c.Message, Since: since(c), Evidence: quote(c),
			Hint: "Argo CD cannot make or compare the manifests, so nothing new is applied",
		})
	case phase == "Failed" || phase == "Error":
		return applicationFailed(j, o)
	case phase == "Running" || phase == "Terminating":
		return j.wait(kinds.Time(o.Body, "status", "operationState", "startedAt"), "%s syncs", o.Ref)
	case sync == "OutOfSync":
		return v.outOfSync(j, o)
	case sync != "Synced":
		j.Summary = fmt.Sprintf("%s: sync %s", o.Ref, orElse(sync, "not reported"))
		return j
	}
	return j.ok("%s", o.Ref)
}

// applicationError is the first condition that stops the comparison. Conditions of an Application have no status: they
// are there or not.
func applicationError(app facts.Object) kinds.Condition {
	for _, c := range kinds.Conditions(app.Body) {
		if c.Type == "ComparisonError" || c.Type == "InvalidSpecError" || c.Type == "UnknownError" {
			return c
		}
	}
	return kinds.Condition{}
}

// applicationFailed names the objects that were refused: unlike Flux, Argo CD keeps a result for each.
func applicationFailed(j *judgement, o facts.Object) *judgement {
	f := Finding{
		Code: CodeApplicationSyncFailed, Message: kinds.Text(o.Body, "status", "operationState", "message"),
		Since: kinds.Time(o.Body, "status", "operationState", "finishedAt"),
		Hint:  "Argo CD does not try this revision again by itself",
	}
	var refused []string
	for _, r := range kinds.Items(o.Body, "status", "operationState", "syncResult", "resources") {
		if kinds.String(r, "status") == "SyncFailed" {
			refused = append(refused, fmt.Sprintf("%s %s/%s: %s", kinds.String(r, "kind"), kinds.String(r, "namespace"), kinds.String(r, "name"), kinds.String(r, "message")))
		}
	}
	if len(refused) > 0 {
		f.Message = strings.Join(refused, "\n")
	}
	j.Summary = fmt.Sprintf("%s: the last sync failed", o.Ref)
	return j.fail(f)
}

// outOfSync is on its way where Argo CD syncs by itself, and waits for a person where it does not.
func (v *view) outOfSync(j *judgement, o facts.Object) *judgement {
	j.Current = Behind
	compared := kinds.Time(o.Body, "status", "reconciledAt")
	automated := len(nested(o, "spec", "syncPolicy", "automated")) > 0 || kinds.Bool(o.Body, "spec", "syncPolicy", "automated", "prune")
	if _, set := nested(o, "spec", "syncPolicy")["automated"]; (set || automated) && v.within(compared, behindClock) {
		return j.wait(compared, "%s is out of sync", o.Ref)
	}
	j.Summary = fmt.Sprintf("%s is out of sync", o.Ref)
	hint := "it is not set to sync by itself: somebody must sync it"
	if automated {
		hint = "it syncs by itself, but has not: a sync window, or self-healing is off and only the cluster changed"
	}
	return j.fail(Finding{
		Code: CodeApplicationOutOfSync, Message: fmt.Sprintf("compared %s, and the cluster is not like it", orElse(comparedRevision(o), "an unknown revision")),
		Since: compared, Hint: hint, Evidence: []Evidence{{"status.sync.status", "OutOfSync"}},
	})
}
