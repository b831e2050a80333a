package binding

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/component"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/secretreference"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessBinding judges the ReleaseBinding by its first two conditions. ResourcesReady and Ready repeat what the rungs
// below show better, and may speak of the generation before (openchoreo v1.2.3 releasebinding/controller.go:729).
func AssessBinding(p *view.Environment) *result.Result {
	o := p.Binding
	j := result.New(trace.RungBinding, o.Ref)
	if o.Outcome != facts.Found {
		return noBinding(p, j)
	}
	j.Current = delivery.DeclaredCurrency(p.Component, o)
	if j.Current == trace.CurrencyUnknown {
		j.Current = trace.Current
	}
	synced := kinds.ConditionOf(o.Body, kinds.ConditionReleaseSynced)
	// Until they are met, a new binding has no ReleaseSynced at all, and the message of Ready misleads.
	connected := kinds.ConditionOf(o.Body, kinds.ConditionConnectionsResolved)
	pending := kinds.ConditionOf(o.Body, kinds.ConditionResourceDependenciesReady)
	delivery.AddWarnings(p.Component, j, o)
	bindingWarnings(p, j, o)
	switch {
	case len(p.Bindings(p.Name)) > 1 && synced.Reason != kinds.ReasonReleaseOwnershipConflict:
		return severalBindings(p, j)
	case p.IsTerminating(j, o):
		return j
	case view.Deleting(o.Body):
		j.Summary = fmt.Sprintf("%s is being deleted", o.Ref.Name)
		f := p.TerminatingFinding(o)
		f.Hint = "its Ready condition is out of date"
		j.Cause = result.CausedBy(trace.RungRendered)
		return j.Fail(f)
	case kinds.Text(o.Body, "spec", "state") == "Undeploy" && (synced.Current(o.Body) || p.Rendered.Outcome != facts.Found):
		j.State, j.Since, j.Summary = trace.Suspended, view.LastTransition(synced), fmt.Sprintf("%s: undeployed (spec.state: Undeploy)", o.Ref.Name)
		return j
	case synced.False() && synced.Current(o.Body):
		return notSynced(p, j, o, synced)
	case connected.False() && connected.Current(o.Body):
		return connectionsPending(p, j, o, connected)
	case pending.False() && pending.Current(o.Body):
		return resourcesPending(p, j, o, pending)
	case !synced.Present():
		return notReconciled(p, j, o)
	case !synced.Current(o.Body):
		delivery.NotObserved(p.Component, j, o, synced)
		j.ReplacesBelow = true
		return j
	}
	return bindingReady(p, j, o)
}

// notReconciled: a new binding gets its first condition within a moment, or no controller works.
func notReconciled(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	made := view.CreatedAt(o)
	if p.Within(made, view.ObserveTimeout) {
		return j.Wait(made, "%s: not reconciled yet", o.Ref.Name)
	}
	return j.Fail(p.OrControllerDown(o.Ref, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("%s has no ReleaseSynced condition", o.Ref), Since: made,
		Hint: "its controller has not reconciled it: check that the controller runs",
	}))
}

func noBinding(p *view.Environment, j *result.Result) *result.Result {
	j.Object = p.Ref("ReleaseBinding", "")
	if o, unread := p.UnreadBinding(); unread {
		j.CannotRead(o)
		return j
	}
	j.Summary = "no ReleaseBinding"
	f := trace.Finding{
		Code:    trace.CodeReleaseBindingNotFound,
		Message: fmt.Sprintf("no ReleaseBinding binds %s to environment %s", p.ComponentName, p.Name),
		Hint:    "nothing is deployed there without a ReleaseBinding that names a ComponentRelease" + existingReleases(p),
	}
	vanished := delivery.ExplainVanished(p.Component, &f, func(ref facts.Ref) bool {
		return ref.Kind == "ReleaseBinding" && ref.Name == p.ComponentName+"-"+p.Name
	})
	if !vanished && !mustBeBound(p) {
		j.State = trace.Suspended
		if p.Listed(facts.Control, kinds.FluxKustomize, "Kustomization", "").Truncated {
			j.Summary = "no ReleaseBinding; only the inventories of the component's own Kustomizations were read"
		}
		return j
	}
	j.Cause = result.NotFound()
	return j.Fail(f)
}

