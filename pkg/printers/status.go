package printers

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/ci"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// StatusReport is an overview of components in their environments. It is no gate: nothing passes or fails it.
type StatusReport struct {
	Begun, Ended time.Time
	Results      []verify.Result
	Causes       []verify.Cause // of all that is not healthy and current
	// Named means that the command line names the components: healthy ones are then listed however many there are.
	Named bool
}

// StatusFormats are the names that StatusReport.Print knows.
func StatusFormats() []string {
	return []string{"table", "wide", "json", "yaml", "markdown", "prometheus"}
}

// Print writes the report in a format.
func (r StatusReport) Print(w io.Writer, format string, o Options) error {
	switch format {
	case "", "table":
		return r.table(w, o, mostRows)
	case "wide":
		return r.wide(w, o)
	case "json":
		return data.Write(w, data.JSON, r.Document())
	case "yaml":
		return data.Write(w, data.YAML, r.Document())
	case "markdown":
		shown, _ := r.listed(mostRows)
		return ci.WriteMarkdown(w, r.Headline(), rowTable(shown, Options{Now: r.Ended}, everything), annotationsOf(r.Causes), "")
	case "prometheus":
		m := &metrics.Text{}
		metrics.Components(m, r.Results, r.Causes)
		m.Times("status", r.Begun, r.Ended)
		return m.Write(w)
	}
	return fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(StatusFormats(), ", "))
}

// statusWord is how an overview names a decision.
func statusWord(d verify.Decision) string {
	switch d {
	case verify.Failed:
		return "failing"
	case verify.Undecided:
		return "unknown"
	case verify.Pending:
		return "not ready"
	case verify.Passed:
		return "healthy"
	}
	return "unknown"
}

// Headline counts the components by what they come to, in one sentence without its full stop.
func (r StatusReport) Headline() string {
	if len(r.Results) == 0 {
		return "No components"
	}
	s := r.summary()
	var parts []string
	for _, one := range []struct {
		count int
		word  string
	}{
		{s.Failing, statusWord(verify.Failed)},
		{s.Unknown, statusWord(verify.Undecided)},
		{s.NotReady, statusWord(verify.Pending)},
		{s.Healthy, statusWord(verify.Passed)},
		{s.Reported, "as reported by OpenChoreo"},
		{s.Drifted, "with drift"},
		{s.Warned, "with warnings"},
	} {
		switch {
		case one.count == 0:
		case len(r.Results) == 1:
			parts = append(parts, one.word)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", one.count, one.word))
		}
	}
	name := fmt.Sprintf("%d components", len(r.Results))
	if len(r.Results) == 1 {
		name = escape.Line(r.Results[0].Trace.Subject.Component)
	}
	return name + ": " + strings.Join(parts, ", ")
}

// statusSummary counts components.
type statusSummary struct {
	Components int `json:"components"`
	Failing    int `json:"failing"`
	Unknown    int `json:"unknown"`
	NotReady   int `json:"notReady"`
	Healthy    int `json:"healthy"`
	// The others count components of any of these.
	Reported int `json:"reported"`
	Drifted  int `json:"drifted"`
	Warned   int `json:"warned"`
}

func (r StatusReport) summary() statusSummary {
	s := statusSummary{Components: len(r.Results)}
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	for _, one := range r.Results {
		d := one.Decision
		count(&s.Failing, d == verify.Failed)
		count(&s.NotReady, d == verify.Pending)
		count(&s.Healthy, d == verify.Passed)
		count(&s.Unknown, d != verify.Failed && d != verify.Pending && d != verify.Passed)
		count(&s.Reported, slices.ContainsFunc(one.Cells, func(c verify.Cell) bool { return c.Reported }))
		count(&s.Drifted, one.Shared.Drift > 0 || slices.ContainsFunc(one.Cells, func(c verify.Cell) bool { return c.Drift > 0 }))
		count(&s.Warned, len(one.Shared.Warnings) > 0 || slices.ContainsFunc(one.Cells, func(c verify.Cell) bool { return len(c.Warnings) > 0 }))
	}
	return s
}

// statusDocument is the data form.
type statusDocument struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Summary    statusSummary     `json:"summary"`
	Components []statusComponent `json:"components"`
	Causes     []verify.Cause    `json:"causes"`
	TakenAt    time.Time         `json:"takenAt"`
}

type statusComponent struct {
	Subject facts.Subject   `json:"subject"`
	Wanted  trace.Wanted    `json:"wanted"`
	Verdict trace.Verdict   `json:"verdict"`
	Current trace.Currency  `json:"current"`
	Reasons []verify.Reason `json:"reasons"`
	verify.Remarks
	Environments []verify.Cell `json:"environments"`
}

// Document is the report as data, in the order of the table.
func (r StatusReport) Document() any {
	d := statusDocument{
		APIVersion: APIVersion, Kind: "StatusReport", Summary: r.summary(), Components: []statusComponent{}, Causes: append([]verify.Cause{}, r.Causes...), TakenAt: r.Ended.UTC(),
	}
	for _, one := range r.TroubleFirst() {
		t := one.Trace
		d.Components = append(d.Components, statusComponent{
			t.Subject, t.Wanted, t.Verdict, t.Current, append([]verify.Reason{}, one.Reasons...), one.Shared, append([]verify.Cell{}, one.Cells...),
		})
	}
	return d
}

// TroubleFirst are the results: what fails, what is unknown, what is not ready, what has warnings or drift, and then what is healthy.
// Those of one cause stand together.
func (r StatusReport) TroubleFirst() []verify.Result {
	position := map[[2]string]int{}
	for i, c := range r.Causes {
		for _, s := range c.Subjects {
			key := [2]string{s.Namespace, s.Component}
			if _, known := position[key]; !known {
				position[key] = i
			}
		}
	}
	rank := func(one verify.Result) int {
		at, known := position[[2]string{one.Trace.Subject.Namespace, one.Trace.Subject.Component}]
		switch {
		case known:
			return at
		case one.Decision != verify.Passed:
			return len(r.Causes)
		case !isUnremarkable(one):
			return len(r.Causes) + 1
		}
		return len(r.Causes) + 2
	}
	sorted := slices.Clone(r.Results)
	slices.SortStableFunc(sorted, func(a, b verify.Result) int { return rank(a) - rank(b) })
	return sorted
}

// isUnremarkable reports whether there is nothing to say of a component beyond that it is healthy.
func isUnremarkable(one verify.Result) bool {
	return one.Decision == verify.Passed && one.Shared.IsEmpty() && !slices.ContainsFunc(one.Cells, func(c verify.Cell) bool { return !c.IsEmpty() })
}
