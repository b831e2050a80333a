package assess

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// conclude gives the whole trace its verdict and names what to fix first: the topmost cause.
func conclude(t *trace.Trace, shared []*result.Result) {
	t.Verdict, t.Current = verdict(shared), currency(shared)
	t.Failing = failing(shared, "")
	allSuspended := len(t.Environments) > 0
	for _, e := range t.Environments {
		allSuspended = allSuspended && e.Verdict == trace.VerdictSuspended
		t.Verdict = worse(t.Verdict, e.Verdict)
		if e.Verdict != trace.VerdictSuspended {
			t.Current = result.Older(t.Current, e.Current)
		}
		if t.Failing == nil || (t.Failing.Code == trace.CodeHealthCheckFailed && e.Failing != nil) {
			t.Failing = withSymptom(t.Failing, e.Failing)
		}
	}
	if allSuspended && t.Verdict == trace.VerdictHealthy {
		t.Verdict = trace.VerdictSuspended
	}
	if t.Current == trace.Current && !revisionKnown(shared) {
		t.Current = trace.CurrencyUnknown
	}
}

// revisionKnown reports whether it is known which revision is wanted, and that those who deliver the component have applied it.
// Without the one there is none that the rungs could carry; without the other, such as a chart whose version shows nothing
// of Git, that they do is a guess.
func revisionKnown(shared []*result.Result) bool {
	return !slices.ContainsFunc(shared, func(j *result.Result) bool {
		return (j.ID == trace.RungGit || j.ID == trace.RungDelivery) && j.Current == trace.CurrencyUnknown
	})
}

// withSymptom returns the cause with the failure that leads to it: a failed health check is the symptom of an object that is not healthy.
func withSymptom(symptom, cause *trace.Failure) *trace.Failure {
	if symptom == nil || cause == nil {
		return cause
	}
	f := *cause
	f.Path = append([]facts.Ref{symptom.Object}, f.Path...)
	return &f
}

// verdict of a stretch of the ladder: a failure outweighs what could not be read, which outweighs waiting.
func verdict(judged []*result.Result) trace.Verdict {
	v := trace.VerdictHealthy
	for _, j := range judged {
		switch j.State {
		case trace.OK, trace.Suspended:
		case trace.Progressing:
			v = worse(v, trace.VerdictProgressing)
		case trace.Failed, trace.Blocked:
			v = worse(v, trace.VerdictFailed)
		case trace.Unknown:
			v = worse(v, trace.VerdictUnknown)
		}
	}
	return v
}

func worse(a, b trace.Verdict) trace.Verdict {
	weight := map[trace.Verdict]int{trace.VerdictHealthy: 0, trace.VerdictSuspended: 0, trace.VerdictProgressing: 1, trace.VerdictUnknown: 2, trace.VerdictFailed: 3}
	if weight[b] > weight[a] {
		return b
	}
	return a
}

func currency(judged []*result.Result) trace.Currency {
	c := trace.CurrencyUnknown
	for _, j := range judged {
		c = result.Older(c, j.Current)
	}
	return c
}

// failing finds the cause: the topmost failed rung, and from there along "follows" to the rung that it is a symptom
// of, as long as that one failed too.
func failing(judged []*result.Result, environment string) *trace.Failure {
	for _, j := range judged {
		if j.State != trace.Failed {
			continue
		}
		cause := followed(j, judged)
		for _, f := range cause.Findings {
			if f.Severity == trace.Error {
				return &trace.Failure{Rung: cause.ID, Environment: environment, Finding: symptomPath(f, j, cause)}
			}
		}
	}
	return nil
}

func followed(j *result.Result, judged []*result.Result) *result.Result {
	for range judged { // bounded: a circle of symptoms ends
		next := j
		for _, other := range judged {
			if other.ID == j.Cause.Rung() && other.State == trace.Failed {
				next = other
			}
		}
		if next == j {
			return j
		}
		j = next
	}
	return j
}

func symptomPath(f trace.Finding, symptom, cause *result.Result) trace.Finding {
	if symptom != cause && len(f.Path) == 0 {
		f.Path = append(f.Path, symptom.Object)
	}
	return f
}
