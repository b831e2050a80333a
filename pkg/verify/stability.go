package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// steady is how long a failure must stand until it counts: a new release passes through failures of the one before, as the
// controllers come to look at it one after the other.
const steady = 5 * time.Second

// Stability decides for one component whether waiting may still change what a gate says. It remembers since when things have
// stood as they do, so its methods are called in the order of time, from one goroutine.
type Stability struct {
	// Grace is how long a failure must stand that may heal by itself; what cannot must stand for five seconds.
	Grace time.Duration
	// StableFor is how long the gate must hold until it counts as passed; 0: at once. What has held from the first look on,
	// and according to the cluster has stood that long already, is not waited for.
	StableFor time.Duration

	stands  []mark
	passed  bool
	wavered bool // it has not passed at some look
	since   time.Time

	looked  time.Time
	crashed time.Duration // how long containers were seen in a crash loop
}

// mark is what must stay the same for things to stand as they did. The object is left out: of pods that crash each has a
// name of its own.
type mark struct {
	decision    Decision
	rung        trace.RungID
	environment string
	code        trace.Code
}

// Final takes in what the gate says of a trace as of now, and reports whether waiting for longer is of no use.
func (p *Stability) Final(j Judgement, t *trace.Trace, now time.Time) bool {
	p.observe(j, t, now)
	stood := now.Sub(p.since)
	switch j.Decision {
	case Passed:
		stable := p.stable(t)
		return stood >= stable || (!p.wavered && stoodBefore(t, now) >= stable)
	case Pending:
		return false
	case Failed, Undecided:
		return stood >= p.needs(j, t) || (looping(j, t) && p.crashed >= max(p.Grace, steady))
	}
	return stood >= p.Grace
}

// TimedOut is the judgement once the time is over: what has passed, but not for long enough, has not passed.
func (p *Stability) TimedOut(j Judgement) Judgement {
	if j.Decision != Passed {
		return j
	}
	return j.Add(Reason{Decision: Pending, Requirement: RequireHealthy, Failure: trace.Failure{
		Rung: trace.RungPod, Finding: trace.Finding{
			Code: trace.CodeProgressing, Severity: trace.Info, Message: fmt.Sprintf("it is healthy, but not yet for %s", p.StableFor),
		},
	}})
}

// stable is how long what passes must do so. After a container has ended by itself, the next end may be as far away again.
func (p *Stability) stable(t *trace.Trace) time.Duration {
	for at := range walk(t) {
		if slices.ContainsFunc(at.rung.Findings, func(f trace.Finding) bool { return f.Code == trace.CodePodFlapping }) {
			return max(p.StableFor, p.Grace)
		}
	}
	return p.StableFor
}

// observe notes since when it is as it is.
func (p *Stability) observe(j Judgement, t *trace.Trace, now time.Time) {
	p.observeCrash(j, t, now)
	var marks []mark
	for _, r := range j.Reasons {
		marks = append(marks, mark{r.Decision, r.Rung, r.Environment, r.Code})
	}
	if p.since.IsZero() || p.passed != (j.Decision == Passed) || !slices.Equal(p.stands, marks) {
		p.since = now
	}
	p.stands, p.passed = marks, j.Decision == Passed
	p.wavered = p.wavered || !p.passed
}

// observeCrash adds up the time in a crash loop: that the container runs in between, until it ends again, begins nothing anew.
func (p *Stability) observeCrash(j Judgement, t *trace.Trace, now time.Time) {
	before := slices.ContainsFunc(p.stands, func(m mark) bool { return m.decision == Failed && crashes(m.code) })
	switch {
	case before && looping(j, t):
		p.crashed += now.Sub(p.looked)
	case slices.ContainsFunc(j.Reasons, func(r Reason) bool { return superseded(r, t) }):
		p.crashed = 0
	}
	p.looked = now
}

// looping reports whether a container is in a crash loop that no newer release is about to end.
func looping(j Judgement, t *trace.Trace) bool {
	return slices.ContainsFunc(j.Reasons, func(r Reason) bool { return r.Decision == Failed && crashes(r.Code) && !superseded(r, t) })
}

// forever is longer than anybody waits.
const forever = time.Duration(1<<63 - 1)

// needs is how long a judgement must stand to be final: that of its reason which needs least, as one that cannot heal
// decides whatever becomes of the others.
func (p *Stability) needs(j Judgement, t *trace.Trace) time.Duration {
	least := forever
	for _, r := range j.Reasons {
		if r.Decision != j.Decision {
			continue
		}
		switch {
		case superseded(r, t):
		case Transient(r.Finding):
			least = min(least, max(p.Grace, steady))
		default:
			least = min(least, steady)
		}
	}
	return least
}

// superseded reports whether something above the reason is on its way that will replace what failed. What a rung waits for
// only because of what failed below it, such as the binding for its objects, replaces nothing.
func superseded(r Reason, t *trace.Trace) bool {
	for p := range walk(t) {
		switch {
		case p.environment != "" && p.environment != r.Environment:
			continue
		case p.environment == r.Environment && p.rung.ID == r.Rung:
			return false
		case p.rung.State == trace.Progressing && replaces(p.rung.ID) && !kinds.ChecksHealth(p.rung.Summary):
			return true
		}
	}
	return false
}

// replaces reports whether a rung that moves on replaces what runs below it.
func replaces(id trace.RungID) bool {
	return slices.ContainsFunc(trace.Ladder(), func(s trace.Step) bool { return s.ID == id && s.Replaces })
}

// stoodBefore is how long the cluster itself says that nothing has changed; 0 where it does not say.
func stoodBefore(t *trace.Trace, now time.Time) time.Duration {
	var newest time.Time
	for p := range walk(t) {
		if p.rung.Since.After(newest) {
			newest = p.rung.Since
		}
	}
	if newest.IsZero() {
		return 0
	}
	return now.Sub(newest)
}
