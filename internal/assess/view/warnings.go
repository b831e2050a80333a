package view

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Warnings returns the Warning events about ref that were collected, the newest first.
func (v *Component) Warnings(ref facts.Ref) []events.Warning {
	return events.About(v.Of(ref.Plane, kinds.Core, "Event"), v.Object(ref))
}

// WithEvent adds the message of the newest event of one of these reasons.
func (p *Environment) WithEvent(f trace.Finding, ref facts.Ref, reasons ...string) trace.Finding {
	for _, w := range p.Warnings(ref) {
		for _, reason := range reasons {
			if w.Reason == reason {
				f.Message = w.Message
				f.Evidence = append(f.Evidence, trace.Evidence{Path: "event " + w.Reason, Value: w.Message})
				return f
			}
		}
	}
	return f
}
