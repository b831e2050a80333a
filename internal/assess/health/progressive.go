package health

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/rollouts"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessRollout reads the phase that Argo Rollouts computes, which counts for the generation that it names, a number written
// as text (argo-rollouts v1.8 utils/rollout/rolloututil.go).
func assessRollout(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	phase := kinds.Text(o.Body, "status", "phase")
	j.Since = view.LastTransition(kinds.ConditionOf(o.Body, "Progressing"))
	if promoted, known := rolloutPromoted(o); known && !promoted {
		j.Current = trace.Behind
	}
	if seen, err := strconv.ParseInt(kinds.Text(o.Body, "status", "observedGeneration"), 10, 64); err == nil && seen < o.Body.GetGeneration() {
		return conditions.StatusOutdated(p, j, o)
	}
	if templateOutdated(p, o) {
		j.Current = trace.Behind
		return conditions.StatusOutdated(p, j, o)
	}
	switch phase {
	case "":
		return conditions.ControllerSilent(p, j, o)
	case "Healthy":
		if view.Replicas(o) == 0 {
			j.State, j.Summary = trace.Suspended, "Rollout scaled to 0"
			return j
		}
		return j.OK("Rollout healthy")
	case "Paused":
		return rolloutPaused(p, j, o)
	case "Degraded":
		return rolloutDegraded(p, j, o)
	}
	return rolloutProgressing(p, j, o, result.Lower(phase))
}

// templateOutdated reports whether the Deployment that a Rollout takes its template from is newer than what the Rollout's controller has seen
// of it (argo-rollouts v1.9.1 utils/rollout/rolloututil.go, isWorkloadGenerationObserved).
func templateOutdated(p *view.Environment, o facts.Object) bool {
	seen, err := strconv.ParseInt(kinds.Text(o.Body, "status", "workloadObservedGeneration"), 10, 64)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(p.PlaneObjects(), func(w view.PlaneObject) bool {
		return w.Live.Outcome == facts.Found && w.Ref.Namespace == o.Ref.Namespace && w.Ref.Kind == kinds.Text(o.Body, "spec", "workloadRef", "kind") &&
			w.Ref.Name == kinds.Text(o.Body, "spec", "workloadRef", "name") && seen < w.Live.Body.GetGeneration()
	})
}

// rolloutPromoted reports whether the pod template of the spec is the one that serves, as far as the status shows.
func rolloutPromoted(o facts.Object) (promoted, known bool) {
	stable, wanted := kinds.Text(o.Body, "status", "stableRS"), kinds.Text(o.Body, "status", "currentPodHash")
	return stable == wanted, stable != "" && wanted != ""
}

// hasStable reports whether a version before the one of the spec serves.
func hasStable(o facts.Object) bool {
	promoted, known := rolloutPromoted(o)
	return known && !promoted
}

