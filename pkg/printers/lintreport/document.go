package lintreport

import (
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// lintDocument is the data form.
type lintDocument struct {
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	Decision   verify.Decision `json:"decision"`
	FailOn     trace.Severity  `json:"failOn"`
	Findings   []lintFinding   `json:"findings"`
	Checked    lintCoverage    `json:"checked"`
	Suppressed Suppressed      `json:"suppressed"`
}

type lintFinding struct {
	Code     string    `json:"code"`
	Severity string    `json:"severity"`
	Object   facts.Ref `json:"object"`
	Message  string    `json:"message"`
	Hint     string    `json:"hint,omitempty"`
	File     string    `json:"file,omitempty"`
	Line     int       `json:"line,omitempty"`
	Names    []string  `json:"names,omitempty"`
	Cause    string    `json:"cause,omitempty"`
}

// Document is the report as data.
func (r Report) Document() any {
	d := lintDocument{data.APIVersion, "LintReport", r.Decision(), r.FailOn, make([]lintFinding, 0, len(r.Findings)), coverageData(r.Coverage), r.Suppressed}
	for _, one := range r.Findings {
		d.Findings = append(d.Findings, lintFinding{one.Code, one.Severity, one.Object, one.Message, one.Hint, below(r.InClone, one.File), one.Line, one.Names, one.Cause})
	}
	return d
}

// lintCoverage is the data form of a Coverage. What is not known or none is left out.
type lintCoverage struct {
	Clusters   []string       `json:"clusters,omitempty"`
	Deliveries []lintDelivery `json:"deliveries,omitempty"`
	Objects    map[string]int `json:"objects"`
	NotApplied int            `json:"notApplied"`
	Against    *lintAgainst   `json:"against,omitempty"`
}

// lintDelivery counts the objects of one kind that apply folders.
type lintDelivery struct {
	Kind    string         `json:"kind"`
	Total   int            `json:"total"`
	States  map[string]int `json:"states"`
	Reasons map[string]int `json:"reasons,omitempty"`
}

func coverageData(c manifest.Coverage) lintCoverage {
	d := lintCoverage{Clusters: c.Clusters, Objects: map[string]int{}, NotApplied: c.NotApplied, Against: againstData(c.Against)}
	for family, n := range c.Objects {
		d.Objects[string(family)] = n
	}
	for _, kind := range kindsOf(c.Deliveries) {
		one := lintDelivery{Kind: kind.name, Total: len(kind.deliveries), States: map[string]int{}}
		for _, state := range manifest.DeliveryStates() {
			if n := kind.count(state); n > 0 {
				one.States[stateName(state)] = n
			}
		}
		for _, delivery := range kind.deliveries {
			if delivery.Reason != "" {
				if one.Reasons == nil {
					one.Reasons = map[string]int{}
				}
				one.Reasons[delivery.Reason]++
			}
		}
		d.Deliveries = append(d.Deliveries, one)
	}
	return d
}

func stateName(state manifest.DeliveryState) string {
	switch state {
	case manifest.Built:
		return "built"
	case manifest.BuildFailed:
		return "failed"
	case manifest.FromOtherSource:
		return "otherSource"
	case manifest.NotReachable:
		return "notReachable"
	case manifest.Skipped:
		return "skipped"
	case manifest.NotRead:
	}
	return "notBuilt"
}
