package verify

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Deliverer is an object that applies others, and its runs, as far as its status records them.
type Deliverer struct {
	Object       facts.Ref
	LastEnd      time.Time     // of the last run that has ended; zero: unknown
	LastDuration time.Duration // of that run; zero: unknown
	Total        int64         // recorded runs; 0 if none are counted
	Failed       int64         // of these
}

// DelivererRefs are the objects of the rung delivery that apply the component's objects, each once.
func DelivererRefs(t *trace.Trace) []facts.Ref { return objectsOf(t, trace.RungDelivery) }

// objectsOf are the objects of a shared rung.
func objectsOf(t *trace.Trace, id trace.RungID) []facts.Ref {
	var refs []facts.Ref
	for _, r := range t.Rungs {
		if r.ID != id {
			continue
		}
		for _, p := range r.Parts {
			refs = append(refs, p.Object)
		}
		if len(refs) == 0 && !r.Object.IsZero() {
			refs = append(refs, r.Object)
		}
	}
	return refs
}

// WantedSeen returns when a source of the component got the wanted revision. It is zero if no source of Flux has exactly that one.
func WantedSeen(t *trace.Trace, s *facts.Snapshot) time.Time {
	wanted := kinds.Commit(t.Wanted.Revision)
	if wanted == "" {
		return time.Time{}
	}
	for _, ref := range objectsOf(t, trace.RungSource) {
		source := s.Object(ref)
		if source.Body == nil {
			continue
		}
		artifact := kinds.Fields(source.Body.Object, "status", "artifact")
		revision := kinds.GitRevision(kinds.String(artifact, "revision"), kinds.String(kinds.Fields(artifact, "metadata"), kinds.OriginRevision))
		if kinds.Commit(revision) == wanted {
			return kinds.Time(source.Body, "status", "artifact", "lastUpdateTime")
		}
	}
	return time.Time{}
}
