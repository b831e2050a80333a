package style

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// afterOthers ends the summary of the rung delivery: how many objects deliver before the one that it names.
var afterOthers = regexp.MustCompile(`^(.*?)(?:, \+(\d+))?, after (\d+) more$`)

// Delivery spells out the objects that deliver, in their order: those before the one that the summary of the rung names, or all around
// the one that is not OK. The summary that it returns does not count them. Chain is "" for another rung, and where it has nothing to add.
func Delivery(r trace.Rung) (summary, chain string) {
	summary = escape.Line(r.Summary)
	if r.ID != trace.RungDelivery {
		return summary, ""
	}
	if m := afterOthers.FindStringSubmatch(summary); m != nil {
		return beforeDirect(r, m)
	}
	if r.State == trace.OK || r.State == trace.Suspended {
		return summary, ""
	}
	return summary, orderAround(r)
}

// beforeDirect names the objects that m, the parts of the summary, counts.
func beforeDirect(r trace.Rung, m []string) (summary, chain string) {
	beside, _ := strconv.Atoi(m[2])
	before, _ := strconv.Atoi(m[3])
	parts := r.Parts
	direct := 1 + beside
	switch {
	case len(parts) != before+direct:
		return m[0], "" // the trace has more or fewer objects than the summary counts
	case parts[0].Object == r.Object:
		parts = parts[direct:]
	default:
		parts = parts[:before]
	}
	summary = m[1]
	if beside > 0 {
		summary += ", +" + m[2]
	}
	var names []string
	for _, part := range parts {
		names = append(names, delivererName(part.Object))
	}
	return summary, "after " + strings.Join(names, " → ")
}

// orderAround names the object of the rung with all that deliver before and after it, and the state of those that are not OK. It is ""
// where the summary and the findings name all of them.
func orderAround(r trace.Rung) string {
	around := connected(r.Parts, r.Object)
	var names []string
	isNew := false
	for _, part := range r.Parts { // what another one needs comes first
		if !around[part.Object] {
			continue
		}
		name := delivererName(part.Object)
		if part.State != trace.OK {
			name += " (" + strings.ToLower(part.State.String()) + ")"
		}
		names = append(names, name)
		isNew = isNew || !isNamed(r, part.Object.Name)
	}
	if len(names) < 2 || !isNew {
		return ""
	}
	return "order: " + strings.Join(names, " → ")
}

// connected are start, what it needs, and what needs it, directly or through others.
func connected(parts []trace.Part, start facts.Ref) map[facts.Ref]bool {
	needs, neededBy := map[facts.Ref][]facts.Ref{}, map[facts.Ref][]facts.Ref{}
	for _, part := range parts {
		for _, need := range part.Needs {
			needs[part.Object] = append(needs[part.Object], need.Object)
			neededBy[need.Object] = append(neededBy[need.Object], part.Object)
		}
	}
	found := map[facts.Ref]bool{start: true}
	for _, edges := range []map[facts.Ref][]facts.Ref{needs, neededBy} {
		for open := []facts.Ref{start}; len(open) > 0; open = open[1:] {
			for _, next := range edges[open[0]] {
				if !found[next] {
					found[next] = true
					open = append(open, next)
				}
			}
		}
	}
	return found
}

// isNamed reports whether the summary or the message of a finding names an object.
func isNamed(r trace.Rung, name string) bool {
	texts := []string{r.Summary}
	for _, f := range r.Findings {
		texts = append(texts, f.Message)
	}
	isBetween := func(c rune) bool {
		return !strings.ContainsRune("-.", c) && (c < '0' || c > '9') && (c < 'a' || c > 'z')
	}
	return slices.ContainsFunc(texts, func(text string) bool {
		return slices.ContainsFunc(strings.FieldsFunc(text, isBetween), func(word string) bool { return strings.Trim(word, ".") == name })
	})
}

// delivererName leaves out the kind that is the usual one.
func delivererName(ref facts.Ref) string {
	if ref.Kind == "Kustomization" || ref.Kind == "" {
		return escape.Line(ref.Name)
	}
	return escape.Line(ref.Kind + " " + ref.Name)
}
