package trace

import (
	"context"
	"errors"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/endpoints"
	"github.com/kubectl-choreo/kubectl-choreo/internal/probe"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// checkProbe refuses to probe what has no cluster, and again and again.
func (o *options) checkProbe() error {
	switch {
	case o.probe.On && o.reader.Snapshot != "":
		return errors.New("cannot probe a snapshot: use --probe without --snapshot")
	case o.probe.On && o.watch:
		return errors.New("cannot combine --probe with -w: use verify --probe to wait for an endpoint")
	}
	return o.probe.Complete()
}

// probeEndpoints adds the responses of the endpoints to what was read. Each is requested once: a trace shows what is.
func (o *options) probeEndpoints(ctx context.Context, s *facts.Snapshot) error {
	if !o.probe.On {
		return nil
	}
	source, _, err := o.reader.Connect()
	if err != nil {
		return err
	}
	p := endpoints.Prober{Prober: probe.New(o.probe.Parsed), Source: source, Retrying: ctx, Once: true}
	s.Probes = p.Component(ctx, s, assess.Assess(s, s.TakenAt))
	return ctx.Err()
}
