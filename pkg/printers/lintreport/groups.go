package lintreport

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// morePlaces is how many further places of a cause are named, where a person reads them one after the other.
const morePlaces = 3

// group is the findings of one cause, which a person reads as one.
type group []ci.Annotation

// groups collapses findings by cause, in the order of the first of each. A finding whose cause is not known is a group of its own.
func groups(all []ci.Annotation) []group {
	var found []group
	at := map[[2]string]int{}
	for _, one := range all {
		key := [2]string{one.Cause, one.Severity}
		i, known := at[key]
		if !known || one.Cause == "" {
			i = len(found)
			at[key] = i
			found = append(found, nil)
		}
		found[i] = append(found[i], one)
	}
	return found
}

// first is the finding that represents all of the group.
func (g group) first() ci.Annotation {
	one := g[0]
	one.Names = nil
	if len(g) == 1 {
		return one
	}
	more := g[1:]
	places := make([]string, 0, morePlaces)
	for _, other := range more[:min(len(more), morePlaces)] {
		places = append(places, placeOf(other))
	}
	if len(more) > morePlaces {
		places = append(places, "…")
	}
	one.More = fmt.Sprintf("and %d more like it", len(more))
	if n := g.objects(); n > 1 {
		one.More += fmt.Sprintf(", %d objects in all", n)
	}
	one.More += ": " + strings.Join(places, ", ")
	return one
}

// objects is the number of objects at which the cause shows.
func (g group) objects() int {
	names := map[string]bool{}
	for _, one := range g {
		if len(one.Names) == 0 {
			names[style.ObjectName(one.Object)] = true
		}
		for _, name := range one.Names {
			names[name] = true
		}
	}
	delete(names, "")
	return len(names)
}

func placeOf(one ci.Annotation) string {
	if place := one.Location(); place != "" {
		return place
	}
	return style.ObjectName(one.Object)
}

// firsts are the findings of which each represents its group.
func firsts(all []ci.Annotation) []ci.Annotation { return firstsOf(groups(all)) }

func firstsOf(all []group) []ci.Annotation {
	found := []ci.Annotation{}
	for _, g := range all {
		found = append(found, g.first())
	}
	return found
}

// worstFirst sorts groups by severity, then by the number of findings.
func worstFirst(all []group) []group {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b group) int {
		if d := severityRank(a[0].Severity) - severityRank(b[0].Severity); d != 0 {
			return d
		}
		return len(b) - len(a)
	})
	return sorted
}

// severityRank treats an unknown severity as an error.
func severityRank(severity string) int {
	return max(0, slices.Index([]string{"error", "warning", "info"}, severity))
}

// codes counts the findings of each code and severity, the worst first. It has no rows if each code was found once: they are all on
// the screen.
func codes(all []ci.Annotation) style.Table {
	type row struct {
		code, severity  string
		findings, cause int
	}
	var rows []*row
	for _, g := range groups(all) {
		i := slices.IndexFunc(rows, func(r *row) bool { return r.code == g[0].CodeOrUnknown() && r.severity == g[0].Severity })
		if i < 0 {
			i = len(rows)
			rows = append(rows, &row{code: g[0].CodeOrUnknown(), severity: g[0].Severity})
		}
		rows[i].findings += len(g)
		rows[i].cause++
	}
	t := style.Table{Header: []string{"CODE", "SEVERITY", "FINDINGS", "CAUSES"}}
	if len(rows) == len(all) {
		return t
	}
	slices.SortStableFunc(rows, func(a, b *row) int {
		if d := severityRank(a.severity) - severityRank(b.severity); d != 0 {
			return d
		}
		return b.findings - a.findings
	})
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.code, escape.Line(r.severity), fmt.Sprint(r.findings), fmt.Sprint(r.cause)})
	}
	return t
}
