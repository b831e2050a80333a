package assess

import (
	"maps"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// inherited is what the rungs above hand down.
type inherited struct {
	failed      bool // one above failed, so what is absent below was never reached
	progressing bool // one above is on its way, so what is absent below may still come
	behind      bool // one above carries an older revision, so everything below does
	replacing   bool // one above is about to change what runs, so what fails below is what goes away
	failedRungs map[trace.RungID]bool
	comingRungs map[trace.RungID]bool // those that are on their way
}

func inheritedFrom(judged []*result.Result) inherited {
	c := nothingInherited()
	for _, j := range judged {
		if !isSymptom(j, judged) {
			c = c.including(j)
		}
	}
	return c
}

func (c inherited) including(j *result.Result) inherited {
	next := inherited{
		failed:      c.failed || j.State == trace.Failed || j.State == trace.Blocked,
		progressing: c.progressing || j.State == trace.Progressing,
		behind:      c.behind || j.Current == trace.Behind,
		replacing:   c.replacing || j.ReplacesBelow && j.State == trace.Progressing,
		failedRungs: maps.Clone(c.failedRungs),
		comingRungs: maps.Clone(c.comingRungs),
	}
	switch j.State {
	case trace.Failed, trace.Blocked:
		next.failedRungs[j.ID] = true
	case trace.Progressing:
		next.comingRungs[j.ID] = true
	case trace.Unknown, trace.OK, trace.Suspended:
	}
	return next
}

func nothingInherited() inherited {
	return inherited{failedRungs: map[trace.RungID]bool{}, comingRungs: map[trace.RungID]bool{}}
}

// propagate goes down the ladder and turns into consequences what is one: an absence below a failure was never reached,
// and a symptom whose cause is above is not a failure of its own. What can still be seen keeps its own state.
func propagate(judged []*result.Result, above inherited) {
	for _, j := range judged {
		switch {
		case j.State == trace.Failed && (j.Cause.IsNotFound() && above.failed || above.failedRungs[j.Cause.Rung()]):
			block(j)
		case j.State == trace.Unknown && j.Cause.IsNotChecked() && above.failed:
			j.State = trace.Blocked
		case j.State == trace.Progressing && j.Cause.IsNotFound() && above.failedRungs[trace.RungBinding]:
			j.State = trace.Blocked // only the binding makes it, and does not
		case j.State == trace.Failed && (j.Cause.IsNotFound() && above.progressing || waitsForAnother(j, judged, above)), j.State == trace.Unknown && j.Cause.IsNotChecked() && above.progressing:
			j.State = trace.Progressing
			result.DowngradeToInfo(j)
		case j.State == trace.Failed && above.replacing:
			j.State, j.Summary = trace.Progressing, j.Summary+", of what is being replaced"
			result.DowngradeToInfo(j)
		}
		if above.behind && j.Current == trace.Current {
			j.Current = trace.Behind
		}
		if !isSymptom(j, judged) {
			above = above.including(j)
		}
	}
}

// waitsForAnother reports whether a rung failed only because another object does not exist yet, which is on its way. The controllers do not
// wait for one another: a Component is reconciled before its Workload has been applied, and a release is tried on the plane
// before the namespace of a new cell is there (seen in the lab).
func waitsForAnother(j *result.Result, judged []*result.Result, above inherited) bool {
	return above.comingRungs[j.Cause.Rung()] || above.progressing && slices.ContainsFunc(judged, func(other *result.Result) bool {
		return other != j && other.ID == j.Cause.Rung() && other.State == trace.Failed && other.Cause.IsNotFound()
	})
}

// isSymptom reports whether a failed rung only repeats the failure of one below it: then it holds nothing back.
func isSymptom(j *result.Result, judged []*result.Result) bool {
	return j.State == trace.Failed && slices.ContainsFunc(judged, func(other *result.Result) bool {
		return other != j && other.ID == j.Cause.Rung() && other.State == trace.Failed
	})
}

func block(j *result.Result) {
	j.State = trace.Blocked
	result.DowngradeToInfo(j)
}
