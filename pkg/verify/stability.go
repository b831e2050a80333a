package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// minDuration is the minimum duration of a failure that counts. While a new release is delivered, the conditions still show failures
// of the previous one, until each controller has reconciled.
const minDuration = 5 * time.Second

// Stability decides for one component whether waiting may still change the judgement of a gate. It records when the judgement last
// changed, so call its methods in the order of time, from one goroutine.
type Stability struct {
	// Grace is the duration after which a failure is final that may recover by itself. Any other failure is final after five seconds.
	Grace time.Duration
	// StableFor is the duration for which the gate must pass; 0: at once. If it passed at each observation, the time since the last
	// change in the cluster counts as well.
	StableFor time.Duration

	last     []reasonKey
	passed   bool
	unstable bool // at least one observation did not pass
	since    time.Time

	observedAt    time.Time
	crashLoopTime time.Duration // how long containers were in a crash loop
}

// reasonKey identifies a reason in two observations. It has no object, because each pod that crashes has another name.
type reasonKey struct {
	decision    Decision
	rung        trace.RungID
	environment string
	code        trace.Code
}

// Final records the judgement of a trace at the time now, and reports whether waiting longer cannot change it.
func (s *Stability) Final(j Judgement, t *trace.Trace, now time.Time) bool {
	s.observe(j, t, now)
	lasted := now.Sub(s.since)
	switch j.Decision {
	case Passed:
		stable := s.passDuration(t)
		return lasted >= stable || (!s.unstable && unchangedFor(t, now) >= stable)
	case Pending:
		return false
	case Failed, Undecided:
		return lasted >= s.failureDuration(j, t) || (inCrashLoop(j, t) && s.crashLoopTime >= max(s.Grace, minDuration))
	}
	return lasted >= s.Grace
}

// TimedOut returns the judgement after the timeout. A component that has not passed for StableFor has not passed.
func (s *Stability) TimedOut(j Judgement) Judgement {
	if j.Decision != Passed {
		return j
	}
	return j.Add(Reason{Decision: Pending, Requirement: RequireHealthy, Failure: trace.Failure{
		Rung: trace.RungPod, Finding: trace.Finding{
			Code: trace.CodeProgressing, Severity: trace.Info, Message: fmt.Sprintf("it is healthy, but not yet for %s", s.StableFor),
		},
	}})
}

// passDuration is how long a passed judgement must last. After a container has exited by itself, it may run as long again before the
// next exit.
func (s *Stability) passDuration(t *trace.Trace) time.Duration {
	for at := range rungs(t) {
		if slices.ContainsFunc(at.rung.Findings, func(f trace.Finding) bool { return f.Code == trace.CodePodFlapping }) {
			return max(s.StableFor, s.Grace)
		}
	}
	return s.StableFor
}

// observe records the judgement, and when it last changed.
func (s *Stability) observe(j Judgement, t *trace.Trace, now time.Time) {
	s.observeCrash(j, t, now)
	var keys []reasonKey
	for _, r := range j.Reasons {
		keys = append(keys, reasonKey{r.Decision, r.Rung, r.Environment, r.Code})
	}
	if s.since.IsZero() || s.passed != (j.Decision == Passed) || !slices.Equal(s.last, keys) {
		s.since = now
	}
	s.last, s.passed = keys, j.Decision == Passed
	s.unstable = s.unstable || !s.passed
}

// observeCrash adds up the time in a crash loop. The container runs between two crashes; that does not reset the time.
func (s *Stability) observeCrash(j Judgement, t *trace.Trace, now time.Time) {
	before := slices.ContainsFunc(s.last, func(k reasonKey) bool { return k.decision == Failed && isCrash(k.code) })
	switch {
	case before && inCrashLoop(j, t):
		s.crashLoopTime += now.Sub(s.observedAt)
	case slices.ContainsFunc(j.Reasons, func(r Reason) bool { return isSuperseded(r, t) }):
		s.crashLoopTime = 0
	}
	s.observedAt = now
}

// inCrashLoop reports whether a container is in a crash loop that no newer release is about to end.
func inCrashLoop(j Judgement, t *trace.Trace) bool {
	return slices.ContainsFunc(j.Reasons, func(r Reason) bool { return r.Decision == Failed && isCrash(r.Code) && !isSuperseded(r, t) })
}

// maxDuration is longer than any timeout.
const maxDuration = time.Duration(1<<63 - 1)

// failureDuration is how long a judgement must last to be final. It is the shortest duration of its reasons, because one that cannot
// recover decides whatever happens to the others.
func (s *Stability) failureDuration(j Judgement, t *trace.Trace) time.Duration {
	least := maxDuration
	for _, r := range j.Reasons {
		if r.Decision != j.Decision {
			continue
		}
		switch {
		case isSuperseded(r, t):
		case Transient(r.Finding):
			least = min(least, max(s.Grace, minDuration))
		default:
			least = min(least, minDuration)
		}
	}
	return least
}

// isSuperseded reports whether a rung above the reason is progressing and will replace the failed object. A rung that waits only for
// the failed object, such as the binding for its resources, replaces nothing.
func isSuperseded(r Reason, t *trace.Trace) bool {
	for p := range rungs(t) {
		switch {
		case p.environment != "" && p.environment != r.Environment:
			continue
		case p.environment == r.Environment && p.rung.ID == r.Rung:
			return false
		case p.rung.State == trace.Progressing && replacesLowerRungs(p.rung.ID) && !kinds.ChecksHealth(p.rung.Summary):
			return true
		}
	}
	return false
}

// replacesLowerRungs reports whether a rung that progresses replaces the objects of the rungs below it.
func replacesLowerRungs(id trace.RungID) bool {
	return slices.ContainsFunc(trace.Ladder(), func(s trace.Step) bool { return s.ID == id && s.Replaces })
}

// unchangedFor is the time since the last transition that the cluster records; 0 if it records none.
func unchangedFor(t *trace.Trace, now time.Time) time.Duration {
	var newest time.Time
	for p := range rungs(t) {
		if p.rung.Since.After(newest) {
			newest = p.rung.Since
		}
	}
	if newest.IsZero() {
		return 0
	}
	return now.Sub(newest)
}
