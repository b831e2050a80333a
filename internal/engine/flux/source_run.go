package flux

import (
	"fmt"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Judge assesses a source, chart or generator after its run. A failed fetch keeps the old artifact, and may keep Ready
// (source-controller v1.9.3 internal/controller/gitrepository_controller.go), so it checks the negative conditions first.
// Reconciling with reason Progressing means that a newer run has started.
func (s Sources) Judge(r engine.Run) engine.Verdict {
	if s.IsStatic(r.Object.Body) {
		return judgeStatic(r)
	}
	if v := Unfinished(s, r); v.Decision != engine.Undecided {
		return v
	}
	reconciling := kinds.ConditionOf(r.Object.Body, meta.ReconcilingCondition)
	ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition)
	if reconciling.True() && reconciling.Reason == meta.ProgressingReason && !ready.True() {
		return engine.Is(engine.Running, Phase(r.Object.Body))
	}
	if v := runFault(r); v.Decision != engine.Undecided {
		return v
	}
	switch {
	case !ready.True():
		// Without a condition for the failure, the run was interrupted, for instance by a restart of the API server; the message
		// is that of the current step.
		return engine.Repeat(engine.Transient, TransientPause, ArtifactTries, ready.Message)
	case r.Object.Ref.Group == kinds.FluxSource && delivery.ArtifactRevision(r.Object) == "":
		return engine.Is(engine.Failed, "it is Ready, but has no artifact")
	}
	return judgeRevision(r, ready)
}

// runFault returns a verdict for the condition that explains a missing newer artifact.
func runFault(r engine.Run) engine.Verdict {
	for _, name := range []string{kinds.ConditionStorageOperationFailed, kinds.ConditionFetchFailed, kinds.ConditionBuildFailed, meta.StalledCondition, kinds.ConditionIncludeUnavailable} {
		c := kinds.ConditionOf(r.Object.Body, name)
		switch {
		case !c.True() || !c.Current(r.Object.Body):
		case name == kinds.ConditionIncludeUnavailable && r.SourceIsRun:
			return engine.Repeat(engine.Artifact, ArtifactPause, ArtifactTries, c.Message)
		case c.Reason == kinds.ReasonNoSourceArtifact || c.Reason == kinds.ReasonSourceFetchFailed:
			return engine.Repeat(engine.Artifact, ArtifactPause, ArtifactTries, c.Message)
		default:
			return engine.Is(engine.Failed, c.Message)
		}
	}
	if c := kinds.ConditionOf(r.Object.Body, kinds.ConditionSourceVerified); c.False() {
		return engine.Is(engine.Failed, c.Message)
	}
	// A generator has no separate condition for sources that it could not fetch (source-watcher v2.2).
	if ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition); ready.False() && ready.Reason == kinds.ReasonSourceFetchFailed {
		return engine.Repeat(engine.Artifact, ArtifactPause, ArtifactTries, ready.Message)
	}
	return engine.Verdict{}
}

// judgeRevision repeats the request while a pushed commit is missing: caches and mirrors are delayed.
func judgeRevision(r engine.Run, ready kinds.Condition) engine.Verdict {
	if has := (Object{}).Revision(r.Object.Body); r.Lacks(kinds.Commit(has)) {
		return engine.Repeat(engine.Revision, engine.RevisionPause, 0, fmt.Sprintf("it has fetched %s, which does not contain the wanted revision", has))
	}
	return engine.Is(engine.Done, ready.Message)
}

// judgeStatic assesses an object that no controller reconciles on request. An OCI HelmRepository has no status at all. An
// ExternalArtifact is written by its generator, which was triggered before.
func judgeStatic(r engine.Run) engine.Verdict {
	if r.Object.Ref.Kind == "HelmRepository" {
		return engine.Is(engine.Done, "an OCI registry: it is read only when a chart is fetched")
	}
	ready := kinds.ConditionOf(r.Object.Body, meta.ReadyCondition)
	switch {
	case ready.False():
		return engine.Is(engine.Failed, ready.Message)
	case delivery.ArtifactRevision(r.Object) == "":
		return engine.Is(engine.Waiting, "it has no artifact yet")
	case behindGenerator(r):
		return engine.Is(engine.Waiting, "the new artifact of its generator is not observed yet")
	}
	return engine.Is(engine.Done, ready.Message)
}

// behindGenerator compares the digest with the one that the generator records for each artifact (source-watcher v2.2 api/v1beta1
// artifactgenerator_types.go). The two objects arrive by separate watches, in any order.
func behindGenerator(r engine.Run) bool {
	for _, made := range kinds.Items(r.Source.Body, "status", "inventory") {
		if kinds.String(made, "namespace") == r.Object.Ref.Namespace && kinds.String(made, "name") == r.Object.Ref.Name {
			return kinds.String(made, "digest") != kinds.Text(r.Object.Body, "status", "artifact", "digest")
		}
	}
	return false
}

// Judge assesses a generator like the source that it generates.
func (Generators) Judge(r engine.Run) engine.Verdict { return Sources{}.Judge(r) }
