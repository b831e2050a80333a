//go:build !race

package cli

import (
	"bytes"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// printedAll judges a snapshot, and prints what came of it in these formats, as a trace and as a gate.
func printedAll(t *testing.T, s *facts.Snapshot, formats, gates []string) string {
	t.Helper()
	var out bytes.Buffer
	judged := assess.Assess(s, s.TakenAt)
	for _, format := range formats {
		printer, err := printers.New(format, printers.Options{Now: s.TakenAt, Snapshot: s})
		if err != nil {
			t.Fatal(err)
		}
		if err := printer.Print(&out, judged); err != nil {
			t.Fatal(err)
		}
	}
	gate := verify.Gate{Require: verify.Requirements(), FailOn: trace.Warning}
	r := printers.VerifyReport{Begun: s.TakenAt, Ended: s.TakenAt, Gate: gate}
	r.Results = []verify.Result{{Trace: judged, Judgement: gate.Judge(judged), Cells: verify.Cells(judged, s)}}
	r.Causes = verify.Causes(r.Results)
	for _, format := range gates {
		if err := r.Print(&out, format, printers.Options{Now: s.TakenAt}); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// hollow is a sentence in which something should stand.
var hollow = regexp.MustCompile(`\b(?:has|is|at|of|with|on|names|wanted) [,;.]|  Next: *\n|\(\)|: *: `)

// TestOutputIsSteady: the same facts print the same bytes, whatever order Go goes through its maps in, and no sentence lacks a word. Each
// scenario is assessed twenty times, and printed in every format five times, as printing costs ten times as much. It is not built with the
// race detector; the other tests assess and print the same scenarios with it.
func TestOutputIsSteady(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, e.Name())
			if found := hollow.FindString(printedAll(t, s, []string{"tree"}, []string{"table"})); found != "" {
				t.Errorf("something is missing at %q", found)
			}
			isSteady(t, 20, func() string { return printedAll(t, s, []string{"json"}, []string{"json"}) })
			isSteady(t, 5, func() string { return printedAll(t, s, printers.Formats(), printers.VerifyFormats()) })
		})
	}
}

// isSteady compares the output of several runs.
func isSteady(t *testing.T, runs int, printed func() string) {
	t.Helper()
	first := printed()
	for run := 2; run <= runs; run++ {
		if again := printed(); again != first {
			t.Fatalf("run %d (-first +again):\n%s", run, cmp.Diff(first, again))
		}
	}
}

// TestTimesAreUTC: no time that is printed as data depends on where the program runs.
func TestTimesAreUTC(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"healthy", "pod-crash-loop", "component-terminating"} {
		s := factstest.Scenario(t, name)
		want := printedAll(t, s, []string{"json"}, []string{"json"})
		s.TakenAt = s.TakenAt.In(time.FixedZone("", 5*60*60))
		if diff := cmp.Diff(want, printedAll(t, s, []string{"json"}, []string{"json"})); diff != "" {
			t.Errorf("%s (-UTC +elsewhere):\n%s", name, diff)
		}
	}
}