// rolloutProgressing: the controller calls a rollout that does not go on Degraded after spec.progressDeadlineSeconds, unless
// an analysis runs; so one that goes on for long is a warning and not a failure.
func rolloutProgressing(p *view.Environment, j *result.Result, o facts.Object, phase string) *result.Result {
	progress := kinds.ConditionOf(o.Body, "Progressing")
	began := view.Latest(view.LastTransition(progress), conditionUpdated(o, "Progressing"))
	if began.IsZero() {
		began = p.MadeAt(o)
	}
	j.Wait(began, "Rollout %s", phase)
	hint := "check the analysis of this step, and that Argo Rollouts runs"
	if hasStable(o) {
		hint = "the stable version serves; " + hint
	}
	if !p.Within(began, view.StepTimeout) {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeProgressiveRolloutFailed, Since: began, Message: cmp.Or(kinds.Text(o.Body, "status", "message"), "no progress since "+began.UTC().Format(time.RFC3339)),
			Hint: hint, Fix: trace.FixOutside, Evidence: view.ConditionEvidence(progress),
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

// rolloutPaused: a pause with a duration ends after it; any other ends when a user promotes the Rollout.
func rolloutPaused(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if promoted, known := rolloutPromoted(o); !known || !promoted {
		j.Current = trace.Behind
	}
	for _, pause := range kinds.Items(o.Body, "status", "pauseConditions") {
		lasts := pauseDuration(o, kinds.String(pause, "reason"))
		began, err := time.Parse(time.RFC3339, kinds.String(pause, "startTime"))
		if kinds.Bool(o.Body, "spec", "paused") || lasts == 0 || err != nil {
			continue
		}
		if p.Within(began, lasts+view.ObserveTimeout) {
			return j.Wait(began, "Rollout paused for %s", lasts)
		}
		j.Summary = "Rollout does not continue"
		return j.Fail(trace.Finding{
			Code: trace.CodeGenerationNotObserved, Since: began.Add(lasts), Message: fmt.Sprintf("the pause of %s ended at %s, but the rollout has not continued", lasts, began.Add(lasts).UTC().Format(time.RFC3339)),
			Hint: "check that Argo Rollouts runs on the data plane",
		})
	}
	why := cmp.Or(kinds.Text(o.Body, "status", "message"), "it waits for a promotion")
	j.State, j.Summary = trace.Suspended, "Rollout paused: "+why
	if j.Current == trace.Behind {
		return rolloutHeldBack(j, o.Ref)
	}
	return j
}

// pauseDuration is how long a pause of the controller lasts; 0: until a user promotes the Rollout. A step gives it in seconds or
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

// rolloutDegraded: only status.abort reports that the new version was taken back.
func rolloutDegraded(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if promoted, known := rolloutPromoted(o); !known || !promoted {
		j.Current = trace.Behind
	}
	progress := kinds.ConditionOf(o.Body, "Progressing")
	j.Cause, j.Summary = result.CausedBy(trace.RungPod), "Rollout degraded"
	f := trace.Finding{
		Code: trace.CodeProgressiveRolloutFailed, Message: cmp.Or(kinds.Text(o.Body, "status", "message"), progress.Message, "its phase is Degraded"), Since: view.LastTransition(progress),
		Evidence: []trace.Evidence{{Path: "status.phase", Value: "Degraded"}},
	}
	f.Hint, f.Fix = degradedHint(o, progress)
	if kinds.Bool(o.Body, "status", "abort") {
		f.Evidence = append(f.Evidence, trace.Evidence{Path: "status.abort", Value: "true"})
		rollouts.ExplainAbort(p, &f, o, hasStable(o))
		if at := kinds.Time(o.Body, "status", "abortedAt"); !at.IsZero() {
			f.Since = at
		}
	}
	return j.Fail(f)
}

// degradedHint: a rollout is Degraded as well where its spec is invalid, and the first one has no stable version (argo-rollouts v1.8
// utils/rollout/rolloututil.go).
func degradedHint(o facts.Object, progress kinds.Condition) (hint string, fix trace.Fix) {
	const deadline = "ProgressDeadlineExceeded"
	timedOut := progress.Reason == deadline || strings.HasPrefix(kinds.Text(o.Body, "status", "message"), deadline+": ")
	switch {
	case timedOut && hasStable(o):
		return "the new version does not become available; the stable version keeps serving", trace.FixOutside
	case timedOut:
		return "the new version does not become available", trace.FixOutside
	case strings.HasPrefix(kinds.Text(o.Body, "status", "message"), "InvalidSpec: "):
		return "Argo Rollouts does not start this rollout: correct the field in the message in the template of the component type, or create what it names", trace.FixSpec
	}
	return "", trace.FixUnknown
}

// assessAnalysis: an analysis or an experiment may run for as long as it is to, and holds nothing back by itself.
func assessAnalysis(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	phase := kinds.Text(o.Body, "status", "phase")
	switch phase {
	case "Successful", "Running":
		return j.OK("%s %s", o.Ref.Kind, result.Lower(phase))
	case "":
		return conditions.ControllerSilent(p, j, o)
	case "Pending":
		if p.Within(p.MadeAt(o), view.StartTimeout) {
			return j.Wait(p.MadeAt(o), "%s pending", o.Ref.Kind)
		}
	}
	j.Summary = fmt.Sprintf("%s %s", o.Ref.Kind, result.Lower(phase))
	return j.Fail(trace.Finding{
		Code: trace.CodeProgressiveRolloutFailed, Message: cmp.Or(kinds.Text(o.Body, "status", "message"), "its phase is "+phase),
		Evidence: []trace.Evidence{{Path: "status.phase", Value: phase}},
	})
}
