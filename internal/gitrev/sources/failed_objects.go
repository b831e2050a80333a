package sources

import (
	"slices"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// FailedObjects are the files and objects that the Kustomizations on the subject's way blame for their failure, each once.
func FailedObjects(s *facts.Snapshot) []gitrev.FailedObject {
	var all []gitrev.FailedObject
	for _, ref := range collect.Delivery(s) {
		if ref.Group != kinds.FluxKustomize {
			continue
		}
		for _, c := range failuresOf(s, s.Object(ref)) {
			if found, ok := failedObject(s, s.Object(ref), c); ok && !slices.Contains(all, found) {
				all = append(all, found)
			}
		}
	}
	return all
}

// failure is why a Kustomization failed, and at which revision.
type failure struct{ reason, message, revision string }

// failuresOf are in the condition and in the events: the condition is overwritten by each new run.
func failuresOf(s *facts.Snapshot, ks facts.Object) []failure {
	var all []failure
	if ready := kinds.ConditionOf(ks.Body, meta.ReadyCondition); ready.False() {
		all = append(all, failure{ready.Reason, ready.Message, kinds.Text(ks.Body, "status", "lastAttemptedRevision")})
	}
	for _, e := range events.About(s.Of(ks.Ref.Plane, kinds.Core, "Event"), ks) {
		if revision := e.Annotations[kinds.EventRevision]; revision == fetched(s, ks) {
			all = append(all, failure{e.Reason, e.Message, revision})
		}
	}
	return all
}

// fetched is the revision that the source of a Kustomization has; only what is wrong with that one counts.
func fetched(s *facts.Snapshot, ks facts.Object) string {
	return kinds.Text(sourceOf(s, ks).Body, "status", "artifact", "revision")
}

func sourceOf(s *facts.Snapshot, ks facts.Object) facts.Object {
	return s.Object(engines.All().SourceOf(ks))
}

// failedObject reports which file or object a failure names. Only the message of a build names files; a file in another message is none of the source's.
func failedObject(s *facts.Snapshot, ks facts.Object, c failure) (gitrev.FailedObject, bool) {
	found := gitrev.FailedObject{
		Applier: ks.Ref, URL: kinds.Text(sourceOf(s, ks).Body, "spec", "url"), Folder: kinds.Text(ks.Body, "spec", "path"),
		Commit: kinds.Commit(c.revision),
	}
	if found.Commit == "" {
		found.Commit = kinds.Commit(fetched(s, ks))
	}
	object, what := kinds.NamedObject(c.message)
	switch {
	case what != "":
		found.Object = engine.Ref(object)
	case c.reason == meta.BuildFailedReason:
		found.File, found.FromRoot = kinds.NamedFile(c.message)
	}
	return found, what != "" || found.File != ""
}
