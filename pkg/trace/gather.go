package trace

import (
	"cmp"
	"slices"
)

// rank orders states by how much they ask for attention.
func rank(s State) int {
	switch s {
	case Failed:
		return 5
	case Unknown:
		return 4
	case Blocked:
		return 3
	case Progressing:
		return 2
	case Suspended:
		return 1
	case OK:
		return 0
	}
	return 4
}

// gather makes one rung of several judgements of the same rung: it looks like the worst of them, and each becomes a
// part when there is more than one. The first of equals speaks.
func gather(id RungID, judged []*judgement) *judgement {
	if len(judged) == 1 {
		return judged[0]
	}
	worst := judged[0]
	current := judged[0].Current
	for _, j := range judged[1:] {
		if cmp.Compare(rank(j.State), rank(worst.State)) > 0 {
			worst = j
		}
		current = older(current, j.Current)
	}
	all := *worst
	all.ID, all.Current, all.Findings, all.Parts = id, current, nil, nil
	all.replaces = slices.ContainsFunc(judged, func(j *judgement) bool { return j.replaces })
	all.Findings = append(all.Findings, worst.Findings...)
	for _, j := range judged {
		all.Parts = append(all.Parts, j.part())
		if j != worst {
			all.Findings = append(all.Findings, j.Findings...)
		}
	}
	return &all
}

func (j *judgement) part() Part {
	return Part{Object: j.Object, State: j.State, Current: j.Current, Revision: j.Revision, Summary: j.Summary, Since: j.Since, Live: true}
}

// older is Behind if either is, and Current only if either is and none is Behind.
func older(a, b Currency) Currency {
	if a == Behind || b == Behind {
		return Behind
	}
	if a == Current || b == Current {
		return Current
	}
	return CurrencyUnknown
}
