// Package collect follows references from the subject and fills a Snapshot. It decides what to read, and passes no
// verdict. Which objects to read next follows from what was read, and all of them are requested at once.
//
// A healthy component in one environment costs 19 requests in three round trips, each further environment five more and no
// further round trip. What is not healthy costs a few more; docs/requests.md lists each request and its condition.
package collect

import (
	"context"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Run reads everything that a trace of subject needs. It fails only when the subject names nothing or ctx ends; what
// could not be read is a fact in the Snapshot. now is this machine's time; the Snapshot has the control plane's where src
// is a facts.Clock.
func Run(ctx context.Context, src facts.Source, subject facts.Subject, now time.Time) (*facts.Snapshot, error) {
	if subject.Namespace == "" || subject.Component == "" {
		return nil, fmt.Errorf("collect: a namespace and a component must be given")
	}
	s := facts.New(subject, now)
	err := request.SendAll(ctx, src, s, func() ([]request.Request, request.Filter) {
		trim(s)
		return pendingRequests(s), deliveryOf(s).listFilter()
	})
	if err != nil {
		return nil, err
	}
	deliveryOf(s).dropUnrelated()
	if clock, ok := src.(facts.Clock); ok {
		s.SetClock(clock)
	}
	return s, nil
}

// pendingRequests are all that are worth sending and were not sent yet. An object that is absent from a complete list may be
// a reason for more.
func pendingRequests(s *facts.Snapshot) []request.Request {
	for {
		if r := requestsOf(s); !r.Inferred {
			return r.Pending
		}
	}
}

func requestsOf(s *facts.Snapshot) *request.Set {
	r := request.New(s)
	k := subject{r}
	k.requestFirst()
	if !k.componentRequested() {
		return r
	}
	k.requestProject()
	k.requestComponentType()
	d := delivery{k}
	d.requestDelivery()
	planes{subject: k, nodes: map[facts.Ref]bool{}}.requestEnvironments()
	a := absences{d}
	a.requestByName()
	a.requestSimilarNames()
	a.requestBuilds()
	d.requestOpenChoreoController()
	return r
}
