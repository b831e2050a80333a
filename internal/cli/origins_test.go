package cli

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
)

// byVersion matches the line of a system whose controller ran in the lab.
var byVersion = regexp.MustCompile(`^(.+) v\d+\.\d+\.\d+$`)

// byTest matches the line of a system whose status the test wrote.
var byTest = regexp.MustCompile(`^(.+): written by the test$`)

// TestOrigins: a scenario with a status of another system says who wrote it: a version of its controller, or the test.
func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, r := range recordings(t) {
		var systems []string
		for _, line := range r.origin {
			found := slices.Concat(byVersion.FindStringSubmatch(line), byTest.FindStringSubmatch(line))
			if len(found) != 2 {
				t.Errorf("%s: %q names neither the version of a controller nor the test", r.name, line)
				continue
			}
			systems = append(systems, found[1])
		}
		if diff := cmp.Diff(factstest.Systems(factstest.Scenario(t, r.name)), systems); diff != "" {
			t.Errorf("%s: file %s names other systems than have a status in the snapshot (-want +got)\n%s", r.name, factstest.OriginFile, diff)
		}
	}
}

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
