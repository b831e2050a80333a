package verify

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Drift is how much of a component differs from what was delivered.
type Drift struct {
	Environment string // "" for the rungs that are there once
	Count       int    // of findings
}

// Drifts counts what drifts, above the environments and in each of those to which the component is bound.
func Drifts(t *trace.Trace) []Drift {
	all := []Drift{{}}
	for _, e := range t.Environments {
		if !notBound(e) {
			all = append(all, Drift{Environment: e.Name})
		}
	}
	for p := range rungs(t) {
		for i := range all {
			if all[i].Environment == p.environment {
				all[i].Count += driftCount(p.rung)
			}
		}
	}
	return all
}

func driftCount(r trace.Rung) int {
	count := 0
	for _, f := range r.Findings {
		if IsDrift(f.Code) {
			count++
		}
	}
	return count
}

var lineNumber = regexp.MustCompile(`\bline (\d{1,7})\b`)

// Place is the file of the repository that a reason blames, and the line in it; "" and 0 where none is known. A clone knows the
// file for sure; else the words of the applier may give the way to it from the root.
func (r Reason) Place() (file string, line int) {
	for _, e := range r.Evidence {
		if path, found := strings.CutPrefix(e.Path, "git "); found {
			file = path
			break
		}
		if named, fromRoot := kinds.NamedFile(e.Value); fromRoot {
			file = named
		}
	}
	if m := lineNumber.FindStringSubmatch(r.Message); m != nil && file != "" {
		line, _ = strconv.Atoi(m[1])
	}
	return file, line
}
