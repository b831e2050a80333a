package watch

import (
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// pollSpacing is the mean time between two polls of a Source, so that an overview of many components does not keep a server busy. Each
// entry is polled at least every maxPoll: a user waits for it.
const (
	pollSpacing = 50 * time.Millisecond
	maxPoll     = 10 * time.Second
)

// pollDelay returns the delay until the next poll. Each entry has a request of its own, so it grows with the number of polled entries.
func (f *follower) pollDelay() time.Duration {
	f.setPolls(true)
	return wait.Jitter(max(f.poll, min(time.Duration(f.polled.Load())*pollSpacing, maxPoll)), 0.1)
}

// setPolls counts the entry among those that are polled, or no longer.
func (f *follower) setPolls(polls bool) {
	if polls == f.polls {
		return
	}
	f.polls = polls
	if polls {
		f.polled.Add(1)
	} else {
		f.polled.Add(-1)
	}
}
