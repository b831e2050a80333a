// Package lint reports what will go wrong with the objects that a GitOps repository declares, before they are merged: by their
// own words, without a cluster. It reads no file; internal/checkout does.
package lint

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/rules"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/secrets"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Finding is one thing that is the matter with a repository, and where it is.
type Finding struct {
	trace.Finding
	File string // from the root of the repository; "" where no file is to blame
	Line int    // from 1; 0 where only the file is known
	// Names are what else it is about, where one cause shows at many objects.
	Names []string
	// Cause is a key that is the same for all findings with the same cause, at whichever objects they show.
	Cause string
}

func check(r *manifest.Repository, set *schemas.Set, o Options) (Report, error) {
	ix := rules.Check(r, set, o.OpenChoreoVersion)
	report := Report{OpenChoreoVersions: ix.Versions.Used(), Unchecked: ix.Unchecked}
	for _, found := range ix.Findings {
		f := Finding{Finding: found.Finding, File: found.Place.File, Line: found.Place.Line, Names: found.Names}
		f.Cause = CauseOf(f)
		f.Message = Redact(f.Message)
		report.Findings = append(report.Findings, f)
	}
	return report, ix.Err
}

// Redact removes what has the form of a secret from a text.
func Redact(text string) string { return secrets.Redact(text) }

// Unused is the finding about an entry that suppresses nothing.
func Unused(message string) trace.Finding { return rules.Unused(message) }
