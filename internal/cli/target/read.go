package target

import (
	"context"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Read is a component as it was read, without the wanted revision: no clone is read.
type Read struct {
	Source   *kube.Source // nil if a file was read
	Snapshot *facts.Snapshot
	Trace    *trace.Trace
}

// Read reads and assesses the component. It fails if the component or an environment of -e does not exist.
func (t *Target) Read(ctx context.Context) (Read, error) {
	several, err := t.Choose(ctx)
	if err != nil {
		return Read{}, err
	}
	if len(several.Subjects) > 0 {
		return Read{}, NameOne(several)
	}
	if t.Reader.Snapshot != "" {
		s, err := t.Reader.FromFile(ctx)
		if err != nil {
			return Read{}, err
		}
		return Read{Snapshot: s, Trace: assess.Assess(s, s.TakenAt)}, notfound.Subject(s)
	}
	source, host, err := t.Reader.Connect()
	if err != nil {
		return Read{}, err
	}
	return t.ReadFrom(ctx, source, source, host)
}

// ReadFrom does so from a source that has the clients of a connected one, such as one that watches.
func (t *Target) ReadFrom(ctx context.Context, source facts.Source, connected *kube.Source, host string) (Read, error) {
	s, err := collect.Run(ctx, source, t.Reader.Subject, time.Now())
	if err != nil {
		return Read{}, err
	}
	t.Reader.ReportSkew(connected)
	if err := t.Reader.CheckUsable(s, host); err != nil {
		return Read{}, err
	}
	if err := t.Reader.RequirePlanes(ctx, source, s); err != nil {
		return Read{}, err
	}
	return Read{connected, s, assess.Assess(s, s.TakenAt)}, notfound.Subject(s)
}
