package dataplane

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/health"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessResource judges every object of the release: the live one where the plane could be read, else what OpenChoreo
// last reported of it, which is up to six minutes old.
func AssessResource(p *view.Environment) *result.Result {
	objects := p.PlaneObjects()
	if len(objects) == 0 {
		j := result.New(trace.RungResource, facts.Ref{})
		j.Cause = result.NotChecked()
		j.Summary = "none"
		if p.Rendered.Outcome == facts.Found {
			j.State, j.Current, j.Summary = trace.OK, trace.Current, "none, as rendered"
		}
		return j
	}
	var judged []*result.Result
	parts := make([]trace.Part, 0, len(objects))
	for _, o := range objects {
		j := AssessObject(p, o)
		judged = append(judged, j)
		part := j.AsPart()
		part.Live = o.Live.Outcome == facts.Found
		parts = append(parts, part)
	}
	all := result.Combine(trace.RungResource, workloadsFirst(judged))
	all.Parts, all.Reported = parts, !anyRead(objects)
	if all.State == trace.OK {
		all.Summary = resourceSummary(objects, judged)
	}
	return all
}

// anyRead reports whether one of the objects that run the component was read itself; where none does, one of all.
func anyRead(objects []view.PlaneObject) bool {
	run := slices.ContainsFunc(objects, func(o view.PlaneObject) bool { return view.RunsPods(o.Ref) })
	return slices.ContainsFunc(objects, func(o view.PlaneObject) bool {
		read := o.Live.Outcome == facts.Found || o.Live.Outcome == facts.Absent
		return read && (!run || view.RunsPods(o.Ref))
	})
}

// workloadsFirst lets the object that runs the component speak for the rung.
func workloadsFirst(judged []*result.Result) []*result.Result {
	sorted := slices.Clone(judged)
	slices.SortStableFunc(sorted, func(a, b *result.Result) int {
		switch runsA, runsB := view.RunsPods(a.Object), view.RunsPods(b.Object); {
		case runsA && !runsB:
			return -1
		case runsB && !runsA:
			return 1
		}
		return 0
	})
	return sorted
}

// AssessObject assesses one object of the release: the live one where the plane could be read, else what OpenChoreo reports of it.
func AssessObject(p *view.Environment, o view.PlaneObject) *result.Result {
	j := result.New(trace.RungResource, o.Ref)
	j.Current = trace.Current
	switch o.Live.Outcome {
	case facts.Absent:
		return resourceAbsent(p, j, o)
	case facts.Found:
		if !pods.SameImages(o.Declared, o.Live.Body) {
			j.Current = trace.Behind
		}
		switch {
		case p.IsTerminating(j, o.Live):
			return j
		case view.Deleting(o.Live.Body):
			return j.Fail(p.TerminatingFinding(o.Live))
		}
		resourceDrift(p, j, o)
		return health.AssessKind(p, j, o.Live)
	case facts.Invalid:
		j.CannotRead(o.Live)
		return j
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable:
	}
	if o.Reported == nil {
		j.Cause = result.NotChecked()
		j.Summary = fmt.Sprintf("%s: no status reported", o.Ref.Kind)
		return j
	}
	return health.AssessKind(p, j, p.AsReported(o))
}

func resourceAbsent(p *view.Environment, j *result.Result, o view.PlaneObject) *result.Result {
	f := trace.Finding{Code: trace.CodeResourceNotFound, Message: fmt.Sprintf("%s does not exist on the data plane", o.Ref)}
	applied := kinds.ConditionOf(p.Rendered.Body, kinds.ConditionResourcesApplied)
	if p.Rendered.Outcome != facts.Found || view.Deleting(p.Rendered.Body) || !applied.True() || !applied.Current(p.Rendered.Body) {
		j.Cause = result.NotFound()
		return j.Fail(f)
	}
	if o.Ref.Group == kinds.Batch && o.Ref.Kind == "Job" && o.Reported != nil {
		if finished, ended := health.FinishedJob(p, j, o); ended {
			return finished
		}
	}
	j.Summary = fmt.Sprintf("%s does not exist", o.Ref.Kind)
	f.Hint = "OpenChoreo applied it, and it was deleted since. OpenChoreo checks the data plane only every five minutes: reconcile to create it now"
	p.Retriggers(&f, p.Rendered.Ref)
	return j.Fail(f)
}

// resourceSummary names the running kinds with their numbers, and counts the rest.
func resourceSummary(objects []view.PlaneObject, judged []*result.Result) string {
	var words []string
	for i, o := range objects {
		if view.RunsPods(o.Ref) {
			words = append([]string{judged[i].Summary}, words...)
		} else {
			words = append(words, o.Ref.Kind)
		}
	}
	if len(words) > 5 {
		words = append(words[:4], fmt.Sprintf("+%d", len(words)-4))
	}
	summary := strings.Join(words, ", ")
	if !anyRead(objects) {
		summary += "; as last reported by OpenChoreo"
	}
	return summary
}
