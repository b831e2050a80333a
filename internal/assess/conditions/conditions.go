// Package conditions assesses an object by the conditions of its status.
package conditions

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Standard is for kinds without rules of their own. Like kstatus (cli-utils v0.37 pkg/kstatus/status), it believes the
// standard conditions, and takes an object that has none for one that is as it was declared; but an object that was made just
// now may get its first status at any moment.
func Standard(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	decided := decide(p, j, o, trace.CodeResourceNotReady, meta.ReadyCondition, "Available", "Synced", "Healthy")
	reconciling := kinds.ConditionOf(o.Body, meta.ReconcilingCondition)
	made := p.MadeAt(o)
	switch {
	case decided:
		return j
	case Outdated(o):
		return StatusOutdated(p, j, o)
	case reconciling.True() && p.Within(p.StartedAt(o, reconciling), view.RunTimeout):
		return j.Wait(p.StartedAt(o, reconciling), "%s: %s", o.Ref.Kind, cmp.Or(reconciling.Reason, "reconciling"))
	case reconciling.True():
		return NotReady(j, o, trace.CodeResourceNotReady, reconciling)
	case !HasStatus(o) && !builtIn(o.Ref.Group) && p.Within(made, view.SilenceTimeout):
		return j.Wait(made, "%s: no status yet", o.Ref.Kind)
	}
	return j.OK("%s", o.Ref.Kind)
}

// Assess is for kinds whose controller always writes conditions: the first of the given ones that is there decides.
func Assess(p *view.Environment, j *result.Result, o facts.Object, code trace.Code, types ...string) *result.Result {
	if decide(p, j, o, code, types...) {
		return j
	}
	return ControllerSilent(p, j, o)
}

// decide judges by the first of the given conditions that is there, and reports whether one is. Stalled is final,
// whatever the others say. A further one that is False beside a first that is True is a warning: a Crossplane resource stays
// Ready while the change of it cannot be synced.
func decide(p *view.Environment, j *result.Result, o facts.Object, code trace.Code, types ...string) bool {
	if c := kinds.ConditionOf(o.Body, meta.StalledCondition); c.True() && c.Current(o.Body) {
		NotReady(j, o, code, c)
		return true
	}
	decided := false
	for _, name := range types {
		c := kinds.ConditionOf(o.Body, name)
		switch {
		case !c.Present():
		case !decided:
			assessOne(p, j, o, code, c)
			decided = true
		case j.State == trace.OK && c.False() && c.Current(o.Body) && !p.Within(p.StartedAt(o, c), view.StartTimeout):
			j.Note(trace.Warning, Finding(o.Ref.Kind, code, c))
		}
	}
	return decided
}

func assessOne(p *view.Environment, j *result.Result, o facts.Object, code trace.Code, c kinds.Condition) *result.Result {
	began := p.StartedAt(o, c)
	switch {
	case Outdated(o) || !c.Current(o.Body):
		return StatusOutdated(p, j, o)
	case c.True():
		j.Since = view.LastTransition(c)
		return j.OK("%s", o.Ref.Kind)
	case c.False() && terminalReason(c.Reason) && !p.Within(p.MadeAt(o), view.SettleTimeout), !p.Within(began, view.StartTimeout):
		return NotReady(j, o, code, c)
	}
	return j.Wait(began, "%s: %s", o.Ref.Kind, cmp.Or(c.Reason, "not "+c.Type+" yet"))
}

// NotReady fails an object with a condition that is not as it must be.
func NotReady(j *result.Result, o facts.Object, code trace.Code, c kinds.Condition) *result.Result {
	return j.FailWithCode(o.Ref.Kind, Finding(o.Ref.Kind, code, c))
}

// Finding is that of a condition of an object of that kind: its own message, else its reason.
func Finding(kind string, code trace.Code, c kinds.Condition) trace.Finding {
	return trace.Finding{
		Code: code, Message: cmp.Or(c.Message, c.Reason, c.Type+" is "+c.Status), Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c),
		Hint: fmt.Sprintf("the message is from its controller: correct what it names. OpenChoreo reports this %s as healthy, because it does not check the status of its kind", kind),
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

// ControllerSilent is for an object without a status: the controller of this kind writes one as soon as it sees an object.
func ControllerSilent(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	made := p.MadeAt(o)
	if p.Within(made, StatusTimeout(o)) {
		return j.Wait(made, "%s: no status yet", o.Ref.Kind)
	}
	j.Summary = fmt.Sprintf("%s: no status", o.Ref.Kind)
	return j.Fail(trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("%s has no status: its controller has not reconciled it", o.Ref), Since: made,
		Hint: fmt.Sprintf("check that the controller for %s runs on the data plane; OpenChoreo reports this %s as healthy, because it does not check the status of its kind", cmp.Or(o.Ref.Group, o.Ref.Kind), o.Ref.Kind),
	})
}

// StatusOutdated is for a status of an older generation. The API keeps no time of a new one.
func StatusOutdated(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	changed := view.Latest(view.CreatedAt(o), p.LastChange(p.Rendered))
	if p.Within(changed, view.StartTimeout) {
		return j.Wait(changed, "%s: generation %d not observed yet", o.Ref.Kind, o.Body.GetGeneration())
	}
	j.Summary = fmt.Sprintf("%s: generation %d not observed", o.Ref.Kind, o.Body.GetGeneration())
	return j.Fail(trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("the status of %s is for a generation older than %d", o.Ref, o.Body.GetGeneration()), Since: changed,
		Hint:     "its controller has not reconciled the current generation: check that it runs on the data plane",
		Evidence: []trace.Evidence{{Path: "metadata.generation", Value: strconv.FormatInt(o.Body.GetGeneration(), 10)}},
	})
}

// Outdated reports whether the status is, by its own record, of an older generation. Many controllers do not record it.
func Outdated(o facts.Object) bool {
	n, recorded := kinds.Number(o.Body, "status", "observedGeneration")
	return recorded && n < o.Body.GetGeneration()
}

// HasStatus reports whether an object has a status.
func HasStatus(o facts.Object) bool { return len(kinds.Fields(o.Body.Object, "status")) > 0 }

// builtIn reports whether Kubernetes itself serves a group: what has no status there never gets one.
func builtIn(group string) bool {
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io") && !strings.HasSuffix(group, ".x-k8s.io")
}

// StatusTimeout is how long the first status may take to be seen: what is only reported is as old as OpenChoreo's last look.
func StatusTimeout(o facts.Object) time.Duration {
	if view.CreatedAt(o).IsZero() {
		return view.StartTimeout + view.ReportTimeout
	}
	return view.StartTimeout
}
