package lintreport

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Suppressed are the numbers of findings that do not count, by what suppresses them.
type Suppressed struct {
	Settings    int `json:"settings"`
	Annotations int `json:"annotations"`
	Baseline    int `json:"baseline"`
}

// text is empty if nothing is suppressed.
func (s Suppressed) text() string {
	var by []string
	if s.Settings > 0 {
		by = append(by, fmt.Sprintf("%d by .choreolint.yaml", s.Settings))
	}
	if s.Annotations > 0 {
		by = append(by, fmt.Sprintf("%d by annotation", s.Annotations))
	}
	var parts []string
	if len(by) > 0 {
		parts = append(parts, plural(s.Settings+s.Annotations, "finding")+" suppressed: "+strings.Join(by, ", "))
	}
	if s.Baseline > 0 {
		parts = append(parts, fmt.Sprintf("%d in the baseline", s.Baseline))
	}
	return strings.Join(parts, "; ")
}

// summary is the last line: what was checked, and what does not count.
func (r Report) summary() string {
	text := "Checked: " + strings.Join(coverageParts(r.Coverage), "; ")
	if r.Coverage.Against != nil {
		text += ". " + againstText(*r.Coverage.Against)
	}
	if suppressed := r.Suppressed.text(); suppressed != "" {
		text += ". " + suppressed
	}
	return text
}

func coverageParts(c manifest.Coverage) []string {
	var parts []string
	if n := len(c.Clusters); n > 0 {
		parts = append(parts, plural(n, "cluster"))
	}
	for _, kind := range kindsOf(c.Deliveries) {
		states := kind.states()
		parts = append(parts, plural(len(kind.deliveries), kind.name)+": "+strings.Join(states, ", "))
	}
	parts = append(parts, objectsPart(c.Objects))
	if c.NotApplied > 0 {
		parts = append(parts, plural(c.NotApplied, "object")+" that nothing applies")
	}
	return parts
}

func objectsPart(objects map[manifest.Family]int) string {
	total, families := 0, []string{}
	for _, family := range manifest.Families() {
		if n := objects[family]; n > 0 {
			total += n
			families = append(families, fmt.Sprintf("%d %s", n, family))
		}
	}
	switch len(families) {
	case 0:
		return "no objects"
	case 1:
		return plural(total, strings.TrimLeft(families[0], "0123456789 ")+" object")
	}
	return plural(total, "object") + ": " + strings.Join(families, ", ")
}

// deliveriesOfKind are the objects of one kind that apply folders.
type deliveriesOfKind struct {
	name       string
	deliveries []manifest.Delivery
}

func kindsOf(all []manifest.Delivery) []deliveriesOfKind {
	by := map[string][]manifest.Delivery{}
	for _, d := range all {
		by[d.Ref.Kind] = append(by[d.Ref.Kind], d)
	}
	var found []deliveriesOfKind
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		found = append(found, deliveriesOfKind{kind, by[kind]})
	}
	slices.SortStableFunc(found, func(a, b deliveriesOfKind) int { return rank(a.name) - rank(b.name) })
	return found
}

// rank puts the Kustomizations first, which most repositories have.
func rank(kind string) int {
	if kind == "Kustomization" {
		return 0
	}
	return 1
}

func (k deliveriesOfKind) count(state manifest.DeliveryState) int {
	n := 0
	for _, d := range k.deliveries {
		if d.State == state {
			n++
		}
	}
	return n
}

func (k deliveriesOfKind) states() []string {
	var parts []string
	for _, state := range manifest.DeliveryStates() {
		if n := k.count(state); n > 0 {
			part := stateWords(state, n)
			if len(k.deliveries) > 1 {
				part = fmt.Sprintf("%d %s", n, part)
			}
			if reasons := k.reasons(state); reasons != "" {
				part += " (" + reasons + ")"
			}
			parts = append(parts, part)
		}
	}
	return parts
}

func stateWords(state manifest.DeliveryState, n int) string {
	switch state {
	case manifest.Built:
		return "built"
	case manifest.BuildFailed:
		return "failed to build"
	case manifest.FromOtherSource:
		if n == 1 {
			return "from another source"
		}
		return "from other sources"
	case manifest.NotReachable:
		return "not reachable"
	case manifest.Skipped:
		return "skipped"
	case manifest.NotRead:
	}
	return "not built"
}

// reasons are those of one state, the most frequent first.
func (k deliveriesOfKind) reasons(state manifest.DeliveryState) string {
	count := map[string]int{}
	for _, d := range k.deliveries {
		if d.State == state && d.Reason != "" {
			count[d.Reason]++
		}
	}
	reasons := slices.Sorted(maps.Keys(count))
	slices.SortStableFunc(reasons, func(a, b string) int { return count[b] - count[a] })
	if len(reasons) == 1 && count[reasons[0]] == k.count(state) {
		return reasons[0]
	}
	for i, reason := range reasons {
		reasons[i] = fmt.Sprintf("%d %s", count[reason], reason)
	}
	return strings.Join(reasons, ", ")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
