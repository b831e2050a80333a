package trace

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// assessBinding judges the ReleaseBinding by its first two conditions. ResourcesReady and Ready repeat what the rungs
// below show better, and may speak of the generation before (openchoreo v1.2.3 releasebinding/controller.go:729).
func assessBinding(p *place) *judgement {
	o := p.binding
	j := rung(RungBinding, o.Ref)
	if o.Outcome != facts.Found {
		return p.noBinding(j)
	}
	j.Current = p.declaredCurrency(o)
	if j.Current == CurrencyUnknown {
		j.Current = Current
	}
	synced := kinds.ConditionOf(o.Body, "ReleaseSynced")
	// Until they are met, a new binding has no ReleaseSynced at all, and Ready says so in words that mislead.
	connected := kinds.ConditionOf(o.Body, "ConnectionsResolved")
	pending := kinds.ConditionOf(o.Body, "ResourceDependenciesReady")
	p.deliveryNotes(j, o)
	p.bindingNotes(j, o)
	switch {
	case len(p.bindings(p.name)) > 1 && synced.Reason != "ReleaseOwnershipConflict":
		return p.severalBindings(j)
	case p.ending(j, o):
		return j
	case deleting(o.Body):
		j.Summary = fmt.Sprintf("%s is being deleted", o.Ref.Name)
		f := terminating(o)
		f.Hint = "its Ready no longer says anything"
		j.follows = RungRendered
		return j.fail(f)
	case kinds.Text(o.Body, "spec", "state") == "Undeploy" && (synced.Current(o.Body) || p.rendered.Outcome != facts.Found):
		j.State, j.Since, j.Summary = Suspended, since(synced), fmt.Sprintf("%s: undeployed, as spec.state asks", o.Ref.Name)
		return j
	case synced.False() && synced.Current(o.Body):
		return p.notSynced(j, o, synced)
	case connected.False() && connected.Current(o.Body):
		return p.connectionsPending(j, o, connected)
	case pending.False() && pending.Current(o.Body):
		return p.resourcesPending(j, o, pending)
	case !synced.Present():
		return p.notLookedAt(j, o)
	case !synced.Current(o.Body):
		p.notObserved(j, o, synced)
		j.replaces = true
		return j
	}
	return p.bindingReady(j, o)
}

// notLookedAt: a new binding gets its first condition within a moment, or nobody works.
func (p *place) notLookedAt(j *judgement, o facts.Object) *judgement {
	made := createdAt(o)
	if p.within(made, observeClock) {
		return j.wait(made, "%s: not looked at yet", o.Ref.Name)
	}
	return j.fail(p.orControllerDown(o.Ref, Finding{
		Code: CodeNotObserved, Message: fmt.Sprintf("%s has no ReleaseSynced condition", o.Ref), Since: made,
		Hint: "its controller has not looked at it: is it running?",
	}))
}

func (p *place) noBinding(j *judgement) *judgement {
	l := p.Listed(facts.Control, kinds.OpenChoreo, "ReleaseBinding", p.ns)
	j.Object = p.ref("ReleaseBinding", "")
	if j.unanswered(j.Object, l.Outcome, l.Reason) {
		return j
	}
	for _, item := range l.Items {
		if o := p.Object(item); o.Outcome == facts.Forbidden || o.Outcome == facts.Unreachable || o.Outcome == facts.Invalid {
			j.unread(o)
			return j
		}
	}
	j.Summary = "not bound"
	f := Finding{
		Code:    CodeBindingAbsent,
		Message: fmt.Sprintf("no ReleaseBinding binds %s to environment %s", p.component, p.name),
		Hint:    "nothing runs there until a ReleaseBinding names a ComponentRelease for it",
	}
	p.vanished(&f, func(ref facts.Ref) bool { return ref.Kind == "ReleaseBinding" && ref.Name == p.component+"-"+p.name })
	if f.Wake.IsZero() && !p.mustBeBound() {
		j.State = Suspended
		return j
	}
	j.absent = true
	return j.fail(f)
}

// underWay reports whether a Kustomization of one of the subject's sources has not come to what the source has, and is not
// late yet: it may bring the binding that is not there, as bindings can have a Kustomization of their own.
func (p *place) underWay() bool {
	if p.binding.Outcome == facts.Found {
		return false
	}
	for _, ks := range p.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		source := p.Object(sourceOf(ks))
		revision := artifactRevision(source)
		fetched := kinds.Time(source.Body, "status", "artifact", "lastUpdateTime")
		if revision != "" && revision != kinds.Text(ks.Body, "status", "lastAppliedRevision") && !kinds.Paused(ks.Body) && p.within(fetched, dependencyClock) {
			return true
		}
	}
	return false
}

// mustBeBound: an environment that was asked for by name, and the first of the pipeline when there is none at all.
func (p *place) mustBeBound() bool {
	for _, asked := range p.Subject.Environments {
		if asked == p.name {
			return true
		}
	}
	return len(p.bindings("")) == 0 && p.environments[0] == p.name
}

