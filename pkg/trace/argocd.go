package trace

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// comparedRevision is the commit that Argo CD last compared with the cluster. It says nothing of what is deployed.
func comparedRevision(app facts.Object) string { return argoRevision(app, "status", "sync") }

// syncedRevision is the commit of the last sync that succeeded (argo-cd v3 pkg/apis/application/v1alpha1/types.go).
func syncedRevision(app facts.Object) string {
	if kinds.Text(app.Body, "status", "operationState", "phase") == "Succeeded" {
		if r := argoRevision(app, "status", "operationState", "syncResult"); r != "" {
			return r
		}
	}
	history := kinds.Items(app.Body, "status", "history")
	if len(history) == 0 {
		return ""
	}
	return argoCommit(kinds.String(history[len(history)-1], "revision"))
}

// argoRevision reads the revision below a path; of an Application with several sources, the first that is a commit.
func argoRevision(app facts.Object, path ...string) string {
	below := nested(app, path...)
	if revision := kinds.String(below, "revision"); revision != "" {
		return argoCommit(revision)
	}
	several, _ := below["revisions"].([]any)
	for _, r := range several {
		if revision, _ := r.(string); kinds.Commit(argoCommit(revision)) != "" {
			return argoCommit(revision)
		}
	}
	return ""
}

// argoCommit writes a commit as Flux does, so that both are compared and shown alike.
func argoCommit(revision string) string {
	if len(revision) == 40 {
		return "sha1:" + revision
	}
	return revision
}

func argoRepository(app facts.Object) string {
	if url := argoSource(app); url != "" {
		return url + ", read by Argo CD"
	}
	return ""
}

// argoSource is the repository of an Application, the first of several.
func argoSource(app facts.Object) string {
	url := kinds.Text(app.Body, "spec", "source", "repoURL")
	for _, source := range kinds.Items(app.Body, "spec", "sources") {
		url = orElse(url, kinds.String(source, "repoURL"))
	}
	return url
}

// assessApplication does not believe Synced alone: it is as old as the last comparison, and names the commit that was
// compared, not the one that runs.
func (v *view) assessApplication(j *judgement, o facts.Object) *judgement {
	j.Revision = syncedRevision(o)
	j.Since = kinds.Time(o.Body, "status", "operationState", "finishedAt")
	phase := kinds.Text(o.Body, "status", "operationState", "phase")
	sync := kinds.Text(o.Body, "status", "sync", "status")
	switch {
	case applicationError(o).Present():
		return comparisonFailed(j, o, applicationError(o))
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

func comparisonFailed(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	j.Summary = fmt.Sprintf("%s: %s", o.Ref, c.Type)
	return j.fail(Finding{
		Code: CodeApplicationComparison, Message: c.Message, Since: since(c), Evidence: quote(c),
		Hint: "Argo CD cannot make or compare the manifests, so nothing new is applied" + runsStill(j),
		Next: commands(
			kubectl(o.Ref.Namespace, "describe %s.%s/%s", resourceName(o.Ref)...),
			kubectl(o.Ref.Namespace, "annotate --overwrite %s.%s/%s argocd.argoproj.io/refresh=hard", resourceName(o.Ref)...),
		),
	})
}

// runsStill says what was synced before, and is deployed.
func runsStill(j *judgement) string {
	if j.Revision == "" {
		return "; nothing was ever synced"
	}
	return fmt.Sprintf("; what was synced at %s runs on", shortRevision(j.Revision))
}

func shortRevision(revision string) string {
	if commit := kinds.Commit(revision); commit != "" {
		return facts.Short(commit)
	}
	return revision
}

// applicationFailed names the objects that were refused: unlike Flux, Argo CD keeps a result for each.
func applicationFailed(j *judgement, o facts.Object) *judgement {
	f := Finding{
		Code: CodeApplicationSyncFailed, Message: kinds.Text(o.Body, "status", "operationState", "message"),
		Since: kinds.Time(o.Body, "status", "operationState", "finishedAt"),
		Hint:  "Argo CD does not try this revision again by itself" + runsStill(j),
		Next:  commands(argocdCommand("get", o.Ref), argocdCommand("sync", o.Ref)),
	}
	var refused []string
	for _, r := range kinds.Items(o.Body, "status", "operationState", "syncResult", "resources") {
		if kinds.String(r, "status") == "SyncFailed" {
			refused = append(refused, fmt.Sprintf("%s: %s", argoResource(r), kinds.String(r, "message")))
		}
	}
	if len(refused) > 0 {
		f.Evidence = []Evidence{{"status.operationState.message", f.Message}}
		f.Message = strings.Join(refused, "\n")
	}
	j.Summary = fmt.Sprintf("%s: the last sync failed", o.Ref)
	if tried := argoRevision(o, "status", "operationState", "syncResult"); tried != "" {
		j.Summary = fmt.Sprintf("%s: the sync to %s failed", o.Ref, shortRevision(tried))
	}
	return j.fail(f)
}

func argoResource(r map[string]any) string {
	name := strings.TrimPrefix(kinds.String(r, "namespace")+"/"+kinds.String(r, "name"), "/")
	return kinds.String(r, "kind") + " " + name
}

// argocdCommand names the Application with its namespace, as those outside Argo CD's own must be.
func argocdCommand(verb string, ref facts.Ref) string {
	return Command("argocd app %s %s/%s", verb, ref.Namespace, ref.Name)
}
