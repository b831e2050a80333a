package assess

import (
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// clockSkew is how far the clock of a controller may be behind that of the API server, which sets creationTimestamp.
const clockSkew = time.Minute

// dropTimesBeforeCreation removes each time in the status of an object that is earlier than the creation of that object. A status that
// was copied from another object, as a restored backup is, keeps the times of that object: since when it is true of this one is unknown.
// The assessors use such a time all the same: the state is not newer. Times of other fields, such as the end of a certificate, stay. p
// is nil for the shared rungs.
func dropTimesBeforeCreation(v *view.Component, p *view.Environment, judged []*result.Result) {
	for _, j := range judged {
		var dropped, kept []time.Time
		drop := func(ref facts.Ref, since *time.Time) {
			if since.IsZero() || slices.ContainsFunc(kept, since.Equal) || !since.Before(createdAt(v, p, ref).Add(-clockSkew)) {
				return
			}
			dropped = append(dropped, *since)
			*since = time.Time{}
		}
		for i := range j.Findings {
			f := &j.Findings[i]
			if len(f.Evidence) > 0 && !slices.ContainsFunc(f.Evidence, isOfOther) {
				drop(f.Object, &f.Since)
			}
			kept = append(kept, f.Since)
		}
		for i := range j.Parts {
			drop(j.Parts[i].Object, &j.Parts[i].Since)
		}
		if slices.ContainsFunc(dropped, j.Since.Equal) { // a rung has the time of one of them
			j.Since = time.Time{}
		}
		drop(j.Object, &j.Since)
	}
}

// isOfOther reports whether evidence is of something else than the status of the object itself.
func isOfOther(e trace.Evidence) bool { return !strings.HasPrefix(e.Path, "status.") }

// createdAt is when an object was created at the earliest. One that was not read is not older than the RenderedRelease that renders it.
func createdAt(v *view.Component, p *view.Environment, ref facts.Ref) time.Time {
	created := view.CreatedAt(v.Object(ref))
	isRendered := func(o view.PlaneObject) bool { return o.Ref == ref }
	if created.IsZero() && p != nil && slices.ContainsFunc(p.PlaneObjects(), isRendered) {
		return view.CreatedAt(p.Rendered)
	}
	return created
}