// existingReleases names the newest release, which a new binding can deploy, or says that there is none yet.
func existingReleases(p *view.Environment) string {
	releases := p.OwnedBy("ComponentRelease", p.ComponentName)
	if len(releases) > 0 {
		newest := slices.MaxFunc(releases, func(a, b facts.Object) int { return view.CreatedAt(a).Compare(view.CreatedAt(b)) })
		return ", such as " + newest.Ref.Name
	}
	if l := p.Listed(facts.Control, kinds.OpenChoreo, "ComponentRelease", p.Namespace); l.Outcome == facts.Found && !l.Truncated {
		return ", and the component has no ComponentRelease yet: create both"
	}
	return ""
}

// IsReleasing reports whether a Kustomization of one of the subject's sources has not come to what the source has, and is not
// late yet: it may bring the binding that is not there, as bindings can have a Kustomization of their own.
func IsReleasing(p *view.Environment) bool {
	if p.Binding.Outcome == facts.Found {
		return false
	}
	for _, ks := range p.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		source := p.Object(p.Engines.SourceOf(ks))
		revision := delivery.ArtifactRevision(source)
		fetched := kinds.Time(source.Body, "status", "artifact", "lastUpdateTime")
		if revision != "" && revision != kinds.Text(ks.Body, "status", "lastAppliedRevision") && !p.Engines.IsPaused(ks) && p.Within(fetched, view.DependencyTimeout) {
			return true
		}
	}
	return false
}

// mustBeBound: an environment that was requested by name, and the first of the pipeline when there is none at all.
func mustBeBound(p *view.Environment) bool {
	for _, asked := range p.Subject.Environments {
		if asked == p.Name {
			return true
		}
	}
	return len(p.Bindings("")) == 0 && p.EnvironmentNames[0] == p.Name
}

// bindingReady: what is left to say is about the resources, and is judged where they are.
func bindingReady(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	j.Since = view.LastTransition(ready)
	if ready.True() {
		return j.OK("%s", o.Ref.Name)
	}
	c := kinds.ConditionOf(o.Body, kinds.ConditionResourcesReady)
	if c.True() { // it waits for something else
		c = ready
	}
	if c.Reason == kinds.ReasonResourceApplyFailed {
		j.Cause = result.CausedBy(trace.RungRendered)
	}
	if neverRendered(p, ready) {
		j.Cause = result.CausedBy(trace.RungRendered)
		return j.Fail(trace.Finding{Code: trace.CodeReleaseBindingFailed, Message: cmp.Or(c.Message, ready.Message), Since: view.LastTransition(ready), Evidence: view.ConditionEvidence(c)})
	}
	return j.Wait(view.LastTransition(ready), "its objects are not ready: %s", cmp.Or(c.Reason, ready.Reason))
}

// neverRendered reports whether the binding waits for objects of a RenderedRelease that is missing. Its controller owns and
// watches it, so one that is deleted is created again within seconds (openchoreo v1.2.3 releasebinding/controller.go:1541).
func neverRendered(p *view.Environment, ready kinds.Condition) bool {
	l := p.Listed(facts.Control, kinds.OpenChoreo, "RenderedRelease", p.Namespace)
	missing := l.Outcome == facts.Found && !l.Truncated && p.Rendered.Outcome != facts.Found
	synced := kinds.ConditionOf(p.Binding.Body, kinds.ConditionReleaseSynced)
	return missing && !p.Within(view.Latest(view.LastTransition(synced), view.LastTransition(ready)), view.ObserveTimeout)
}

