package history

import (
	"cmp"
	"slices"
	"time"
)

// leadSeconds is the time from the commit of a release to its running pods.
func leadSeconds(row Row) *float64 {
	commit := cmp.Or(row.ReleasedBy, row.Commit)
	running := row.step(StepRunning)
	if commit == nil || commit.Time.IsZero() || running.State != StepKnown {
		return nil
	}
	return secondsBetween(commit.Time, running.At)
}

// secondsBetween is nil if the clocks contradict each other.
func secondsBetween(from, to time.Time) *float64 {
	took := to.Sub(from).Seconds()
	if took < 0 {
		return nil
	}
	return &took
}

// leadTimeOf is the median of an environment: with an even number, the mean of the two in the middle.
func leadTimeOf(environment string, rows []Row) LeadTime {
	lead := LeadTime{Environment: environment}
	var known []float64
	for _, row := range rows {
		switch {
		case row.LeadTimeSeconds != nil:
			known = append(known, *row.LeadTimeSeconds)
		case row.State != NotBound && row.State != NotApplied:
			lead.Unknown++
		}
	}
	if lead.Known = len(known); lead.Known == 0 {
		return lead
	}
	slices.Sort(known)
	median := known[len(known)/2]
	if len(known)%2 == 0 {
		median = (median + known[len(known)/2-1]) / 2
	}
	lead.MedianSeconds = &median
	return lead
}
