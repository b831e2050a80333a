package health

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessCanary judges a Canary by its phase (flagger v1.41 pkg/apis/flagger/v1beta1/status.go). Failed is written after the traffic
// was routed back to the version before (pkg/controller/scheduler.go, rollback), Terminated when a deleted Canary has ended.
func assessCanary(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	phase := kinds.Text(o.Body, "status", "phase")
	promoted := kinds.ConditionOf(o.Body, "Promoted")
	changed := view.Latest(kinds.Time(o.Body, "status", "lastTransitionTime"), view.LastTransition(promoted))
	j.Since = changed
	switch phase {
	case "", "Initializing":
		return canaryBegins(p, j, o, phase, changed)
	case "Initialized", "Succeeded":
		return canaryDone(p, j, o, phase)
	case "Waiting":
		return canaryWaits(j, "confirm-rollout")
	case "WaitingPromotion":
		return canaryWaits(j, "confirm-promotion")
	case "Failed", "Terminated":
		j.Cause, j.Current, j.Summary = result.CausedBy(trace.RungPod), trace.Behind, "Canary "+result.Lower(phase)
		hint := ""
		if phase == "Failed" {
			hint = "Flagger rolled back, and the previous version serves" + haltedBy(p, o)
		}
		return j.Fail(trace.Finding{
			Code: trace.CodeProgressiveRolloutFailed, Message: cmp.Or(promoted.Message, "its phase is "+phase), Since: changed,
			Hint: hint, Fix: trace.FixOutside, Evidence: []trace.Evidence{{Path: "status.phase", Value: phase}},
		})
	}
	return canaryAdvances(p, j, o, phase, changed)
}

// canaryBegins: what Flagger cannot begin with, such as a target that does not exist, it writes into events alone, while the phase stays
// Initializing without an end (flagger v1.36.1 pkg/controller/scheduler.go, advanceCanary). That its copy of the target is not ready is an
// event too, and a wait.
func canaryBegins(p *view.Environment, j *result.Result, o facts.Object, phase string, changed time.Time) *result.Result {
	if all := p.Warnings(o.Ref); len(all) > 0 && all[0].Reason == "Synced" && !strings.Contains(all[0].Message, " not ready: ") && !p.Within(p.MadeAt(o), view.SettleTimeout) {
		j.Summary = "Canary not initialized"
		return j.Fail(trace.Finding{
			Code: trace.CodeProgressiveRolloutFailed, Message: all[0].Message, Since: p.MadeAt(o),
			Hint:     "Flagger retries at each interval, and starts no copy of the target until then: if the target does not exist, correct spec.targetRef of the Canary",
			Evidence: []trace.Evidence{{Path: "status.phase", Value: phase}, {Path: "event " + all[0].Reason, Value: all[0].Message}},
		})
	}
	if phase == "" {
		return conditions.ControllerSilent(p, j, o)
	}
	canaryAdvances(p, j, o, phase, changed)
	j.Current = trace.Current // there is no version before
	return j
}

// canaryWaits: a webhook of these types holds the Canary until it succeeds (flagger v1.41 pkg/controller/webhook.go).
func canaryWaits(j *result.Result, webhook string) *result.Result {
	j.State, j.Current, j.Summary = trace.Suspended, trace.Behind, "Canary waits for its webhook "+webhook
	return heldBack(j, "the canary waits for its webhook "+webhook, "it continues when the webhook of that type in spec.analysis.webhooks responds with 200: open the gate there", "")
}

// belowThreshold is of a metric that is not within its limits (flagger v1.36.1 pkg/controller/scheduler_metrics.go): Halt NAME.NAMESPACE advancement METRIC VALUE < LIMIT.
var belowThreshold = regexp.MustCompile(`^Halt [^ ]+ advancement ([\w -]{1,60}) (-?[0-9.]+(?:%|[a-zµ0-9.]+)?) ([<>]) (-?[0-9.]+(?:%|[a-zµ0-9.]+)?)$`)

// haltedBy is the last check of an analysis that was not passed: Flagger writes it into an event alone (flagger v1.36.1
// pkg/controller/scheduler_metrics.go).
func haltedBy(p *view.Environment, o facts.Object) string {
	for _, w := range p.Warnings(o.Ref) {
		if w.Reason == "Synced" && strings.HasPrefix(w.Message, "Halt ") {
			if m := belowThreshold.FindStringSubmatch(w.Message); m != nil {
				return fmt.Sprintf(": metric %s is %s, and the Canary requires %s %s. Fix the new version, or the limits of this metric in spec.analysis.metrics of the Canary", m[1], m[2], map[string]string{"<": "at least", ">": "at most"}[m[3]], m[4])
			}
			return "; the event before: " + w.Message
		}
	}
	return ""
}

