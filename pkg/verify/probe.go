package verify

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Probe is the answer of one endpoint.
type Probe struct {
	Environment string `json:"environment"`
	Endpoint    string `json:"endpoint"`
	URL         string `json:"url"`
	// Through is the pod that was probed through the API server, where the URL can be reached within the cluster only.
	Through string `json:"through,omitempty"`
	// OK means that the answer is the expected one; false also where no request could be sent.
	OK bool `json:"ok"`
	// Status is that of HTTP; 0 where none came, and Error reports why.
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
	// Seconds are those from the begin of the request until its answer began; of several attempts, of the last.
	Seconds float64 `json:"seconds"`
}

// NotProbed is an endpoint that could not be probed.
type NotProbed struct {
	Environment string
	URL         string
	// Why is what was in the way; Forbidden, that it was a right which is missing.
	Why       string
	Forbidden bool
}

// Answered is the judgement of a component once an endpoint has answered. One that does not answer as expected fails it, however
// well the cluster reports that it is.
func (j Judgement) Answered(s facts.Subject, p Probe) Judgement {
	if p.OK {
		return j
	}
	message := fmt.Sprintf("%s answers with status %d", p.URL, p.Status)
	if p.Error != "" {
		message = fmt.Sprintf("%s does not answer: %s", p.URL, p.Error)
	}
	return j.Add(probeReason(Failed, s, p.Environment, message, "the cluster reports it as ready: check the gateway, DNS and TLS in front of it"))
}

// NotProbed is a judgement once an endpoint could not be probed. That shows nothing about the endpoint, and is no reason to believe that
// it works; unless the gate lets pass what is not known.
func (g Gate) NotProbed(j Judgement, s facts.Subject, u NotProbed) Judgement {
	if g.AllowUnknown {
		return j
	}
	hint := "verify without --probe, or use --allow-unknown"
	if u.Forbidden {
		hint = "get the right to create pods/portforward (docs/rbac.md), or use --allow-unknown"
	}
	return j.Add(probeReason(Undecided, s, u.Environment, fmt.Sprintf("ask %s: %s", u.URL, u.Why), hint))
}

func probeReason(d Decision, s facts.Subject, environment, message, hint string) Reason {
	return Reason{Decision: d, Requirement: RequireProbe, Failure: trace.Failure{
		Rung: trace.RungEndpoint, Environment: environment, Finding: trace.Finding{
			Code: trace.CodeProbeFailed, Severity: trace.Error, Object: component(s), Message: message, Hint: hint,
		},
	}}
}
