package verify

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Remarks are what a rung reports without failing: warnings, and how much differs from what was delivered.
type Remarks struct {
	// Drift is how many differences were found, and DriftSince since when the oldest of them exists, as far as the cluster records it.
	Drift      int       `json:"drift,omitempty"`
	DriftSince time.Time `json:"driftSince,omitzero"`
	// Warnings are the codes of the warnings, each once, down the ladder.
	Warnings []trace.Code `json:"warnings,omitempty"`
}

// RemarksOf returns the remarks of some rungs.
func RemarksOf(all []trace.Rung) Remarks {
	var r Remarks
	for _, rung := range all {
		for _, f := range rung.Findings {
			r.add(f)
		}
	}
	return r
}

func (r *Remarks) add(f trace.Finding) {
	if f.Severity == trace.Warning && !slices.Contains(r.Warnings, f.Code) {
		r.Warnings = append(r.Warnings, f.Code)
	}
	if !IsDrift(f.Code) {
		return
	}
	r.Drift++
	if !f.Since.IsZero() && (r.DriftSince.IsZero() || f.Since.Before(r.DriftSince)) {
		r.DriftSince = f.Since
	}
}

// IsEmpty reports whether there is nothing to remark.
func (r Remarks) IsEmpty() bool { return r.Drift == 0 && len(r.Warnings) == 0 }
