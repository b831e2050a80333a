package trace

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeOther is for kinds without rules of their own. Like kstatus (cli-utils v0.37 pkg/kstatus/status), it believes the
// standard conditions, and takes an object that has none for one that is as it was declared; but an object that was made just
// now may get its first status at any moment.
func (p *place) judgeOther(j *judgement, o facts.Object) *judgement {
	decided := p.conditionsDecide(j, o, CodeResourceNotReady, meta.ReadyCondition, "Available", "Synced", "Healthy")
	reconciling := kinds.ConditionOf(o.Body, meta.ReconcilingCondition)
	made := p.madeAt(o)
	switch {
	case decided:
		return j
	case outdated(o):
		return p.statusOutdated(j, o)
	case reconciling.True() && p.recent(p.began(o, reconciling), runClock):
		return j.wait(p.began(o, reconciling), "%s: %s", o.Ref.Kind, orElse(reconciling.Reason, "reconciling"))
	case reconciling.True():
		return p.notReady(j, o, CodeResourceNotReady, reconciling)
	case !hasStatus(o) && !builtIn(o.Ref.Group) && p.recent(made, silenceClock):
		return j.wait(made, "%s: no status yet", o.Ref.Kind)
	}
	return j.ok("%s", o.Ref.Kind)
}

// judgeConditions is for kinds whose controller always writes conditions: the first of the given ones that is there decides.
func (p *place) judgeConditions(j *judgement, o facts.Object, code Code, types ...string) *judgement {
	if p.conditionsDecide(j, o, code, types...) {
		return j
	}
	return p.silent(j, o)
}

// conditionsDecide judges by the first of the given conditions that is there, and reports whether one is. Stalled is final,
// whatever the others say. A further one that is False beside a first that is True is a warning: a Crossplane resource stays
// Ready while the change of it cannot be synced.
func (p *place) conditionsDecide(j *judgement, o facts.Object, code Code, types ...string) bool {
	if c := kinds.ConditionOf(o.Body, meta.StalledCondition); c.True() && c.Current(o.Body) {
		p.notReady(j, o, code, c)
		return true
	}
	decided := false
	for _, name := range types {
		c := kinds.ConditionOf(o.Body, name)
		switch {
		case !c.Present():
		case !decided:
			p.judgeCondition(j, o, code, c)
			decided = true
		case j.State == OK && c.False() && c.Current(o.Body) && !p.recent(p.began(o, c), startClock):
			j.note(Warning, conditionFinding(code, c))
		}
	}
	return decided
}

func (p *place) judgeCondition(j *judgement, o facts.Object, code Code, c kinds.Condition) *judgement {
	began := p.began(o, c)
	switch {
	case outdated(o) || !c.Current(o.Body):
		return p.statusOutdated(j, o)
	case c.True():
		j.Since = since(c)
		return j.ok("%s", o.Ref.Kind)
	case c.False() && terminalReason(c.Reason) && !p.recent(p.madeAt(o), settleClock), !p.recent(began, startClock):
		return p.notReady(j, o, code, c)
	}
	return j.wait(began, "%s: %s", o.Ref.Kind, orElse(c.Reason, "not "+c.Type+" yet"))
}

func (p *place) notReady(j *judgement, o facts.Object, code Code, c kinds.Condition) *judgement {
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, orElse(c.Reason, "not "+c.Type))
	return j.fail(conditionFinding(code, c))
}

func conditionFinding(code Code, c kinds.Condition) Finding {
	return Finding{
		Code: code, Message: orElse(orElse(c.Message, c.Reason), c.Type+" is "+c.Status), Since: since(c), Evidence: quote(c),
		Hint: "OpenChoreo calls this kind healthy as soon as it exists",
	}
}

// terminalReason: reasons with which the common operators say that they do not expect to recover by themselves.
func terminalReason(reason string) bool {
	switch reason {
	case "SecretSyncedError", "SecretMissing", "InvalidProviderConfig", "ValidationFailed", "InvalidStoreConfiguration",
		"InstallFailed", "UpgradeFailed", "ScaledObjectCheckFailed", "Failed", "Error":
		return true
	}
	return false
}

// silent: the controller of this kind writes a status as soon as it sees an object, and has written none.
func (p *place) silent(j *judgement, o facts.Object) *judgement {
	made := p.madeAt(o)
	if p.recent(made, p.statusClock(o)) {
		return j.wait(made, "%s: no status yet", o.Ref.Kind)
	}
	j.Summary = fmt.Sprintf("%s: no status", o.Ref.Kind)
	return j.fail(Finding{
		Code: CodeNotObserved, Message: fmt.Sprintf("%s has no status: its controller has not reconciled it", o.Ref), Since: made,
		Hint: fmt.Sprintf("does a controller for %s run on the plane? OpenChoreo calls this kind healthy as soon as it exists", orElse(o.Ref.Group, o.Ref.Kind)),
	})
}

// statusOutdated: what the status says is of an older generation. The API keeps no time of a new one.
func (p *place) statusOutdated(j *judgement, o facts.Object) *judgement {
	changed := newest(createdAt(o), p.changed(p.rendered))
	if p.recent(changed, startClock) {
		return j.wait(changed, "%s: generation %d not observed yet", o.Ref.Kind, o.Body.GetGeneration())
	}
	j.Summary = fmt.Sprintf("%s: generation %d not observed", o.Ref.Kind, o.Body.GetGeneration())
	return j.fail(Finding{
		Code: CodeNotObserved, Message: fmt.Sprintf("the status of %s is of a generation before %d", o.Ref, o.Body.GetGeneration()), Since: changed,
		Hint:     "its controller has not reconciled the present generation: does it run on the plane?",
		Evidence: []Evidence{{"metadata.generation", strconv.FormatInt(o.Body.GetGeneration(), 10)}},
	})
}

// outdated reports whether the status says itself that it is of an older generation. Many controllers do not record it.
func outdated(o facts.Object) bool {
	n, recorded := kinds.Number(o.Body, "status", "observedGeneration")
	return recorded && n < o.Body.GetGeneration()
}

func hasStatus(o facts.Object) bool { return len(kinds.Fields(o.Body.Object, "status")) > 0 }

// builtIn reports whether Kubernetes itself serves a group: what has no status there never gets one.
func builtIn(group string) bool {
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io") && !strings.HasSuffix(group, ".x-k8s.io")
}

// recent reports whether t is less than d ago. A time that is not known is not recent.
func (v *view) recent(t time.Time, d time.Duration) bool { return !t.IsZero() && v.now.Sub(t) < d }

// began is when a condition took its status at the latest: KEDA writes no times, and then it is not older than its object.
func (p *place) began(o facts.Object, c kinds.Condition) time.Time {
	if t := since(c); !t.IsZero() {
		return t
	}
	return p.madeAt(o)
}

// madeAt is when the object was created. A report does not say; then it is not older than the newest change of its release.
func (p *place) madeAt(o facts.Object) time.Time {
	if t := createdAt(o); !t.IsZero() {
		return t
	}
	return newest(p.appliedAt(), p.changed(p.rendered))
}

// statusClock is how long the first status may take to be seen: what is only reported is as old as OpenChoreo's last look.
func (p *place) statusClock(o facts.Object) time.Duration {
	if createdAt(o).IsZero() {
		return startClock + reportClock
	}
	return startClock
}