// bindingReady: what is left to say is about the resources, and is judged where they are.
func (p *place) bindingReady(j *judgement, o facts.Object) *judgement {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	j.Since = since(ready)
	if ready.True() {
		return j.ok("%s", o.Ref.Name)
	}
	c := kinds.ConditionOf(o.Body, "ResourcesReady")
	if c.Reason == "ResourceApplyFailed" {
		j.follows = RungRendered
	}
	if p.neverRendered(ready) {
		j.follows = RungRendered
		return j.fail(Finding{Code: CodeBindingFailed, Message: orElse(c.Message, ready.Message), Since: since(ready), Evidence: quote(c)})
	}
	return j.wait(since(ready), "waits for its objects: %s", orElse(c.Reason, ready.Reason))
}

// neverRendered reports whether the binding waits for objects of a RenderedRelease that is missing. Its controller owns and
// watches it, so one that is deleted is created again within seconds (openchoreo v1.2.3 releasebinding/controller.go:1541).
func (p *place) neverRendered(ready kinds.Condition) bool {
	l := p.Listed(facts.Control, kinds.OpenChoreo, "RenderedRelease", p.ns)
	missing := l.Outcome == facts.Found && !l.Truncated && p.rendered.Outcome != facts.Found
	synced := kinds.ConditionOf(p.binding.Body, "ReleaseSynced")
	return missing && !p.within(newest(since(synced), since(ready)), observeClock)
}

// absentRungs says where the object that a NotFound reason names is judged.
func absentRungs() map[string]RungID {
	return map[string]RungID{
		"ComponentReleaseNotFound": RungRelease,
		"EnvironmentNotFound":      RungEnvironment,
		"DataPlaneNotFound":        RungEnvironment,
		"ComponentNotFound":        RungComponent,
		"ProjectNotFound":          RungProject,
	}
}

func (p *place) notSynced(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	if conflict(c.Message) && p.within(since(c), observeClock) {
		j.replaces = true
		return j.wait(since(c), "%s: a conflict, tried again", o.Ref.Name)
	}
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, c.Reason)
	f := Finding{Code: CodeBindingFailed, Message: c.Message, Since: since(c), Evidence: quote(c)}
	named, known := absentRungs()[c.Reason]
	if !known {
		p.explainBinding(&f, c)
		return j.fail(f)
	}
	missing := p.namedByReason(c.Reason)
	switch missing.Outcome {
	case facts.Found:
		return p.stale(j, f, missing)
	case facts.Absent:
		j.follows = named
		f.Code = Code(c.Reason)
		f.Path = []facts.Ref{missing.Ref}
		return j.fail(f)
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
		j.note(Warning, f)
		j.unread(missing)
	}
	return j
}

// namedByReason is the object that a NotFound reason says is not there. The component and project are looked up
// through the release's owner, not the binding's (openchoreo v1.2.3 releasebinding/controller.go:231).
func (p *place) namedByReason(reason string) facts.Object {
	release := p.Object(p.ref("ComponentRelease", p.releaseName()))
	switch reason {
	case "ComponentReleaseNotFound":
		return release
	case "EnvironmentNotFound":
		return p.Object(p.ref("Environment", p.name))
	case "DataPlaneNotFound":
		return p.dataPlane()
	case "ComponentNotFound":
		return p.Object(p.ref("Component", orElse(kinds.Text(release.Body, "spec", "owner", "componentName"), p.component)))
	case "ProjectNotFound":
		return p.Object(p.ref("Project", orElse(kinds.Text(release.Body, "spec", "owner", "projectName"), p.project)))
	}
	return facts.Object{}
}

// stale: the binding's controller neither watches what it did not find, nor looks again by itself before its resync
// ten hours later (openchoreo v1.2.3 releasebinding/controller.go:171 and :1539). Any change of its metadata wakes it, and so
// does its own writing of the condition: what was there already, and only not in its cache, it finds then.
func (p *place) stale(j *judgement, f Finding, there facts.Object) *judgement {
	if p.within(newest(f.Since, createdAt(there)), staleClock) {
		return j.wait(f.Since, "%s: %s came a moment ago", p.binding.Ref.Name, there.Ref)
	}
	f.Code = CodeStaleNotFound
	j.Summary += ", stale"
	f.Hint = fmt.Sprintf("%s exists; OpenChoreo does not look again by itself", there.Ref)
	f.Evidence = append(f.Evidence, Evidence{there.Ref.String() + " metadata.creationTimestamp", there.Body.GetCreationTimestamp().UTC().Format("2006-01-02T15:04:05Z")})
	p.wakes(&f, p.binding.Ref)
	return j.fail(f)
}

// wakes: a change of metadata re-enqueues an object of OpenChoreo, which is all that is needed.
func (p *place) wakes(f *Finding, ref facts.Ref) {
	f.Wake = ref
	f.Next = commands(Command("kubectl choreo reconcile %s -n %s -e %s --wait", p.component, p.ns, p.name))
}
