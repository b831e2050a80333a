package exporter

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// leadTimes measures deliveries of releases. Both ends of a lead time are times that the cluster records; a delivery of which one is
// not known, or that began before the exporter did, is not measured.
type leadTimes struct {
	histogram *prometheus.HistogramVec
	last      map[place]delivered // nil before the first report
	measured  map[measured]bool   // has a histogram
}

// measured are the environments of a name in one namespace, which have one histogram.
type measured struct{ namespace, environment string }

func (m measured) labels() []string { return []string{m.namespace, escape.Line(m.environment)} }

// delivered is what a place had when it was last healthy and current.
type delivered struct {
	release string
	// fetched is when the first revision that the place does not have was fetched; zero while it has the wanted one.
	fetched time.Time
}

func (l *leadTimes) update(results []verify.Result) {
	now, all := make(map[place]delivered, len(l.last)), map[measured]bool{}
	for _, one := range results {
		s := one.Trace.Subject
		for _, cell := range one.Cells {
			if !cell.Bound {
				continue
			}
			at := place{s.Namespace, s.Component, cell.Environment}
			was, known := l.last[at]
			if l.last == nil && !known {
				was.release = cell.Release // when it was delivered is not known
			}
			m := measured{s.Namespace, cell.Environment}
			all[m] = true
			// Also before the first delivery: Prometheus sees no increase in a series that begins with 1.
			now[at] = next(was, one, cell, l.histogram.WithLabelValues(m.labels()...))
		}
	}
	for m := range l.measured {
		if !all[m] {
			l.histogram.DeleteLabelValues(m.labels()...)
		}
	}
	l.last, l.measured = now, all
}

// next returns what a place has now, and measures a delivery that has ended.
func next(was delivered, one verify.Result, cell verify.Cell, histogram prometheus.Observer) delivered {
	behind := cell.Current == trace.Behind || cell.Release != was.release
	if behind && was.fetched.IsZero() {
		was.fetched = one.WantedSeen
	}
	if cell.Verdict != trace.VerdictHealthy || cell.Current != trace.Current {
		return was
	}
	if cell.Release != was.release && !was.fetched.IsZero() && cell.Since.After(was.fetched) {
		histogram.Observe(cell.Since.Sub(was.fetched).Seconds())
	}
	return delivered{release: cell.Release}
}
