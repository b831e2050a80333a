package schema

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// fewObjects may have a mistake each. More of them, with most of their kind, are written for another release.
const fewObjects = 3

// outdated finds objects that an earlier release accepts, if most objects of their kinds are such, and if no object needs the
// present release. They have one cause, and are reported once. If the repository does not state its release, the earlier one applies
// from then on.
func outdated(ix *index.Index, all []*checked) map[*checked]bool {
	byRelease := map[string][]*checked{}
	for _, c := range all {
		byRelease[c.release] = append(byRelease[c.release], c)
	}
	found := map[*checked]bool{}
	for _, present := range schemas.Releases() {
		for _, earlier := range slices.Backward(earlierThan(present)) {
			accepted := accepted(ix, byRelease[present], earlier)
			if len(accepted) == 0 {
				continue
			}
			for _, c := range accepted {
				found[c] = true
			}
			reportOutdated(ix, accepted, present, earlier)
			break
		}
	}
	return found
}

func earlierThan(release string) []string {
	all := schemas.Releases()
	return all[:slices.Index(all, release)]
}

// accepted returns the objects that only the earlier release accepts; none if they are few, or if the repository is not written for it.
func accepted(ix *index.Index, all []*checked, earlier string) []*checked {
	var accepted []*checked
	of, with := map[string]int{}, map[string]int{}
	for _, c := range all {
		of[c.Ref.Kind]++
		if len(c.violations) > 0 && accepts(ix, c, earlier) {
			accepted = append(accepted, c)
			with[c.Ref.Kind]++
		}
	}
	if len(accepted) < fewObjects {
		return nil
	}
	for kind, n := range with {
		if 2*n <= of[kind] {
			return nil
		}
	}
	if slices.ContainsFunc(all, func(c *checked) bool { return len(c.violations) == 0 && !accepts(ix, c, earlier) }) {
		return nil
	}
	return accepted
}

func accepts(ix *index.Index, c *checked, release string) bool {
	violations, err := compare(ix, c.Object, release, nil)
	return err == nil && len(violations) == 0
}

func reportOutdated(ix *index.Index, accepted []*checked, present, earlier string) {
	first := accepted[0]
	names := make([]string, 0, len(accepted))
	for _, c := range accepted {
		names = append(names, c.Ref.String())
	}
	f := trace.Finding{
		Code:    trace.CodeSchemaOutdated,
		Message: fmt.Sprintf("%d objects are valid in OpenChoreo %s, but not in %s: %s", len(accepted), earlier, present, first.violations[0].Message),
		Hint:    fmt.Sprintf("adapt them to OpenChoreo %s, or use --openchoreo-version %s if the cluster runs it", present, earlier),
	}
	severity := trace.Error
	if !ix.Versions.IsStated() {
		severity = trace.Warning
		ix.Versions.Assume(earlier)
		f.Hint = fmt.Sprintf("this repository does not state its version of OpenChoreo: use --openchoreo-version %s if the clusters run that one", earlier)
	}
	ix.Report(first.Object, first.violations[0].Path, severity, f, names...)
}
