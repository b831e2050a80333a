package assess

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// maxLeftOut bounds the files that a hint names.
const maxLeftOut = 2

// explainByClone adds to each failure what the clone shows: the file of an object that is missing because nothing applies it, and what sets a
// field.
func explainByClone(v *view.Component, t *trace.Trace) {
	failures := []*trace.Failure{t.Failing}
	for i := range t.Environments {
		failures = append(failures, t.Environments[i].Failing)
	}
	explained := map[*trace.Failure]bool{nil: true}
	for _, f := range failures {
		if explained[f] {
			continue
		}
		explained[f] = true
		explainLeftOut(v, f)
		explainSet(v, f)
	}
}

// explainLeftOut names the file of an object that Git has, and that is missing because nothing applies its file.
func explainLeftOut(v *view.Component, f *trace.Failure) {
	var places []string
	var first facts.UnappliedFile
	for _, l := range v.Past.LeftOut {
		if l.Object != f.Object || len(places) == maxLeftOut {
			continue
		}
		if len(places) == 0 {
			first = l
		}
		places = append(places, placeOf(l.File, l.Line))
		f.Evidence = append(f.Evidence, trace.Evidence{Path: "git " + placeOf(l.File, l.Line), Value: l.Why()})
	}
	files := strings.Join(places, " and ")
	switch {
	case len(places) == 0:
	case first.Branch != "":
		f.Hint = fmt.Sprintf("branch %s declares it, in %s: merge it into the branch of the source", first.Branch, places[0])
	case first.By != "" && first.ByFile != "":
		f.Hint = fmt.Sprintf("%s declares it, and %s (%s)", places[0], first.By, placeOf(first.ByFile, first.ByLine))
	case first.By != "":
		f.Hint = fmt.Sprintf("%s declares it, and %s", places[0], first.By)
	case first.Excluded:
		f.Hint = files + " declares it, and what is applied does not have it: spec.ignore of the source or .sourceignore excludes the file, or a patch removes the object"
	default:
		f.Hint = files + " declares it, and nothing applies that file: no kustomization.yaml lists it, and no path of a Kustomization takes it in"
	}
}

func placeOf(file string, line int) string {
	if line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, line)
}
