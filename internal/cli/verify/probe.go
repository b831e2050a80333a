package verify

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/endpoints"
	"github.com/kubectl-choreo/kubectl-choreo/internal/probe"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// probeUsage is that of --probe.
const probeUsage = "also request the URL of each endpoint after all other checks passed; uses a port-forward where the URL is internal"

// probeEndpoints probes the endpoints of the components that have passed. Until the grace is over an answer may still become right: a
// gateway gets a route after the cluster has reported that it is accepted. timed ends with --timeout, but one request is made of each.
func (v *verifying) probeEndpoints(ctx, timed context.Context) {
	if !v.probe.On {
		return
	}
	retrying, cancel := context.WithTimeout(timed, v.grace)
	defer cancel()
	p := endpoints.Prober{Prober: probe.New(v.probe.Parsed), Source: v.reader.Source, Retrying: retrying, Once: v.timeout == 0}
	_ = components.Each(len(v.all), func(at int) error {
		if c := v.all[at]; c.judgement.Decision == verify.Passed {
			c.probed(v.gate(), p.Component(ctx, c.snapshot, c.trace))
		}
		return nil
	})
}

// probed keeps the answers, and what they mean for the gate.
func (c *candidate) probed(gate verify.Gate, all []facts.Probe) {
	for _, p := range all {
		if p.NotSent != "" {
			c.judgement = gate.NotProbed(c.judgement, c.subject, verify.NotProbed{Environment: p.Environment, URL: p.URL, Why: p.NotSent, Forbidden: p.Forbidden})
			continue
		}
		one := verify.Probe{
			Environment: p.Environment, Endpoint: p.Endpoint, URL: p.URL, Through: p.Through, OK: p.OK, Status: p.Status, Error: p.Error, Seconds: p.Took.Seconds(),
		}
		c.probes = append(c.probes, one)
		c.judgement = c.judgement.Answered(c.subject, one)
	}
}
