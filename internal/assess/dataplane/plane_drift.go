package dataplane

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// resourceDrift compares the live object with what was rendered, in the fields that were rendered: OpenChoreo applies
// them by force at its next reconciliation (v1.2.3 renderedrelease/controller.go:293). Until then another value is in effect.
func resourceDrift(p *view.Environment, j *result.Result, o view.PlaneObject) {
	differ := slices.DeleteFunc(drift.Paths(drift.Spec(o.Declared, o.Live.Body)), func(path string) bool {
		return path == "spec.replicas" && p.Autoscaled(o)
	})
	if len(differ) == 0 || j.Current == trace.Behind {
		return
	}
	f := trace.Finding{
		Code: trace.CodeResourceDrift, Object: o.Ref, Message: fmt.Sprintf("%s differs from what was rendered, in %s", o.Ref, strings.Join(differ[:min(len(differ), 5)], ", ")),
		Hint: "it was changed on the data plane; OpenChoreo reverts it within about five minutes",
	}
	managers := facts.SpecManagers(o.Live.Body)
	for _, manager := range slices.Sorted(maps.Keys(managers)) {
		if set := drift.Managed(differ, managers[manager]); len(set) > 0 {
			f.Since = view.Latest(f.Since, facts.SpecSetAt(o.Live.Body, manager))
			f.Evidence = append(f.Evidence, trace.Evidence{Path: "metadata.managedFields[" + manager + "]", Value: strings.Join(set, ", ")})
		}
	}
	j.Note(trace.Warning, f)
}
