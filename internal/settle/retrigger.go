package settle

import (
	"context"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	// effect is how long a controller may take, the first time that it is woken, until what it does shows; in the lab it was
	// under four seconds. It doubles with each time: each controller of OpenChoreo has one worker, and a plane that does not
	// answer holds that for 30 s (openchoreo v1.2.3 internal/cluster-gateway/server.go:573).
	effect = 8 * time.Second
	// maxWakes bounds how often one object is woken: what three looks do not heal, a fourth will not.
	maxWakes = 3
)

// retrigger wakes what only needs to look again, one round at a time: the first cause may be that of all the others.
func (w *wait) retrigger(ctx context.Context) {
	now := w.now()
	if w.Wake == nil || now.Before(w.until) {
		return
	}
	for _, f := range w.retriggerable() {
		if until := now.Add(effect << w.wakes[f.Wake]); until.After(w.until) {
			w.until = until
		}
		w.wakes[f.Wake]++
		w.result.Woken = append(w.result.Woken, f.Wake)
		err := w.Wake(ctx, f.Wake)
		if err != nil {
			w.wakes[f.Wake] = maxWakes
		}
		w.report(Event{Time: now, Woken: f.Wake, Code: f.Code, Err: err})
	}
}

// retriggerable are the failures that a look of the controller may heal: of the rungs that are there once, as all else follows
// from them; else the topmost of each environment.
func (w *wait) retriggerable() []trace.Finding {
	if shared := w.topmost(w.result.Trace.Rungs); len(shared) > 0 {
		return shared
	}
	var found []trace.Finding
	for _, e := range w.result.Trace.Environments {
		for _, f := range w.topmost(e.Rungs) {
			if !slices.ContainsFunc(found, func(other trace.Finding) bool { return other.Wake == f.Wake }) {
				found = append(found, f)
			}
		}
	}
	return found
}

// topmost are the remedies of the first rung that has any left.
func (w *wait) topmost(rungs []trace.Rung) []trace.Finding {
	for _, r := range rungs {
		for _, f := range r.Findings {
			if f.Severity == trace.Error && !f.Wake.IsZero() && w.wakes[f.Wake] < maxWakes {
				return []trace.Finding{f}
			}
		}
	}
	return nil
}
