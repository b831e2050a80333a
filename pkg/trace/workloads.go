package trace

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeLive judges an object that was read from the plane, by its kind.
func (p *place) judgeLive(j *judgement, o planeObject) *judgement {
	j.Current = Current
	if !sameImages(o.declared, o.live.Body) {
		j.Current = Behind
	}
	if deleting(o.live.Body) {
		return j.fail(Finding{Code: CodeTerminating, Message: fmt.Sprintf("%s is being deleted", o.ref), Since: o.live.Body.GetDeletionTimestamp().Time})
	}
	switch o.ref.Kind {
	case "Deployment":
		return p.judgeDeployment(j, o.live)
	case "StatefulSet":
		return p.judgeStatefulSet(j, o.live)
	case "Job":
		return judgeJob(j, o.live)
	case "CronJob":
		return judgeCronJob(j, o.live)
	}
	return p.judgeReported(j, o)
}

// judgeDeployment: Available stays True while a bad image rolls out, because the old pods serve on; only the numbers
// of the new generation count (Kubernetes v1.36 pkg/controller/deployment/util).
func (p *place) judgeDeployment(j *judgement, o facts.Object) *judgement {
	desired := replicas(o)
	updated, _ := kinds.Number(o.Body, "status", "updatedReplicas")
	ready, _ := kinds.Number(o.Body, "status", "readyReplicas")
	available, _ := kinds.Number(o.Body, "status", "availableReplicas")
	total, _ := kinds.Number(o.Body, "status", "replicas")
	progressing := kinds.ConditionOf(o.Body, "Progressing")
	j.Since = since(progressing)
	numbers := fmt.Sprintf("Deployment %d/%d", ready, desired)
	switch {
	case kinds.Bool(o.Body, "spec", "paused"):
		j.State, j.Summary = Suspended, numbers+", rollout paused"
		return j
	case !observed(o):
		return j.wait(j.Since, "Deployment: generation %d not observed yet", o.Body.GetGeneration())
	case progressing.False():
		return p.deploymentDegraded(j, o, numbers, progressing)
	case desired == 0 && total == 0:
		j.State, j.Summary = Suspended, "Deployment scaled to 0"
		return j
	case updated < desired || total > updated || available < desired:
		j.follows = RungPod
		return j.wait(j.Since, "%s ready, %d updated", numbers, updated)
	}
	return j.ok("%s", numbers)
}

func (p *place) deploymentDegraded(j *judgement, o facts.Object, numbers string, progressing kinds.Condition) *judgement {
	j.follows = RungPod
	j.Summary = fmt.Sprintf("%s ready: %s", numbers, progressing.Reason)
	f := Finding{Code: CodeDeploymentDegraded, Message: progressing.Message, Since: since(progressing), Evidence: quote(progressing)}
	if c := kinds.ConditionOf(o.Body, "ReplicaFailure"); c.True() {
		f.Message, f.Evidence = c.Message, append(f.Evidence, quote(c)...)
		f.Hint = "the pods are refused before they are made: a quota, a policy or a webhook of the plane"
		j.follows = ""
	}
	return j.fail(f)
}

// judgeStatefulSet: OpenChoreo never calls one degraded (openchoreo v1.2.3 controller_status.go:315), so a crash looks
// like progress for ever; the pods tell.
func (p *place) judgeStatefulSet(j *judgement, o facts.Object) *judgement {
	desired := replicas(o)
	ready, _ := kinds.Number(o.Body, "status", "readyReplicas")
	updated, _ := kinds.Number(o.Body, "status", "updatedReplicas")
	numbers := fmt.Sprintf("StatefulSet %d/%d", ready, desired)
	switch {
	case !observed(o):
		return j.wait(o.Body.GetCreationTimestamp().Time, "StatefulSet: generation %d not observed yet", o.Body.GetGeneration())
	case desired == 0:
		j.State, j.Summary = Suspended, "StatefulSet scaled to 0"
		return j
	case ready < desired || updated < desired:
		j.follows = RungPod
		return j.wait(o.Body.GetCreationTimestamp().Time, "%s ready, %d updated", numbers, updated)
	}
	return j.ok("%s", numbers)
}

// judgeJob: OpenChoreo calls a Job completed as soon as it exists (openchoreo v1.2.3 controller_status.go:425), so its
// own conditions decide.
func judgeJob(j *judgement, o facts.Object) *judgement {
	if c := kinds.ConditionOf(o.Body, "Failed"); c.True() {
		j.follows = RungPod
		j.Summary = fmt.Sprintf("Job failed: %s", c.Reason)
		return j.fail(Finding{Code: CodeJobFailed, Message: c.Message, Since: since(c), Evidence: quote(c)})
	}
	if c := kinds.ConditionOf(o.Body, "Complete"); c.True() {
		j.Since = since(c)
		return j.ok("Job complete")
	}
	if kinds.Bool(o.Body, "spec", "suspend") {
		j.State, j.Summary = Suspended, "Job suspended"
		return j
	}
	return j.wait(o.Body.GetCreationTimestamp().Time, "Job runs")
}

func judgeCronJob(j *judgement, o facts.Object) *judgement {
	if kinds.Bool(o.Body, "spec", "suspend") {
		j.State, j.Summary = Suspended, "CronJob suspended"
		return j
	}
	return j.ok("CronJob %s", kinds.Text(o.Body, "spec", "schedule"))
}

// replicas is spec.replicas, which defaults to 1.
func replicas(o facts.Object) int64 {
	if n, ok := kinds.Number(o.Body, "spec", "replicas"); ok {
		return n
	}
	return 1
}

func observed(o facts.Object) bool {
	n, _ := kinds.Number(o.Body, "status", "observedGeneration")
	return n >= o.Body.GetGeneration()
}

// sameImages holds the live pod template against the rendered one. Only images are compared: the plane fills in
// defaults everywhere else.
func sameImages(declared, live *unstructured.Unstructured) bool {
	for _, path := range podTemplates() {
		for i, want := range kinds.Items(declared, path...) {
			have := kinds.Items(live, path...)
			if i >= len(have) || kinds.String(have[i], "image") != kinds.String(want, "image") {
				return false
			}
		}
	}
	return true
}

// podTemplates are the places where the kinds that run something keep their containers.
func podTemplates() [][]string {
	return [][]string{
		{"spec", "template", "spec", "containers"},
		{"spec", "jobTemplate", "spec", "template", "spec", "containers"},
	}
}
