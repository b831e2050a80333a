package health

import (
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessJob: OpenChoreo calls a Job completed as soon as it exists (openchoreo v1.2.3 controller_status.go:425), so its
// own conditions decide.
func assessJob(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if c := kinds.ConditionOf(o.Body, batchv1.JobFailed); c.True() {
		j.Cause = result.CausedBy(trace.RungPod)
		return j.FailWithCode("Job", trace.Finding{Code: trace.CodeJobFailed, Message: c.Message, Since: view.LastTransition(c), Evidence: view.ConditionEvidence(c)})
	}
	if c := kinds.ConditionOf(o.Body, batchv1.JobComplete); c.True() {
		j.Since = view.LastTransition(c)
		return j.OK("Job complete")
	}
	if kinds.Bool(o.Body, "spec", "suspend") {
		j.State, j.Summary = trace.Suspended, "Job suspended"
		return j
	}
	return jobRuns(p, j, o)
}

// jobRuns: a Job that has not been started has not been seen.
func jobRuns(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	started := kinds.Time(o.Body, "status", "startTime")
	if started.IsZero() {
		return conditions.ControllerSilent(p, j, o)
	}
	if exceedsDeadline(p, j, o, started, "kube-controller-manager") {
		return j
	}
	if active, _ := kinds.Number(o.Body, "status", "active"); active == 0 {
		return jobWithoutPods(p, j, o, started)
	}
	return j.Wait(started, "Job runs")
}

// exceedsDeadline fails what runs beyond its own deadline, which its controller enforces, and reports whether it does.
func exceedsDeadline(p *view.Environment, j *result.Result, o facts.Object, started time.Time, controller string) bool {
	seconds, limited := kinds.Number(o.Body, "spec", "activeDeadlineSeconds")
	if !limited || p.Within(started, time.Duration(seconds)*time.Second+view.EndTimeout) {
		return false
	}
	j.Summary = o.Ref.Kind + " exceeds its deadline"
	j.Fail(trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("%s runs longer than its spec.activeDeadlineSeconds of %d", o.Ref, seconds), Since: started,
		Hint: fmt.Sprintf("its controller has not stopped it: check that %s runs", controller),
	})
	return true
}

// jobWithoutPods: the controller makes the first pod at once, and another after each failure, later each time.
func jobWithoutPods(p *view.Environment, j *result.Result, o facts.Object, started time.Time) *result.Result {
	limit := view.StartTimeout
	if failed, _ := kinds.Number(o.Body, "status", "failed"); failed > 0 {
		limit += view.RetryTimeout
	}
	j.Cause = result.CausedBy(trace.RungPod)
	moved := view.Latest(started, p.PodsMoved())
	if p.Within(moved, limit) {
		return j.Wait(started, "Job without a running pod")
	}
	return noPodMoves(p, j, "Job without a running pod", moved, limit)
}

// FinishedJob judges a Job that is gone by OpenChoreo's last report. A Job with ttlSecondsAfterFinished is deleted once it has
// finished (Kubernetes v1.36 pkg/controller/ttlafterfinished); its work is done, whoever deletes it. One that may have finished
// since the report is in doubt until OpenChoreo reconciles again.
func FinishedJob(p *view.Environment, j *result.Result, o view.PlaneObject) (*result.Result, bool) {
	reported := p.AsReported(o)
	if view.JobFinished(reported.Body) {
		assessJob(p, j, reported)
		j.Cause = result.Cause{} // its pods are gone as well
		j.Summary += ", deleted since"
		return j, true
	}
	last := kinds.Time(&unstructured.Unstructured{Object: o.Reported}, "lastObservedTime")
	if _, expires := kinds.Number(o.Declared, "spec", "ttlSecondsAfterFinished"); expires && !last.IsZero() && p.Within(last, view.ReportTimeout) {
		return j.Wait(last, "Job not found: its ttlSecondsAfterFinished may have deleted it"), true
	}
	return j, false
}

// assessCronJob: OpenChoreo does not look at the Jobs (openchoreo v1.2.3 controller_status.go:393). A schedule that was
// kept, and no success since, shows that the last run failed or still runs.
func assessCronJob(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if kinds.Bool(o.Body, "spec", "suspend") {
		j.State, j.Summary = trace.Suspended, "CronJob suspended"
		return j
	}
	schedule := "CronJob " + kinds.Text(o.Body, "spec", "schedule")
	scheduled := kinds.Time(o.Body, "status", "lastScheduleTime")
	succeeded := kinds.Time(o.Body, "status", "lastSuccessfulTime")
	if failed := lastJobFailed(p, o); failed.Present() {
		j.Cause = result.CausedBy(trace.RungPod)
		j.Summary = schedule + ", last run failed"
		return j.Fail(trace.Finding{
			Code: trace.CodeCronJobFailing, Message: failed.Message, Since: view.LastTransition(failed), Evidence: view.ConditionEvidence(failed),
			Hint: "OpenChoreo reports a CronJob as ready even if its Jobs fail",
		})
	}
	if !scheduled.IsZero() && succeeded.Before(scheduled) && len(kinds.Items(o.Body, "status", "active")) == 0 && !p.Within(scheduled, view.JobTimeout) {
		j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeCronJobFailing, Message: fmt.Sprintf("the run of %s has not succeeded", scheduled.UTC().Format("2006-01-02 15:04")), Since: scheduled,
			Hint: "OpenChoreo reports a CronJob as ready even if its Jobs fail",
		})
	}
	return j.OK("%s", schedule)
}

// lastJobFailed is the Failed condition of the newest Job of the CronJob that was collected.
func lastJobFailed(p *view.Environment, cron facts.Object) kinds.Condition {
	var newest facts.Object
	for _, o := range p.Of(cron.Ref.Plane, kinds.Batch, "Job") {
		for _, owner := range o.Body.GetOwnerReferences() {
			if owner.UID == cron.Body.GetUID() && view.CreatedAt(o).After(view.CreatedAt(newest)) {
				newest = o
			}
		}
	}
	if c := kinds.ConditionOf(newest.Body, batchv1.JobFailed); c.True() {
		return c
	}
	return kinds.Condition{}
}
