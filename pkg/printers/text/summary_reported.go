package text

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// isReported reports whether a healthy environment is so only by what OpenChoreo has reported.
func isReported(e trace.Environment) bool {
	for _, r := range e.Rungs {
		if r.Reported && r.State == trace.OK {
			return e.Verdict == trace.VerdictHealthy
		}
	}
	return false
}

// reported adds to "Healthy" whose report it is.
func reported(t *trace.Trace) string {
	for _, e := range t.Environments {
		if isReported(e) {
			return " as reported by OpenChoreo"
		}
	}
	return ""
}

// ReportedRungs names, for each environment, the rungs that are OK only by what OpenChoreo has reported.
func ReportedRungs(t *trace.Trace) []string {
	var all []string
	for _, e := range t.Environments {
		var rungs []string
		for _, r := range e.Rungs {
			if r.Reported && r.State == trace.OK {
				rungs = append(rungs, string(r.ID))
			}
		}
		if len(rungs) > 0 {
			all = append(all, fmt.Sprintf("%s: %s as last reported by OpenChoreo, not read from the data plane", e.Name, strings.Join(rungs, " and ")))
		}
	}
	return all
}

// uncheckedPods are the pods that were not read, with the reason.
func uncheckedPods(t *trace.Trace) []string {
	var all []string
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			if r.ID != trace.RungPod || !r.Reported || r.State != trace.OK {
				continue
			}
			where := ""
			if len(t.Environments) > 1 {
				where = " in " + escape.Line(e.Name)
			}
			all = append(all, fmt.Sprintf("pods not checked%s (%s)", where, uncheckedReason(r)))
		}
	}
	return all
}

func uncheckedReason(r trace.Rung) string {
	plane := strings.TrimSpace("data plane " + escape.Line(string(r.Object.Plane)))
	for _, f := range r.Findings {
		switch {
		case f.Code != trace.CodeUnreachable:
		case facts.IsOpenChoreoAPI(f.Message):
			return escape.Line(f.Message)
		default:
			return plane + " unreachable"
		}
	}
	return plane + " not read"
}
