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
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/text"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// VerifyReport is what a gate came to, of one component or of a fleet.
type VerifyReport struct {
	Begun, Ended time.Time
	Gate         verify.Gate
	Results      []verify.Result // sorted as they are to be printed
	Causes       []verify.Cause  // of all that has not passed
	Late         bool            // the time ran out before all was final
}

// Decision is that of all results together; Undecided where there is none.
func (r VerifyReport) Decision() verify.Decision {
	if len(r.Results) == 0 {
		return verify.Undecided
	}
	d := verify.Passed
	for _, one := range r.Results {
		d = d.Worse(one.Decision)
	}
	return d
}

// VerifyFormats are the names that VerifyReport.Print knows.
func VerifyFormats() []string {
	return []string{"table", "wide", "json", "yaml", "junit", "markdown", "github", "sarif", "prometheus"}
}

// Print writes the report in a format.
func (r VerifyReport) Print(w io.Writer, format string, o Options) error {
	switch format {
	case "", "table":
		return r.table(w, o, r.matrix(o))
	case "wide":
		return r.table(w, o, r.list(o))
	case "json":
		return data.Write(w, data.JSON, r.Document())
	case "yaml":
		return data.Write(w, data.YAML, r.Document())
	case "junit":
		return ci.WriteJUnit(w, "kubectl choreo verify", r.cases(), "")
	case "markdown":
		return ci.WriteMarkdown(w, r.headline(), r.matrix(Options{Now: r.Ended}), r.Annotations(), "")
	case "github":
		return ci.WriteGitHub(w, r.Annotations())
	case "sarif":
		return ci.WriteSARIF(w, r.Annotations(), "")
	case "prometheus":
		return r.prometheus(w)
	}
	return fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(VerifyFormats(), ", "))
}

// headline is what all of it comes to, in one sentence without its full stop.
func (r VerifyReport) headline() string {
	count := map[verify.Decision]int{}
	for _, one := range r.Results {
		count[one.Decision]++
	}
	of := func(d verify.Decision) string {
		if len(r.Results) == 1 {
			return escape.Line(r.Results[0].Trace.Subject.Component)
		}
		return fmt.Sprintf("%d of %d components", count[d], len(r.Results))
	}
	var parts []string
	for _, d := range []verify.Decision{verify.Failed, verify.Undecided, verify.Pending, verify.Passed} {
		switch {
		case count[d] > 0 && len(parts) == 0:
			parts = append(parts, of(d)+" "+r.verb(d))
		case count[d] > 0:
			parts = append(parts, fmt.Sprintf("%d %s", count[d], r.verb(d)))
		}
	}
	if len(parts) == 0 {
		return "No component was verified"
	}
	return strings.Join(parts, ", ") + r.reportedOnly() + r.warnings()
}

// warnings names the warnings of one component; of several, it counts the components that have any.
func (r VerifyReport) warnings() string {
	count := 0
	for _, one := range r.Results {
		words := text.Warnings(one.Trace, "")
		switch {
		case words == "":
		case len(r.Results) == 1:
			return ", " + words
		default:
			count++
		}
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf(", %d with warnings", count)
}

// reportedOnly counts what has passed on OpenChoreo's word alone.
func (r VerifyReport) reportedOnly() string {
	count := 0
	for _, one := range r.Results {
		if slices.ContainsFunc(one.Cells, func(c verify.Cell) bool { return c.Reported }) {
			count++
		}
	}
	switch {
	case count == 0:
		return ""
	case len(r.Results) == 1:
		return ", as reported by OpenChoreo"
	}
	return fmt.Sprintf(", %d as reported by OpenChoreo", count)
}

func (r VerifyReport) verb(d verify.Decision) string {
	switch d {
	case verify.Passed:
		return "passed"
	case verify.Failed:
		return "failed"
	case verify.Pending:
		if r.Late {
			return "timed out"
		}
		return "not ready (checked once)"
	case verify.Undecided:
		return "unknown"
	}
	return "unknown"
}

// cases are the components, each a test of its own.
func (r VerifyReport) cases() []ci.Case {
	var cases []ci.Case
	for _, one := range r.Results {
		s := one.Trace.Subject
		c := ci.Case{Class: strings.Trim(s.Namespace+"."+s.Project, "."), Name: s.Component, Outcome: outcomeOf(one.Decision), Took: r.Ended.Sub(r.Begun)}
		for _, reason := range one.Reasons {
			c.Annotations = append(c.Annotations, annotationOf(reason, environmentOf(reason)))
		}
		c.Notes = text.ReportedRungs(one.Trace)
		cases = append(cases, c)
	}
	return cases
}

func environmentOf(r verify.Reason) []string {
	if r.Environment == "" {
		return nil
	}
	return []string{r.Environment}
}

// outcomeOf: what was not done in time is a failure of the pipeline; what could not be decided is an error of it.
func outcomeOf(d verify.Decision) ci.CaseOutcome {
	switch d {
	case verify.Passed:
		return ci.CasePassed
	case verify.Failed, verify.Pending:
		return ci.CaseFailed
	case verify.Undecided:
		return ci.CaseErrored
	}
	return ci.CaseErrored
}

// verifyDocument is the data form.
type verifyDocument struct {
	APIVersion string               `json:"apiVersion"`
	Kind       string               `json:"kind"`
	Decision   verify.Decision      `json:"decision"`
	Require    []verify.Requirement `json:"require"`
	Seconds    float64              `json:"seconds"`
	TimedOut   bool                 `json:"timedOut"`
	Components []verifyComponent    `json:"components"`
	Causes     []verify.Cause       `json:"causes"`
	TakenAt    time.Time            `json:"takenAt"`
}

type verifyComponent struct {
	Subject      facts.Subject   `json:"subject"`
	Wanted       trace.Wanted    `json:"wanted"`
	Decision     verify.Decision `json:"decision"`
	Verdict      trace.Verdict   `json:"verdict"`
	Current      trace.Currency  `json:"current"`
	Reasons      []verify.Reason `json:"reasons"`
	Environments []verify.Cell   `json:"environments"`
	Probes       []verify.Probe  `json:"probes,omitempty"`
}

// Document is the report as data.
func (r VerifyReport) Document() any {
	d := verifyDocument{
		APIVersion: APIVersion, Kind: "VerifyReport", Decision: r.Decision(), Require: r.Gate.Required(), Seconds: r.Ended.Sub(r.Begun).Seconds(),
		TimedOut: r.Late, Components: []verifyComponent{}, Causes: append([]verify.Cause{}, r.Causes...), TakenAt: r.Ended.UTC(),
	}
	for _, one := range r.Results {
		t := one.Trace
		d.Components = append(d.Components, verifyComponent{
			t.Subject, t.Wanted, one.Decision, t.Verdict, t.Current, append([]verify.Reason{}, one.Reasons...), append([]verify.Cell{}, one.Cells...), one.Probes,
		})
	}
	return d
}
