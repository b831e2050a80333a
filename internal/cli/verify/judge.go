package verify

import (
	"context"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// verifying is a verify under way.
type verifying struct {
	*options
	begun   time.Time
	changes func(context.Context, *facts.Snapshot) []facts.Change

	all []*candidate
}

// candidate is a component before the gate.
type candidate struct {
	subject   facts.Subject
	stability verify.Stability
	final     bool // waiting would change nothing

	trace         *trace.Trace
	observed      verify.Result   // without its judgement
	snapshot      *facts.Snapshot // only where endpoints are probed: it has the pods behind them
	unknown       error           // there is no such component
	noEnvironment error           // there is no such environment for it
	judgement     verify.Judgement
	probes        []verify.Probe
}

func newVerifying(o *options) *verifying {
	return &verifying{options: o, begun: time.Now(), changes: o.reader.Changes}
}

// judge looks at all components, and waits for those that waiting may still change.
func (v *verifying) judge(ctx context.Context) error {
	if v.reader.Snapshot != "" {
		return v.fromFile(ctx)
	}
	if err := v.reader.Open(); err != nil {
		return err
	}
	source := v.reader.Source
	if err := v.answered(ctx, func() error { return v.reader.Read(ctx, v.found, v.takeAt) }); err != nil {
		return err
	}
	v.reader.ReportSkew(source)
	if err := v.undeclared(ctx, source); v.timeout == 0 || err != nil {
		return err
	}
	if err := v.readUntilWatchable(ctx); err != nil {
		return err
	}
	return v.wait(ctx, source, v.open())
}

// found takes in the components.
func (v *verifying) found(subjects []facts.Subject) {
	v.all = nil
	for _, s := range subjects {
		v.all = append(v.all, v.candidate(s))
	}
}

func (v *verifying) takeAt(ctx context.Context, at int, s *facts.Snapshot) { v.take(ctx, v.all[at], s) }

func (v *verifying) candidate(s facts.Subject) *candidate {
	return &candidate{subject: s, stability: verify.Stability{Grace: v.grace, StableFor: v.stableFor}}
}

// fromFile judges what was seen, once: a file does not change.
func (v *verifying) fromFile(ctx context.Context) error {
	s, err := v.reader.ReadFile(ctx)
	if err != nil {
		return err
	}
	v.timeout, v.begun = 0, s.TakenAt
	c := v.candidate(s.Subject)
	v.all = []*candidate{c}
	v.take(ctx, c, s)
	return nil
}

// take judges what was seen of a component.
func (v *verifying) take(ctx context.Context, c *candidate, s *facts.Snapshot) {
	c.trace = assess.Assess(s, s.TakenAt)
	c.judgement = v.gate().Judge(c.trace)
	c.final = c.stability.Final(c.judgement, c.trace, s.TakenAt)
	v.keep(ctx, c, s)
}

// keep takes from what was seen all that the report needs: the snapshots of a fleet would fill the memory.
func (v *verifying) keep(ctx context.Context, c *candidate, s *facts.Snapshot) {
	c.unknown, c.noEnvironment = notfound.Component(s), notfound.Environment(s)
	v.explain(ctx, c, s)
	c.observed = components.Observe(c.trace, s)
	if v.probe.On {
		c.snapshot = s
	}
}

// open are the components that are not final.
func (v *verifying) open() []*candidate {
	var open []*candidate
	for _, c := range v.all {
		if !c.final {
			open = append(open, c)
		}
	}
	return open
}

// undeclared refuses what is only in the command line, before anything is waited for. With --revision, a component or an
// environment may still come with that commit: it has the grace to do so.
func (v *verifying) undeclared(ctx context.Context, source facts.Source) error {
	if err := v.reader.RequirePlanes(ctx, source, facts.New(v.reader.Subject, time.Now())); err != nil {
		return err
	}
	err := v.absent()
	if err != nil && v.reader.Revision != "" && v.timeout > 0 {
		_, _ = fmt.Fprintf(v.streams.Err, "%s  %s; waiting up to %s for revision %s to create it\n",
			time.Now().Format(time.TimeOnly), printers.Escape(err.Error()), min(v.grace, v.timeout), printers.Escape(v.reader.Revision))
		return nil
	}
	if v.reader.Revision != "" {
		return nil
	}
	return err
}

// absent refuses a component that nothing names, and an environment that none of the components can have.
func (v *verifying) absent() error {
	var unknown, noEnvironment []error
	for _, c := range v.all {
		unknown, noEnvironment = append(unknown, c.unknown), append(noEnvironment, c.noEnvironment)
	}
	return components.Undeclared(unknown, noEnvironment)
}

// explain finds, where it failed, the files that are to blame and who last changed them, if a clone knows.
func (v *verifying) explain(ctx context.Context, c *candidate, s *facts.Snapshot) {
	if c.judgement.Decision != verify.Failed || len(s.Changes) > 0 || v.reader.Snapshot != "" {
		return
	}
	if s.Changes = v.changes(ctx, s); len(s.Changes) == 0 {
		return
	}
	t := assess.Assess(s, s.TakenAt)
	if j := v.gate().Judge(t); j.Decision == c.judgement.Decision {
		c.trace, c.judgement = t, j
	}
}
