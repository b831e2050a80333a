package result

import (
	"cmp"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// severity orders states by how much they ask for attention.
func severity(s trace.State) int {
	switch s {
	case trace.Failed:
		return 5
	case trace.Unknown:
		return 4
	case trace.Blocked:
		return 3
	case trace.Progressing:
		return 2
	case trace.Suspended:
		return 1
	case trace.OK:
		return 0
	}
	return 4
}

// Combine makes one rung of several judgements of the same rung: it looks like the worst of them, and each becomes a
// part when there is more than one. The first of equals decides.
func Combine(id trace.RungID, judged []*Result) *Result {
	if len(judged) == 1 {
		return judged[0]
	}
	worst := judged[0]
	current := judged[0].Current
	for _, j := range judged[1:] {
		if cmp.Compare(severity(j.State), severity(worst.State)) > 0 {
			worst = j
		}
		current = Older(current, j.Current)
	}
	all := *worst
	all.ID, all.Current, all.Findings, all.Parts = id, current, nil, nil
	all.ReplacesBelow = slices.ContainsFunc(judged, func(j *Result) bool { return j.ReplacesBelow })
	all.Findings = append(all.Findings, worst.Findings...)
	for _, j := range judged {
		all.Parts = append(all.Parts, j.AsPart())
		if j != worst {
			all.Findings = append(all.Findings, j.Findings...)
		}
	}
	return &all
}

// AsPart is the result as one of several parts of a rung.
func (j *Result) AsPart() trace.Part {
	return trace.Part{Object: j.Object, State: j.State, Current: j.Current, Revision: j.Revision, Summary: j.Summary, Since: j.Since, Live: true}
}

// Older is Behind if either is, and Current only if either is and none is Behind.
func Older(a, b trace.Currency) trace.Currency {
	if a == trace.Behind || b == trace.Behind {
		return trace.Behind
	}
	if a == trace.Current || b == trace.Current {
		return trace.Current
	}
	return trace.CurrencyUnknown
}

// DowngradeToWarning turns the failure of a Kustomization that holds nothing back into a warning.
func DowngradeToWarning(j *Result) {
	if j.State == trace.OK {
		return
	}
	j.State = trace.OK
	for i := range j.Findings {
		if j.Findings[i].Severity == trace.Error {
			j.Findings[i].Severity = trace.Warning
		}
	}
}

// HasCode reports whether one of the findings has that code.
func HasCode(j *Result, code trace.Code) bool {
	return slices.ContainsFunc(j.Findings, func(f trace.Finding) bool { return f.Code == code })
}
