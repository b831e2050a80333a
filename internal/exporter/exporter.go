// Package exporter serves the newest report about components to Prometheus. It reads no cluster: reports come from a Follower.
package exporter

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/metrics"
)

// unreadyAfter is how long reads may fail before the exporter is not ready, and before it drops what it exports of components: a metric
// that is healthy must not be one of an hour ago. An API server restarts in less.
const unreadyAfter = time.Minute

// Follower keeps a report current. Read and Wait are called in turn.
type Follower interface {
	// Read assesses all components.
	Read(ctx context.Context) (printers.StatusReport, error)
	// Wait returns when it is time for the next Read, or with an error when ctx ends.
	Wait(ctx context.Context) error
}

// Options of an Exporter.
type Options struct {
	Version string           // of the program
	Now     func() time.Time // the clock
	// Problem reports an error of a read, and nil when a read succeeds after an error. It may be nil.
	Problem func(error)
}

// Exporter holds the metrics of the newest report.
type Exporter struct {
	options     Options
	own         own
	transitions transitions
	leadTimes   leadTimes
	unread      unread

	mu         sync.Mutex
	components []*dto.MetricFamily // of the newest report; nil before the first
	failing    time.Time           // since when reads fail; zero: the newest succeeded
}

// New returns an Exporter without a report.
func New(o Options) *Exporter {
	registry := prometheus.NewRegistry()
	e := &Exporter{options: o, own: newOwn(registry, o.Version)}
	e.transitions.counter, e.leadTimes.histogram = e.own.transitions, e.own.leadTimes
	return e
}

// Run exports the reports of f until ctx ends.
func (e *Exporter) Run(ctx context.Context, f Follower) {
	for {
		e.unread.reset()
		report, err := f.Read(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			e.fail(err)
		default:
			e.publish(report)
		}
		if f.Wait(ctx) != nil {
			return
		}
	}
}

// publish replaces what is exported.
func (e *Exporter) publish(r printers.StatusReport) {
	e.transitions.update(r.Places())
	e.leadTimes.update(r.Results)
	all := newFamilies()
	metrics.Bounded(all, r.Results, r.Causes)
	all.count("choreo_exporter_components", "Number of components.", len(r.Results))
	e.unread.write(all)
	e.own.assessed(r)

	e.mu.Lock()
	recovered := !e.failing.IsZero()
	e.components, e.failing = all.list(), time.Time{}
	e.mu.Unlock()
	if recovered {
		e.report(nil)
	}
}

func (e *Exporter) fail(err error) {
	e.own.failed()
	e.mu.Lock()
	if e.failing.IsZero() {
		e.failing = e.options.Now()
	}
	e.mu.Unlock()
	e.report(err)
}

func (e *Exporter) report(err error) {
	if e.options.Problem != nil {
		e.options.Problem(err)
	}
}

// state returns what is exported of components, and why the exporter is not ready; "" if it is.
func (e *Exporter) state() (components []*dto.MetricFamily, unready string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.components == nil:
		return nil, "components were not read yet"
	case !e.failing.IsZero() && e.options.Now().Sub(e.failing) >= unreadyAfter:
		return nil, "components cannot be read since " + e.failing.UTC().Format(time.RFC3339)
	}
	return e.components, ""
}
