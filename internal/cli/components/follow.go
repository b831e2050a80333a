package components

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

const (
	// settleTime is how long changes are gathered at least: one push changes many objects within a second.
	settleTime = 200 * time.Millisecond
	// tick is how often components are assessed without a change: time limits run out. It makes no request.
	tick = 5 * time.Second
)

// Following assesses the selected components again and again, from watches. It is not safe for concurrent use.
type Following struct {
	reader  *Reader
	cluster *watch.Source
	see     func(*facts.Snapshot) // nil: Snapshots are only assessed
	count   int                   // of components, at the last assessment
	took    time.Duration         // for it
}

// Follow returns a Following that uses watches until ctx ends or Close is called. The first Read makes the first request. see may be
// nil; it gets each Snapshot that was assessed, several at the same time.
func (r *Reader) Follow(ctx context.Context, see func(*facts.Snapshot)) *Following {
	return &Following{reader: r, cluster: watch.New(ctx, r.Source, watch.Options{}), see: see}
}

// Close ends all watches.
func (f *Following) Close() { f.cluster.Close() }

// Read assesses all components from what the watches have seen. That there is none is a report as well: one may come.
func (f *Following) Read(ctx context.Context) (printers.StatusReport, error) {
	begun := time.Now()
	defer func() { f.took = time.Since(begun) }()
	f.reader.ForgetRevisions()
	report, err := f.reader.overview(ctx, f.see, func(ctx context.Context, found func([]facts.Subject), take Take) error {
		return f.reader.readFrom(ctx, f.cluster, found, take)
	})
	f.count = len(report.Results)
	var nothing *NotFoundError
	if errors.As(err, &nothing) {
		err = nil
	}
	return report, err
}

// Wait waits for a change or the next tick, and then until what changes with it has changed too. All components are assessed again,
// so a large fleet is given the time that it takes, twice.
func (f *Following) Wait(ctx context.Context) error {
	timer := time.NewTimer(max(tick, 10*f.took))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	case <-f.cluster.Changed():
	}
	gathered := time.NewTimer(max(settleTime, GatherTime(f.count), 2*f.took))
	defer gathered.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("watch: %w", ctx.Err())
	case <-gathered.C:
	}
	return nil
}
