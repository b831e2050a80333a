package trace

import (
	"maps"
	"slices"
)

// carry is what the rungs above hand down.
type carry struct {
	failed      bool // one above failed, so what is absent below was never reached
	progressing bool // one above is on its way, so what is absent below may still come
	behind      bool // one above carries an older revision, so everything below does
	replacing   bool // one above is about to change what runs, so what fails below is what goes away
	failedRungs map[RungID]bool
	comingRungs map[RungID]bool // those that are on their way
}

func carriedFrom(judged []*judgement) carry {
	c := newCarry()
	for _, j := range judged {
		if !symptom(j, judged) {
			c = c.below(j)
		}
	}
	return c
}

func (c carry) below(j *judgement) carry {
	next := carry{
		failed:      c.failed || j.State == Failed || j.State == Blocked,
		progressing: c.progressing || j.State == Progressing,
		behind:      c.behind || j.Current == Behind,
		replacing:   c.replacing || j.replaces && j.State == Progressing,
		failedRungs: maps.Clone(c.failedRungs),
		comingRungs: maps.Clone(c.comingRungs),
	}
	switch j.State {
	case Failed, Blocked:
		next.failedRungs[j.ID] = true
	case Progressing:
		next.comingRungs[j.ID] = true
	case Unknown, OK, Suspended:
	}
	return next
}

func newCarry() carry {
	return carry{failedRungs: map[RungID]bool{}, comingRungs: map[RungID]bool{}}
}

// settle goes down the ladder and turns into consequences what is one: an absence below a failure was never reached,
// and a symptom whose cause stands above is not a failure of its own. What can still be seen keeps its own state.
func settle(judged []*judgement, above carry) {
	for _, j := range judged {
		switch {
		case j.State == Failed && (j.absent && above.failed || above.failedRungs[j.follows]):
			block(j)
		case j.State == Unknown && j.unasked && above.failed:
			j.State = Blocked
		case j.State == Failed && (j.absent && above.progressing || awaits(j, judged, above)), j.State == Unknown && j.unasked && above.progressing:
			j.State = Progressing
			soften(j)
		case j.State == Failed && above.replacing:
			j.State, j.Summary = Progressing, j.Summary+", of what is being replaced"
			soften(j)
		}
		if above.behind && j.Current == Current {
			j.Current = Behind
		}
		if !symptom(j, judged) {
			above = above.below(j)
		}
	}
}

// awaits reports whether a failed rung only says that another is not there, which is on its way. The controllers do not
// wait for one another: a Component is looked at before its Workload has been applied, and a release is tried on the plane
// before the namespace of a new cell is there (seen in the lab).
func awaits(j *judgement, judged []*judgement, above carry) bool {
	return above.comingRungs[j.follows] || above.progressing && slices.ContainsFunc(judged, func(other *judgement) bool {
		return other != j && other.ID == j.follows && other.State == Failed && other.absent
	})
}

// symptom reports whether a failed rung only repeats the failure of one below it: then it holds nothing back.
func symptom(j *judgement, judged []*judgement) bool {
	return j.State == Failed && slices.ContainsFunc(judged, func(other *judgement) bool {
		return other != j && other.ID == j.follows && other.State == Failed
	})
}

func block(j *judgement) {
	j.State = Blocked
	soften(j)
}

// soften keeps the finding as an explanation: it is no error of this rung.
func soften(j *judgement) {
	for i := range j.Findings {
		if j.Findings[i].Severity == Error {
			j.Findings[i].Severity = Info
		}
	}
}
