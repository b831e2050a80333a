package reconcile

import (
	"fmt"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// How often and after how long a source is asked again.
const (
	includeTries  = 3
	includePause  = 2 * time.Second
	revisionPause = 2 * time.Second
)

// judgeSource reads a source, chart or generator after its run. A failed fetch keeps the old artifact, and may keep Ready
// (source-controller v1.9.3 internal/controller/gitrepository_controller.go), so the negative conditions come first. A
// Reconciling with reason Progressing is a run that has begun since.
func (b *book) judgeSource(n *node) verdict {
	reconciling := kinds.ConditionOf(n.object.Body, meta.ReconcilingCondition)
	ready := kinds.ConditionOf(n.object.Body, meta.ReadyCondition)
	if reconciling.True() && reconciling.Reason == meta.ProgressingReason && !ready.True() {
		return pending(Running, phase(n.object))
	}
	if v := sourceFault(n); v.kind != undecided {
		return v
	}
	switch {
	case !ready.True():
		// Without a condition that names the fault, the run was cut short, as by an API server that restarted; the message is
		// that of the step which it had come to.
		return repeat(causePassing, passingPause, includeTries, ready.Message)
	case n.ref.Group == kinds.FluxSource && artifactOf(n.object) == "":
		return failed("it is Ready, but has no artifact")
	}
	return b.judgeRevision(n, ready)
}

// sourceFault is the condition that says why there is no newer artifact.
func sourceFault(n *node) verdict {
	for _, name := range []string{kinds.ConditionStorageOperationFailed, kinds.ConditionFetchFailed, kinds.ConditionBuildFailed, meta.StalledCondition, kinds.ConditionIncludeUnavailable} {
		c := kinds.ConditionOf(n.object.Body, name)
		switch {
		case !c.True() || !c.Current(n.object.Body):
		case name == kinds.ConditionIncludeUnavailable && len(n.neededFor(Source)) > 0:
			return repeat(causeArtifact, includePause, includeTries, c.Message)
		case c.Reason == kinds.ReasonNoSourceArtifact || c.Reason == kinds.ReasonSourceFetchFailed:
			return repeat(causeArtifact, includePause, includeTries, c.Message)
		default:
			return failed(c.Message)
		}
	}
	if c := kinds.ConditionOf(n.object.Body, kinds.ConditionSourceVerified); c.False() {
		return failed(c.Message)
	}
	// A generator keeps no condition of its own for sources that it could not fetch (source-watcher v2.2).
	if ready := kinds.ConditionOf(n.object.Body, meta.ReadyCondition); ready.False() && ready.Reason == kinds.ReasonSourceFetchFailed {
		return repeat(causeArtifact, includePause, includeTries, ready.Message)
	}
	return verdict{}
}

// judgeRevision asks again while a commit that was pushed is not there yet: caches and mirrors see it late.
func (b *book) judgeRevision(n *node, ready kinds.Condition) verdict {
	has := shownRevision(n.object)
	if commit := kinds.Commit(has); b.options.Revision != nil && commit != "" {
		if included, known := b.options.Revision(commit); known && !included {
			return repeat(causeRevision, revisionPause, 0, fmt.Sprintf("it has fetched %s, which does not contain the wanted revision", has))
		}
	}
	return done(ready.Message)
}

// judgeStatic reads what no controller can be asked for: an OCI HelmRepository has no status at all, and an ExternalArtifact
// is what its generator, which was asked before, has made of it.
func (b *book) judgeStatic(n *node) verdict {
	if n.ref.Kind == "HelmRepository" {
		return done("an OCI registry, which is read when a chart is")
	}
	ready := kinds.ConditionOf(n.object.Body, meta.ReadyCondition)
	switch {
	case ready.False():
		return failed(ready.Message)
	case artifactOf(n.object) == "":
		return pending(Waiting, "it has no artifact yet")
	case b.behindGenerator(n):
		return pending(Waiting, "what its generator has made is not seen yet")
	}
	return done(ready.Message)
}

// behindGenerator compares with the digest that the generator keeps of each artifact (source-watcher v2.2 api/v1beta1
// artifactgenerator_types.go): the two objects come by watches of their own, in any order.
func (b *book) behindGenerator(n *node) bool {
	generator := b.object(engines.All().SourceOf(n.object))
	for _, made := range kinds.Items(generator.Body, "status", "inventory") {
		if kinds.String(made, "namespace") == n.ref.Namespace && kinds.String(made, "name") == n.ref.Name {
			return kinds.String(made, "digest") != kinds.Text(n.object.Body, "status", "artifact", "digest")
		}
	}
	return false
}
