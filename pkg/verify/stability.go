package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// minDuration is how long a failure must stand until it counts: a new release passes through failures of the one before, as the
// controllers come to look at it one after the other.
const minDuration = 5 * time.Second

// Stability decides for one component whether waiting may still change what a gate says. It remembers since when things have
// stood as they do, so its methods are called in the order of time, from one goroutine.
type Stability struct {
	// Grace is how long a failure must stand that may heal by itself; what cannot must stand for five seconds.
	Grace time.Duration
	// StableFor is how long the gate must hold until it counts as passed; 0: at once. What has held from the first look on,
	// and according to the cluster has stood that long already, is not waited for.
	StableFor time.Duration

	last     []reasonKey
	passed   bool
	unstable bool // it has not passed at some look
	since    time.Time

	observedAt    time.Time
	crashLoopTime time.Duration // how long containers were seen in a crash loop
}

// reasonKey is what must stay the same for things to stand as they did. The object is left out: of pods that crash each has a
// name of its own.
type reasonKey struct {
	decision    Decision
	rung        trace.RungID
	environment string
	code        trace.Code
}

// Final takes in what the gate says of a trace as of now, and reports whether waiting for longer is of no use.
func (s *Stability) Final(j Judgement, t *trace.Trace, now time.Time) bool {
	s.observe(j, t, now)
	stood := now.Sub(s.since)
	switch j.Decision {
	case Passed:
		stable := s.passDuration(t)
		return stood >= stable || (!s.unstable && unchangedFor(t, now) >= stable)
	case Pending:
		return false
	case Failed, Undecided:
		return stood >= s.failureDuration(j, t) || (inCrashLoop(j, t) && s.crashLoopTime >= max(s.Grace, minDuration))
	}
	return stood >= s.Grace
}

// TimedOut is the judgement once the time is over: what has passed, but not for long enough, has not passed.
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

// passDuration is how long what passes must do so. After a container has ended by itself, the next end may be as far away again.
func (s *Stability) passDuration(t *trace.Trace) time.Duration {
	for at := range rungs(t) {
		if slices.ContainsFunc(at.rung.Findings, func(f trace.Finding) bool { return f.Code == trace.CodePodFlapping }) {
			return max(s.StableFor, s.Grace)
		}
	}
	return s.StableFor
}

// observe notes since when it is as it is.
func (s *Stability) observe(j Judgement, t *trace.Trace, now time.Time) {
	s.observeCrash(j, t, now)
	var marks []reasonKey
	for _, r := range j.Reasons {
		marks = append(marks, reasonKey{r.Decision, r.Rung, r.Environment, r.Code})
	}
	if s.since.IsZero() || s.passed != (j.Decision == Passed) || !slices.Equal(s.last, marks) {
		s.since = now
	}
	s.last, s.passed = marks, j.Decision == Passed
	s.unstable = s.unstable || !s.passed
}

// observeCrash adds up the time in a crash loop: that the container runs in between, until it ends again, begins nothing anew.
func (s *Stability) observeCrash(j Judgement, t *trace.Trace, now time.Time) {
	before := slices.ContainsFunc(s.last, func(m reasonKey) bool { return m.decision == Failed && isCrash(m.code) })
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

// maxDuration is longer than anybody waits.
const maxDuration = time.Duration(1<<63 - 1)

// failureDuration is how long a judgement must stand to be final: that of its reason which needs least, as one that cannot heal
// decides whatever becomes of the others.
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

// isSuperseded reports whether something above the reason is on its way that will replace what failed. What a rung waits for
// only because of what failed below it, such as the binding for its objects, replaces nothing.
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

// replacesLowerRungs reports whether a rung that moves on replaces what runs below it.
func replacesLowerRungs(id trace.RungID) bool {
	return slices.ContainsFunc(trace.Ladder(), func(s trace.Step) bool { return s.ID == id && s.Replaces })
}

// unchangedFor is how long the cluster itself says that nothing has changed; 0 where it does not say.
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
