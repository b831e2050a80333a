package cmdutil

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// notableSkew is longer than a request takes: a smaller difference decides nothing.
const notableSkew = 20 * time.Second

// ReportSkew tells the user, once, that this machine's clock differs from the cluster's.
func (r *Reader) ReportSkew(clock facts.Clock) {
	ahead, known := clock.Skew(facts.Control)
	if r.skewed || !known || ahead.Abs() < notableSkew {
		return
	}
	r.skewed = true
	side := "ahead of"
	if ahead < 0 {
		side = "behind"
	}
	_, _ = fmt.Fprintf(r.Streams.Err, "warning: the clock of this machine is %s %s the clock of the cluster; ages and timeouts use the clock of the cluster\n",
		ahead.Abs().Round(time.Second), side)
}

// reportSuspectedSkew does so where no clock was compared, but all that the cluster wrote is of the same age.
func (r *Reader) reportSuspectedSkew(s *facts.Snapshot) {
	silence := s.TakenAt.Sub(view.ClusterTime(s))
	if r.skewed || silence == 0 {
		return
	}
	r.skewed = true
	_, _ = fmt.Fprintf(r.Streams.Err, "warning: the newest object in the cluster is %s old, so the clock of this machine may be ahead; timeouts use the time of the newest object\n",
		silence.Round(time.Second))
}