// missingRungs reports where the object that a NotFound reason names is judged.
func missingRungs() map[string]trace.RungID {
	return map[string]trace.RungID{
		kinds.ReasonComponentReleaseNotFound: trace.RungRelease,
		kinds.ReasonEnvironmentNotFound:      trace.RungEnvironment,
		kinds.ReasonDataPlaneNotFound:        trace.RungEnvironment,
		kinds.ReasonComponentNotFound:        trace.RungComponent,
		kinds.ReasonProjectNotFound:          trace.RungProject,
	}
}

func notSynced(p *view.Environment, j *result.Result, o facts.Object, c kinds.Condition) *result.Result {
	if component.Conflict(c.Message) && p.Within(view.LastTransition(c), view.ObserveTimeout) {
		j.ReplacesBelow = true
		return j.Wait(view.LastTransition(c), "%s: update conflict, OpenChoreo retries", o.Ref.Name)
	}
	if secretreference.HasCome(p, j, c) {
		return j
	}
	f := trace.Finding{Code: trace.CodeReleaseBindingFailed, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c)}
	named, known := missingRungs()[c.Reason]
	if !known {
		explainBinding(p, &f, c)
		return j.FailWithCode(o.Ref.Name, f)
	}
	missing := namedByReason(p, c.Reason)
	switch missing.Outcome {
	case facts.Found:
		return stale(p, j, f, missing)
	case facts.Absent:
		j.Cause = result.CausedBy(named)
		f.Code = trace.Code(c.Reason)
		f.Path = []facts.Ref{missing.Ref}
		return j.FailWithCode(o.Ref.Name, f)
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
		j.Note(trace.Warning, f)
		j.CannotRead(missing)
	}
	return j
}

// namedByReason is the object that does not exist according to a NotFound reason. The component and project are looked up
// through the release's owner, not the binding's (openchoreo v1.2.3 releasebinding/controller.go:231).
func namedByReason(p *view.Environment, reason string) facts.Object {
	release := p.Object(p.Ref("ComponentRelease", p.ReleaseName()))
	switch reason {
	case kinds.ReasonComponentReleaseNotFound:
		return release
	case kinds.ReasonEnvironmentNotFound:
		return p.Object(p.Ref("Environment", p.Name))
	case kinds.ReasonDataPlaneNotFound:
		return p.DataPlane()
	case kinds.ReasonComponentNotFound:
		return p.Object(p.Ref("Component", cmp.Or(kinds.Text(release.Body, "spec", "owner", "componentName"), p.ComponentName)))
	case kinds.ReasonProjectNotFound:
		return p.Object(p.Ref("Project", cmp.Or(kinds.Text(release.Body, "spec", "owner", "projectName"), p.ProjectName)))
	}
	return facts.Object{}
}

// stale: the binding's controller neither watches what it did not find, nor looks again by itself before its resync
// ten hours later (openchoreo v1.2.3 releasebinding/controller.go:171 and :1539). Any change of its metadata triggers it, and so
// does its own writing of the condition: what was there already, and only not in its cache, it finds then.
func stale(p *view.Environment, j *result.Result, f trace.Finding, there facts.Object) *result.Result {
	if p.Within(view.Latest(f.Since, view.CreatedAt(there)), view.StaleTimeout) {
		return j.Wait(f.Since, "%s: %s was created a moment ago", p.Binding.Ref.Name, there.Ref)
	}
	f.Code = trace.CodeStaleNotFound
	f.Hint = fmt.Sprintf("%s exists; OpenChoreo does not retry", there.Ref)
	f.Evidence = append(f.Evidence, trace.Evidence{Path: there.Ref.String() + " metadata.creationTimestamp", Value: there.Body.GetCreationTimestamp().UTC().Format("2006-01-02T15:04:05Z")})
	p.Retriggers(&f, p.Binding.Ref)
	return j.FailWithCode(p.Binding.Ref.Name, f)
}
