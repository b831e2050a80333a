// Package suggest finds valid names that are similar to a mistyped one.
package suggest

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest returns at most three names that the typed one may have meant, the most likely first: names that begin with it, names
// that contain it, and names that differ in a few letters.
func Nearest(names []string, typed string) []string {
	type near struct {
		name  string
		steps int
	}
	var all []near
	for _, name := range names {
		if d, ok := steps(strings.ToLower(name), strings.ToLower(typed)); ok {
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

// leastPart is the length from which a part of a name matches all of it: shorter ones are in many names.
const leastPart = 3

// steps is how far a name is from what was typed, and whether it may be meant at all.
func steps(name, typed string) (int, bool) {
	d := distance(name, typed)
	switch {
	case d <= max(2, len(typed)/3) && d < len(typed):
		return d, true
	case len(typed) < leastPart:
		return 0, false
	case strings.HasPrefix(name, typed):
		return len(typed), true
	case strings.Contains(name, typed):
		return len(typed) + 1, true
	}
	return 0, false
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

// DidYouMean ends an error about an unknown name with the names that may have been meant, or with all names where these are few.
func DidYouMean(names []string, typed string) string {
	const few = 10
	near := Nearest(names, typed)
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

// OneEdit reports whether one letter more, less or other, or two that change places, make a into b.
func OneEdit(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 2 && len(b) == 2 {
		return a[0] == b[1] && a[1] == b[0]
	}
	return len(a) <= 1 && len(b) <= 1
}
