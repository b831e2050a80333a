package cli

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// byVersion matches the line of a system whose controller ran in the lab.
var byVersion = regexp.MustCompile(`^(.+) v\d+\.\d+\.\d+$`)

// byTest matches the line of a system whose status the test wrote.
var byTest = regexp.MustCompile(`^(.+): written by the test$`)

// systemTable lists who wrote the statuses of other systems, with the scenarios: controllers that ran before tests.
func systemTable(all []recording) string {
	scenarios := map[string][]string{}
	for _, r := range all {
		for _, line := range r.origin {
			scenarios[line] = append(scenarios[line], r.name)
		}
	}
	lines := slices.SortedFunc(maps.Keys(scenarios), func(a, b string) int {
		if byTest.MatchString(a) != byTest.MatchString(b) {
			return strings.Compare(fmt.Sprint(byTest.MatchString(a)), fmt.Sprint(byTest.MatchString(b)))
		}
		return strings.Compare(a, b)
	})
	var table strings.Builder
	table.WriteString("| status written by | scenarios |\n|---|---|\n")
	for _, line := range lines {
		fmt.Fprintf(&table, "| %s | %s |\n", line, strings.Join(scenarios[line], ", "))
	}
	return table.String()
}