// canaryDone: with spec.suspend Flagger runs no analysis, whatever becomes of the target.
func canaryDone(p *view.Environment, j *result.Result, o facts.Object, phase string) *result.Result {
	if !kinds.Bool(o.Body, "spec", "suspend") {
		return j.OK("Canary %s", result.Lower(phase))
	}
	j.State, j.Summary = trace.Suspended, "Canary suspended"
	if runsTarget(p, o) {
		return j
	}
	j.Current = trace.Behind
	return heldBack(j, "the Canary is suspended while spec.suspend is true", "take spec.suspend out of the manifest: Flagger then analyses the new version", "")
}

// runsTarget reports whether a pod has the images of the target of a Canary, or no pod was read.
func runsTarget(p *view.Environment, canary facts.Object) bool {
	for _, o := range p.PlaneObjects() {
		if o.Ref.Kind != kinds.Text(canary.Body, "spec", "targetRef", "kind") || o.Ref.Name != kinds.Text(canary.Body, "spec", "targetRef", "name") {
			continue
		}
		wanted := kinds.Items(o.Declared, "spec", "template", "spec", "containers")
		pods := p.Pods()
		return len(pods) == 0 || slices.ContainsFunc(pods, func(pod facts.Object) bool { return hasImages(kinds.Items(pod.Body, "spec", "containers"), wanted) })
	}
	return true
}

func hasImages(containers, wanted []map[string]any) bool {
	for _, want := range wanted {
		if !slices.ContainsFunc(containers, func(c map[string]any) bool { return c["name"] == want["name"] && c["image"] == want["image"] }) {
			return false
		}
	}
	return true
}

// canaryAdvances: Flagger writes status.lastTransitionTime at each interval of an analysis, and gives up after
// spec.progressDeadlineSeconds, 600 by default.
func canaryAdvances(p *view.Environment, j *result.Result, o facts.Object, phase string, changed time.Time) *result.Result {
	deadline := 10 * time.Minute
	if seconds, set := kinds.Number(o.Body, "spec", "progressDeadlineSeconds"); set {
		deadline = time.Duration(seconds) * time.Second
	}
	if interval, err := time.ParseDuration(kinds.Text(o.Body, "spec", "analysis", "interval")); err == nil {
		deadline = max(deadline, 2*interval)
	}
	j.Current = trace.Behind
	if p.Within(changed, deadline+view.ObserveTimeout) || changed.IsZero() && p.Within(p.MadeAt(o), deadline+view.ObserveTimeout) {
		return j.Wait(changed, "Canary %s", result.Lower(phase))
	}
	j.Summary = fmt.Sprintf("Canary %s, without progress", result.Lower(phase))
	return j.Fail(trace.Finding{
		Code: trace.CodeGenerationNotObserved, Since: changed, Message: fmt.Sprintf("%s is %s, and its status has not changed for longer than its deadline of %s", o.Ref, phase, deadline),
		Hint: "check that Flagger runs on the data plane", Evidence: []trace.Evidence{{Path: "status.phase", Value: phase}},
	})
}

// scaledDownBy names what scales a workload to zero because it runs the pods in its place: Flagger does so with the target of
// a Canary, and Argo Rollouts with the Deployment that a Rollout takes its template from (flagger v1.41
// pkg/canary/deployment_controller.go; argo-rollouts v1.8 rollout/sync.go, scaleDown).
func scaledDownBy(p *view.Environment, workload facts.Ref) (facts.Ref, bool) {
	for _, o := range p.PlaneObjects() {
		field := map[string]string{"Canary": "targetRef", "Rollout": "workloadRef"}[o.Ref.Kind]
		if o.Ref.Group != kinds.Flagger && o.Ref.Group != kinds.ArgoCD || field == "" {
			continue
		}
		if kinds.Text(o.Declared, "spec", field, "kind") == workload.Kind && kinds.Text(o.Declared, "spec", field, "name") == workload.Name {
			return o.Ref, true
		}
	}
	return facts.Ref{}, false
}
