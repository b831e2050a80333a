package components

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Overview assesses components for a report that is no gate.
type Overview struct {
	reader  *Reader
	begun   time.Time
	results []verify.Result

	unknown, noEnvironment []error // for each component
}

// NewOverview returns the Overview of so many components.
func (r *Reader) NewOverview(count int) *Overview {
	return &Overview{reader: r, begun: time.Now(), results: make([]verify.Result, count), unknown: make([]error, count), noEnvironment: make([]error, count)}
}

// Take assesses a component. Of a failed one it reads the clone, which may know the file that is to blame.
func (o *Overview) Take(ctx context.Context, at int, s *facts.Snapshot) {
	t := assess.Assess(s, s.TakenAt)
	if t.Verdict == trace.VerdictFailed && len(s.Changes) == 0 && o.reader.Snapshot == "" {
		if s.Changes = o.reader.Changes(ctx, s); len(s.Changes) > 0 {
			t = assess.Assess(s, s.TakenAt)
		}
	}
	result := Observe(t, s)
	result.Judgement = verify.Overview(t)
	o.results[at] = result.WithoutRungs()
	o.unknown[at], o.noEnvironment[at] = notfound.Component(s), notfound.Environment(s)
}

// Report returns the report, or an error if the command line names what nothing in the cluster declares.
func (o *Overview) Report() (printers.StatusReport, error) {
	r := printers.StatusReport{Begun: o.begun, Ended: time.Now(), Results: o.results, Causes: verify.Causes(o.results), Named: len(o.reader.Names) > 0}
	switch {
	case o.reader.Snapshot != "" && len(o.results) > 0:
		r.Begun = o.results[0].Trace.TakenAt // the content of a file depends on nothing but the file
		r.Ended = r.Begun
	case o.reader.Source != nil:
		r.Begun, r.Ended = o.reader.Source.ByCluster(r.Begun), o.reader.Source.ByCluster(r.Ended)
	}
	return r, Undeclared(o.unknown, o.noEnvironment)
}

// ReadOverview reads all components that the command line selects. Without any, the report is empty and the error a NotFoundError.
func (r *Reader) ReadOverview(ctx context.Context) (printers.StatusReport, error) {
	return r.overview(ctx, nil, r.Read)
}

// readFrom finds and reads components from a watch, which makes requests only for what was not read before.
func (r *Reader) readFrom(ctx context.Context, cluster facts.Source, found func([]facts.Subject), take Take) error {
	whole := fleet.New(cluster, r.FleetOptions(Few+1))
	subjects, err := r.Find(ctx, whole.For(r.Subject))
	if err != nil {
		return err
	}
	found(subjects)
	if len(subjects) <= Few {
		whole = fleet.New(cluster, r.FleetOptions(len(subjects)))
	}
	return r.ReadFrom(ctx, whole.For, subjects, take)
}

// ReadOverviewOf reads these components.
func (r *Reader) ReadOverviewOf(ctx context.Context, subjects []facts.Subject) (printers.StatusReport, error) {
	return r.overview(ctx, nil, func(ctx context.Context, found func([]facts.Subject), take Take) error {
		found(subjects)
		if len(subjects) > Few {
			return r.ReadAgain(ctx, subjects, take)
		}
		return r.ReadFrom(ctx, fleet.New(r.Source, r.FleetOptions(len(subjects))).For, subjects, take)
	})
}

func (r *Reader) overview(ctx context.Context, see func(*facts.Snapshot), read func(context.Context, func([]facts.Subject), Take) error) (printers.StatusReport, error) {
	o := r.NewOverview(0)
	found := func(all []facts.Subject) { o = r.NewOverview(len(all)) }
	take := func(ctx context.Context, at int, s *facts.Snapshot) {
		o.Take(ctx, at, s)
		if see != nil {
			see(s)
		}
	}
	if err := read(ctx, found, take); err != nil {
		return printers.StatusReport{Begun: o.begun, Ended: o.begun}, err
	}
	return o.Report()
}
