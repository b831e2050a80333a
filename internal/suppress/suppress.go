package suppress

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Counts are the numbers of findings that were suppressed.
type Counts struct{ Settings, Annotations, Baseline int }

// Apply returns the findings that remain, with the severities of the settings, and those about entries that suppress nothing.
// Baseline may be nil.
func Apply(found []lint.Finding, r *manifest.Repository, s *Settings, b *Baseline) ([]lint.Finding, Counts) {
	kept, counts, unused := apply(found, r, s, b)
	all := slices.Concat(kept, unused)
	for i, f := range all {
		all[i].Cause = cmp.Or(f.Cause, lint.CauseOf(f))
	}
	slices.SortStableFunc(all, func(a, b lint.Finding) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	return all, counts
}

func apply(found []lint.Finding, r *manifest.Repository, s *Settings, b *Baseline) (kept []lint.Finding, counts Counts, unused []lint.Finding) {
	annotations, baseline, offUsed := newAnnotations(r), b.begin(), make([]bool, len(s.Rules))
	for _, f := range found {
		rule := s.apply(&f)
		switch {
		case rule >= 0:
			offUsed[rule] = true
			counts.Settings++
		case annotations.suppress(f):
			counts.Annotations++
		case baseline.suppress(f):
			counts.Baseline++
		default:
			kept = append(kept, f)
		}
	}
	checked := func(code string) bool { return isChecked(r, trace.Code(code)) }
	return kept, counts, slices.Concat(s.unused(offUsed, checked), annotations.unused(checked), baseline.unused(checked))
}

// isChecked reports whether a run could find a code: some need a base, or the API server of a cluster.
func isChecked(r *manifest.Repository, code trace.Code) bool {
	switch {
	case code == trace.CodeComponentReleaseEdited:
		return r.Former != nil
	case code == trace.CodeDryRunRefused || code == trace.CodeKindNotInstalled || isAboutAccess(code):
		return r.Coverage.Against != nil
	}
	return true
}

// isAboutAccess reports whether a code is about the access to a cluster, not about the repository.
func isAboutAccess(code trace.Code) bool {
	return code == trace.CodeForbidden || code == trace.CodeUnreachable
}

// unused are the rules that turn off what was not found.
func (s *Settings) unused(used []bool, checked func(code string) bool) []lint.Finding {
	var found []lint.Finding
	for i, rule := range s.Rules {
		if rule.Severity != off || used[i] || !checked(rule.Code) {
			continue
		}
		f := lint.Unused(fmt.Sprintf("the rule for %s turns off no finding", rule.Code))
		found = append(found, lint.Finding{Finding: f, File: s.file, Line: s.line("rules", i)})
	}
	return found
}
