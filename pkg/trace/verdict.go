package trace

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// conclude gives the whole trace its verdict and names what to fix first: the topmost cause.
func conclude(t *Trace, shared []*judgement) {
	t.Verdict, t.Current = verdict(shared), currency(shared)
	t.Failing = failing(shared, "")
	still := len(t.Environments) > 0
	for _, e := range t.Environments {
		still = still && e.Verdict == Still
		t.Verdict = worse(t.Verdict, e.Verdict)
		if e.Verdict != Still {
			t.Current = older(t.Current, e.Current)
		}
		if t.Failing == nil || (t.Failing.Code == CodeHealthCheckFailed && e.Failing != nil) {
			t.Failing = seenFrom(t.Failing, e.Failing)
		}
	}
	if still && t.Verdict == Healthy {
		t.Verdict = Still
	}
	if t.Current == Current && !promised(shared) {
		t.Current = CurrencyUnknown
	}
}

// promised reports whether it is known which revision is wanted, and that those who deliver the component have applied it.
// Without the one there is none that the rungs could carry; without the other, such as a chart whose version says nothing
// of Git, that they do is a guess.
func promised(shared []*judgement) bool {
	return !slices.ContainsFunc(shared, func(j *judgement) bool {
		return (j.ID == RungGit || j.ID == RungKustomization) && j.Current == CurrencyUnknown
	})
}

// seenFrom: a health check that fails is the symptom of what is not healthy: everything was applied.
func seenFrom(symptom, cause *Failure) *Failure {
	if symptom == nil || cause == nil {
		return cause
	}
	f := *cause
	f.Path = append([]facts.Ref{symptom.Object}, f.Path...)
	return &f
}

// verdict of a stretch of the ladder: a failure outweighs what could not be read, which outweighs waiting.
func verdict(judged []*judgement) Verdict {
	v := Healthy
	for _, j := range judged {
		switch j.State {
		case OK, Suspended:
		case Progressing:
			v = worse(v, Unsettled)
		case Failed, Blocked:
			v = worse(v, Broken)
		case Unknown:
			v = worse(v, Undecided)
		}
	}
	return v
}

func worse(a, b Verdict) Verdict {
	weight := map[Verdict]int{Healthy: 0, Still: 0, Unsettled: 1, Undecided: 2, Broken: 3}
	if weight[b] > weight[a] {
		return b
	}
	return a
}

func currency(judged []*judgement) Currency {
	c := CurrencyUnknown
	for _, j := range judged {
		c = older(c, j.Current)
	}
	return c
}

// failing finds the cause: the topmost failed rung, and from there along "follows" to the rung that it is a symptom
// of, as long as that one failed too.
func failing(judged []*judgement, environment string) *Failure {
	for _, j := range judged {
		if j.State != Failed {
			continue
		}
		cause := followed(j, judged)
		for _, f := range cause.Findings {
			if f.Severity == Error {
				return &Failure{Rung: cause.ID, Environment: environment, Finding: symptomPath(f, j, cause)}
			}
		}
	}
	return nil
}

func followed(j *judgement, judged []*judgement) *judgement {
	for range judged { // bounded: a circle of symptoms ends
		next := j
		for _, other := range judged {
			if other.ID == j.follows && other.State == Failed {
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

func symptomPath(f Finding, symptom, cause *judgement) Finding {
	if symptom != cause && len(f.Path) == 0 {
		f.Path = append(f.Path, symptom.Object)
	}
	return f
}
