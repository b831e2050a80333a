package trace

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeRollout reads the phase that Argo Rollouts computes, which counts for the generation that it names, a number written
// as text (argo-rollouts v1.8 utils/rollout/rolloututil.go).
func (p *place) judgeRollout(j *judgement, o facts.Object) *judgement {
	phase := kinds.Text(o.Body, "status", "phase")
	j.Since = since(kinds.ConditionOf(o.Body, "Progressing"))
	if promoted, known := rolloutPromoted(o); known && !promoted {
		j.Current = Behind
	}
	if seen, err := strconv.ParseInt(kinds.Text(o.Body, "status", "observedGeneration"), 10, 64); err == nil && seen < o.Body.GetGeneration() {
		return p.statusOutdated(j, o)
	}
	switch phase {
	case "":
		return p.silent(j, o)
	case "Healthy":
		if replicas(o) == 0 {
			j.State, j.Summary = Suspended, "Rollout scaled to 0"
			return j
		}
		return j.ok("Rollout healthy")
	case "Paused":
		return p.rolloutPaused(j, o)
	case "Degraded":
		return p.rolloutDegraded(j, o)
	}
	return p.rolloutProgressing(j, o, lower(phase))
}

// rolloutPromoted reports whether the pod template of the spec is the one that serves, as far as the status says.
func rolloutPromoted(o facts.Object) (promoted, known bool) {
	stable, wanted := kinds.Text(o.Body, "status", "stableRS"), kinds.Text(o.Body, "status", "currentPodHash")
	return stable == wanted, stable != "" && wanted != ""
}

// rolloutProgressing: the controller calls a rollout that does not go on Degraded after spec.progressDeadlineSeconds, unless
// an analysis runs; so one that goes on for long is told and not failed.
func (p *place) rolloutProgressing(j *judgement, o facts.Object, phase string) *judgement {
	progress := kinds.ConditionOf(o.Body, "Progressing")
	began := newest(since(progress), conditionUpdated(o, "Progressing"))
	if began.IsZero() {
		began = p.madeAt(o)
	}
	j.wait(began, "Rollout %s", phase)
	if !p.recent(began, stepClock) {
		j.note(Warning, Finding{
			Code: CodeProgressiveRollout, Since: began, Message: orElse(kinds.Text(o.Body, "status", "message"), "no progress since "+began.UTC().Format(time.RFC3339)),
			Hint: "the stable version serves; does the analysis of this step end, and does Argo Rollouts run?", Evidence: quote(progress),
		})
	}
	return j
}

// conditionUpdated is lastUpdateTime, which Deployments and what is modelled on them write at each sign of progress.
func conditionUpdated(o facts.Object, name string) time.Time {
	for _, c := range kinds.Items(o.Body, "status", "conditions") {
		if t, err := time.Parse(time.RFC3339, kinds.String(c, "lastUpdateTime")); err == nil && c["type"] == name {
			return t
		}
	}
	return time.Time{}
}

// rolloutPaused: a pause with a duration ends by itself; any other waits for somebody.
func (p *place) rolloutPaused(j *judgement, o facts.Object) *judgement {
	if promoted, known := rolloutPromoted(o); !known || !promoted {
		j.Current = Behind
	}
	for _, pause := range kinds.Items(o.Body, "status", "pauseConditions") {
		lasts := pauseDuration(o, kinds.String(pause, "reason"))
		began, err := time.Parse(time.RFC3339, kinds.String(pause, "startTime"))
		if kinds.Bool(o.Body, "spec", "paused") || lasts == 0 || err != nil {
			continue
		}
		if p.recent(began, lasts+observeClock) {
			return j.wait(began, "Rollout paused for %s", lasts)
		}
		j.Summary = "Rollout does not go on"
		return j.fail(Finding{
			Code: CodeNotObserved, Since: began.Add(lasts), Message: fmt.Sprintf("the pause of %s ended at %s, and the rollout has not gone on", lasts, began.Add(lasts).UTC().Format(time.RFC3339)),
			Hint: "does Argo Rollouts run on the plane?",
		})
	}
	j.State, j.Summary = Suspended, "Rollout paused: "+orElse(kinds.Text(o.Body, "status", "message"), "it waits for a promotion")
	return j
}

// pauseDuration is how long a pause of the controller lasts by itself; 0: until somebody promotes. A step says it in seconds or
// as a duration (argo-rollouts v1.8 pkg/apis/rollouts/v1alpha1/types.go).
func pauseDuration(o facts.Object, reason string) time.Duration {
	switch reason {
	case "BlueGreenPause":
		seconds, _ := kinds.Number(o.Body, "spec", "strategy", "blueGreen", "autoPromotionSeconds")
		return time.Duration(seconds) * time.Second
	case "CanaryPauseStep":
		steps := kinds.Items(o.Body, "spec", "strategy", "canary", "steps")
		at, known := kinds.Number(o.Body, "status", "currentStepIndex")
		if !known || at < 0 || at >= int64(len(steps)) {
			return 0
		}
		switch d := kinds.Fields(steps[at], "pause")["duration"].(type) {
		case int64:
			return time.Duration(d) * time.Second
		case string:
			if seconds, err := strconv.Atoi(d); err == nil {
				return time.Duration(seconds) * time.Second
			}
			lasts, _ := time.ParseDuration(d)
			return lasts
		}
	}
	return 0
}

