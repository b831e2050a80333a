package trace

import "slices"

// carry is what the rungs above hand down.
type carry struct {
	failed      bool // one above failed, so what is absent below was never reached
	progressing bool // one above is on its way, so what is absent below may still come
	behind      bool // one above carries an older revision, so everything below does
	failedRungs map[RungID]bool
}

func carriedFrom(judged []*judgement) carry {
	var c carry
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
		failedRungs: map[RungID]bool{},
	}
	for id := range c.failedRungs {
		next.failedRungs[id] = true
	}
	if j.State == Failed || j.State == Blocked {
		next.failedRungs[j.ID] = true
	}
	return next
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
		case j.State == Failed && j.absent && above.progressing, j.State == Unknown && j.unasked && above.progressing:
			j.State = Progressing
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
