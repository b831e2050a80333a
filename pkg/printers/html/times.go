package html

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// htmlMoment is when a rung last changed, and its position from the left.
type htmlMoment struct {
	Place, Link, X string
	Look           htmlLook
	Since          htmlTime
	at             time.Time
}

// moments are the newest first, and the places of which no time is known.
func (p html) moments(t *trace.Trace) (all []htmlMoment, timeless []string) {
	add := func(prefix, environment string, rungs []trace.Rung) {
		for _, r := range rungs {
			if r.Since.IsZero() {
				timeless = append(timeless, style.Place(r.ID, environment))
				continue
			}
			all = append(all, htmlMoment{
				Place: style.Place(r.ID, environment), Link: prefix + string(r.ID), Look: lookOf(r.State), Since: p.time(r.Since), at: r.Since,
			})
		}
	}
	add("", "", t.Rungs)
	for i, e := range t.Environments {
		add(branchID(i), e.Name, e.Rungs)
	}
	slices.SortStableFunc(all, func(a, b htmlMoment) int { return b.at.Compare(a.at) })
	for i := range all {
		all[i].X = p.position(all[i].at, all[len(all)-1].at)
	}
	return all, timeless
}

// position is in hundredths of the width, now at the right. Ages differ by so much, seconds beside months, that they are
// shown by their logarithm.
func (p html) position(at, oldest time.Time) string {
	age := func(t time.Time) float64 { return math.Log1p(max(p.options.Now.Sub(t).Seconds(), 0)) }
	share := 0.0
	if most := age(oldest); most > 0 {
		share = age(at) / most
	}
	return fmt.Sprintf("%.1f%%", 96-92*share)
}