// rolloutDegraded: only status.abort says that the new version was taken back.
func (p *place) rolloutDegraded(j *judgement, o facts.Object) *judgement {
	if promoted, known := rolloutPromoted(o); !known || !promoted {
		j.Current = Behind
	}
	progress := kinds.ConditionOf(o.Body, "Progressing")
	j.follows, j.Summary = RungPod, "Rollout degraded"
	f := Finding{
		Code: CodeProgressiveRollout, Message: orElse(orElse(kinds.Text(o.Body, "status", "message"), progress.Message), "its phase is Degraded"), Since: since(progress),
		Hint: "the new version does not become available; the stable one is kept until it does", Evidence: []Evidence{{"status.phase", "Degraded"}},
	}
	if kinds.Bool(o.Body, "status", "abort") {
		f.Hint = "the rollout was aborted: the stable version serves"
		f.Evidence = append(f.Evidence, Evidence{"status.abort", "true"})
		if at := kinds.Time(o.Body, "status", "abortedAt"); !at.IsZero() {
			f.Since = at
		}
	}
	return j.fail(f)
}

// judgeAnalysis: an analysis or an experiment may run for as long as it is to, and holds nothing back by itself.
func (p *place) judgeAnalysis(j *judgement, o facts.Object) *judgement {
	phase := kinds.Text(o.Body, "status", "phase")
	switch phase {
	case "Successful", "Running":
		return j.ok("%s %s", o.Ref.Kind, lower(phase))
	case "":
		return p.silent(j, o)
	case "Pending":
		if p.recent(p.madeAt(o), startClock) {
			return j.wait(p.madeAt(o), "%s pending", o.Ref.Kind)
		}
	}
	j.Summary = fmt.Sprintf("%s %s", o.Ref.Kind, lower(phase))
	return j.fail(Finding{
		Code: CodeProgressiveRollout, Message: orElse(kinds.Text(o.Body, "status", "message"), "its phase is "+phase),
		Evidence: []Evidence{{"status.phase", phase}},
	})
}

// judgeFlagger judges a Canary by its phase (flagger v1.41 pkg/apis/flagger/v1beta1/status.go).
func (p *place) judgeFlagger(j *judgement, o facts.Object) *judgement {
	if o.Ref.Kind != "Canary" {
		return p.judgeOther(j, o)
	}
	phase := kinds.Text(o.Body, "status", "phase")
	promoted := kinds.ConditionOf(o.Body, "Promoted")
	changed := newest(kinds.Time(o.Body, "status", "lastTransitionTime"), since(promoted))
	j.Since = changed
	switch phase {
	case "":
		return p.silent(j, o)
	case "Initialized", "Succeeded":
		return p.canaryDone(j, o, phase)
	case "Waiting", "WaitingPromotion":
		j.State, j.Current, j.Summary = Suspended, Behind, fmt.Sprintf("Canary %s: it waits for a confirmation", lower(phase))
		return j
	case "Failed", "Terminated":
		j.follows, j.Current, j.Summary = RungPod, Behind, "Canary "+lower(phase)
		return j.fail(Finding{
			Code: CodeProgressiveRollout, Message: orElse(promoted.Message, "its phase is "+phase), Since: changed,
			Hint: "the new version was taken back: the one before serves", Evidence: []Evidence{{"status.phase", phase}},
		})
	}
	return p.canaryAdvances(j, o, phase, changed)
}

// canaryDone: with spec.suspend Flagger runs no analysis, whatever becomes of the target.
func (p *place) canaryDone(j *judgement, o facts.Object, phase string) *judgement {
	if kinds.Bool(o.Body, "spec", "suspend") {
		j.State, j.Summary = Suspended, "Canary suspended"
		return j
	}
	return j.ok("Canary %s", lower(phase))
}

// canaryAdvances: Flagger writes status.lastTransitionTime at each interval of an analysis, and gives up after
// spec.progressDeadlineSeconds, 600 by default.
func (p *place) canaryAdvances(j *judgement, o facts.Object, phase string, changed time.Time) *judgement {
	deadline := 10 * time.Minute
	if seconds, set := kinds.Number(o.Body, "spec", "progressDeadlineSeconds"); set {
		deadline = time.Duration(seconds) * time.Second
	}
	if interval, err := time.ParseDuration(kinds.Text(o.Body, "spec", "analysis", "interval")); err == nil {
		deadline = max(deadline, 2*interval)
	}
	j.Current = Behind
	if p.recent(changed, deadline+observeClock) || changed.IsZero() && p.recent(p.madeAt(o), deadline+observeClock) {
		return j.wait(changed, "Canary %s", lower(phase))
	}
	j.Summary = fmt.Sprintf("Canary %s, and does not advance", lower(phase))
	return j.fail(Finding{
		Code: CodeNotObserved, Since: changed, Message: fmt.Sprintf("%s is %s, and its status has not changed for longer than its deadline of %s", o.Ref, phase, deadline),
		Hint: "does Flagger run on the plane?", Evidence: []Evidence{{"status.phase", phase}},
	})
}

// scaledDownBy names what scales a workload to zero because it runs the pods in its place: Flagger does so with the target of
// a Canary, and Argo Rollouts with the Deployment that a Rollout takes its template from (flagger v1.41
// pkg/canary/deployment_controller.go; argo-rollouts v1.8 rollout/sync.go, scaleDown).
func (p *place) scaledDownBy(workload facts.Ref) (facts.Ref, bool) {
	for _, o := range p.planeObjects() {
		field := map[string]string{"Canary": "targetRef", "Rollout": "workloadRef"}[o.ref.Kind]
		if o.ref.Group != kinds.Flagger && o.ref.Group != kinds.ArgoCD || field == "" {
			continue
		}
		if kinds.Text(o.declared, "spec", field, "kind") == workload.Kind && kinds.Text(o.declared, "spec", field, "name") == workload.Name {
			return o.ref, true
		}
	}
	return facts.Ref{}, false
}
