package dataplane

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessProbes assesses the responses of the endpoints, if they were requested. An endpoint that was not requested is unknown, whatever
// the cluster reports of it. The summary has all responses.
func assessProbes(p *view.Environment, j *result.Result) *result.Result {
	var said []string
	for _, one := range p.Probes {
		if one.Environment != p.Name {
			continue
		}
		said = append(said, one.URL+": "+response(one))
		f := trace.Finding{Code: trace.CodeProbeFailed, Message: one.URL + ": " + response(one)}
		switch {
		case one.NotSent != "":
			f.Hint = notSentHint(one)
			j.Note(trace.Warning, f)
			if j.State == trace.OK {
				j.State = trace.Unknown
			}
		case !one.OK:
			f.Hint = "the cluster reports it as ready: check the gateway, DNS and TLS in front of it"
			j.Cause = result.CausedBy(trace.RungPod)
			j.Fail(f)
		}
	}
	if len(said) > 0 {
		j.Summary = strings.Join(said, "; ")
	}
	return j
}

// response is what came of a request.
func response(one facts.Probe) string {
	words := ""
	switch {
	case one.NotSent != "":
		return "not probed: " + one.NotSent
	case one.Error != "":
		words = "no response: " + one.Error
	default:
		words = fmt.Sprintf("%d in %s", one.Status, one.Took.Round(time.Millisecond))
	}
	if one.Through != "" {
		words += ", through pod " + one.Through
	}
	return words
}

func notSentHint(one facts.Probe) string {
	if one.Forbidden {
		return "get the right to create pods/portforward (docs/rbac.md), or trace without --probe"
	}
	return "trace without --probe"
}
