package trace

import (
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeJob: OpenChoreo calls a Job completed as soon as it exists (openchoreo v1.2.3 controller_status.go:425), so its
// own conditions decide.
func (p *place) judgeJob(j *judgement, o facts.Object) *judgement {
	if c := kinds.ConditionOf(o.Body, batchv1.JobFailed); c.True() {
		j.follows = RungPod
		j.Summary = fmt.Sprintf("Job failed: %s", c.Reason)
		return j.fail(Finding{Code: CodeJobFailed, Message: c.Message, Since: since(c), Evidence: quote(c)})
	}
	if c := kinds.ConditionOf(o.Body, batchv1.JobComplete); c.True() {
		j.Since = since(c)
		return j.ok("Job complete")
	}
	if kinds.Bool(o.Body, "spec", "suspend") {
		j.State, j.Summary = Suspended, "Job suspended"
		return j
	}
	return p.jobRuns(j, o)
}

// jobRuns: a Job may run for as long as its own deadline allows, which its controller enforces. One that has not been started
// has not been seen.
func (p *place) jobRuns(j *judgement, o facts.Object) *judgement {
	started := kinds.Time(o.Body, "status", "startTime")
	if started.IsZero() {
		return p.silent(j, o)
	}
	seconds, limited := kinds.Number(o.Body, "spec", "activeDeadlineSeconds")
	if limited && !p.recent(started, time.Duration(seconds)*time.Second+endClock) {
		j.Summary = "Job runs beyond its deadline"
		return j.fail(Finding{
			Code: CodeNotObserved, Message: fmt.Sprintf("%s runs beyond its spec.activeDeadlineSeconds of %d", o.Ref, seconds), Since: started,
			Hint: "the controller of Jobs has not ended it: does kube-controller-manager run?",
		})
	}
	return j.wait(started, "Job runs")
}

// finishedJob judges a Job that is gone by OpenChoreo's last report. A Job with ttlSecondsAfterFinished is deleted once it has
// finished (Kubernetes v1.36 pkg/controller/ttlafterfinished); its work is done, whoever deletes it. One that may have finished
// since the report is in doubt until OpenChoreo reconciles again.
func (p *place) finishedJob(j *judgement, o planeObject) (*judgement, bool) {
	reported := p.asReported(o)
	if jobFinished(reported.Body) {
		p.judgeJob(j, reported)
		j.follows = "" // its pods are gone as well
		j.Summary += ", deleted since"
		return j, true
	}
	last := kinds.Time(&unstructured.Unstructured{Object: o.reported}, "lastObservedTime")
	if _, expires := kinds.Number(o.declared, "spec", "ttlSecondsAfterFinished"); expires && !last.IsZero() && p.within(last, reportClock) {
		return j.wait(last, "Job not found: its ttlSecondsAfterFinished may have deleted it"), true
	}
	return j, false
}

func jobFinished(job *unstructured.Unstructured) bool {
	return kinds.ConditionOf(job, batchv1.JobComplete).True() || kinds.ConditionOf(job, batchv1.JobFailed).True()
}

// judgeCronJob: OpenChoreo does not look at the Jobs (openchoreo v1.2.3 controller_status.go:393). A schedule that was
// kept, and no success since, says that the last run failed or still runs.
func (p *place) judgeCronJob(j *judgement, o facts.Object) *judgement {
	if kinds.Bool(o.Body, "spec", "suspend") {
		j.State, j.Summary = Suspended, "CronJob suspended"
		return j
	}
	schedule := "CronJob " + kinds.Text(o.Body, "spec", "schedule")
	scheduled := kinds.Time(o.Body, "status", "lastScheduleTime")
	succeeded := kinds.Time(o.Body, "status", "lastSuccessfulTime")
	if failed := p.lastJobFailed(o); failed.Present() {
		j.follows = RungPod
		j.Summary = schedule + ", last run failed"
		return j.fail(Finding{
			Code: CodeCronJobFailing, Message: failed.Message, Since: since(failed), Evidence: quote(failed),
			Hint: "OpenChoreo counts a CronJob as ready whatever its runs do",
		})
	}
	if !scheduled.IsZero() && succeeded.Before(scheduled) && len(kinds.Items(o.Body, "status", "active")) == 0 && !p.recent(scheduled, jobClock) {
		j.note(Warning, Finding{
			Code: CodeCronJobFailing, Message: fmt.Sprintf("the run of %s has not succeeded", scheduled.UTC().Format("2006-01-02 15:04")), Since: scheduled,
			Hint: "OpenChoreo counts a CronJob as ready whatever its runs do",
		})
	}
	return j.ok("%s", schedule)
}

// lastJobFailed is the Failed condition of the newest Job of the CronJob that was collected.
func (p *place) lastJobFailed(cron facts.Object) kinds.Condition {
	var newest facts.Object
	for _, o := range p.Of(cron.Ref.Plane, kinds.Batch, "Job") {
		for _, owner := range o.Body.GetOwnerReferences() {
			if owner.UID == cron.Body.GetUID() && createdAt(o).After(createdAt(newest)) {
				newest = o
			}
		}
	}
	if c := kinds.ConditionOf(newest.Body, batchv1.JobFailed); c.True() {
		return c
	}
	return kinds.Condition{}
}
