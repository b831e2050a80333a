// Package suggest finds valid names that are similar to a mistyped one.
package suggest

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns at most three names that are similar to slip, the nearest first.
func Nearest(names []string, slip string) []string {
	type near struct {
		name  string
		steps int
	}
	var all []near
	for _, name := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(slip)); d <= max(2, len(slip)/3) && d < len(slip) {
			all = append(all, near{name, d})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return a.steps - b.steps })
	var found []string
	for _, n := range all[:min(3, len(all))] {
		found = append(found, n.name)
	}
	return found
}

// distance returns the number of letters to insert, delete or replace between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// DidYouMean suggests similar names. Without any, it lists all names if there are few.
func DidYouMean(names []string, slip string) string {
	const few = 10
	near := Nearest(names, slip)
	switch {
	case len(near) > 0:
		for i, name := range near {
			near[i] = fmt.Sprintf("%q", name)
		}
		return "; did you mean " + strings.Join(near, " or ") + "?"
	case len(names) > 0 && len(names) <= few:
		return "; choose from " + strings.Join(names, ", ")
	}
	return ""
}
