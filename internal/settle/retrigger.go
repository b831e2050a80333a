package settle

import (
	"context"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	// effectTime is the time that a controller gets after the first re-trigger until its result is visible. In the lab it was under four
	// seconds. It doubles with each re-trigger. Each controller of OpenChoreo has one worker, and a plane that does not respond
	// blocks it for 30 s (openchoreo v1.2.3 internal/cluster-gateway/server.go:573).
	effectTime = 8 * time.Second
	// maxRetriggers bounds how often one object is re-triggered: a fourth reconciliation does not fix what three did not.
	maxRetriggers = 3
)

// retrigger requests reconciliation for failures that it may fix, one round at a time. The first failure may cause all others.
func (w *wait) retrigger(ctx context.Context) {
	now := w.now()
	if w.Retrigger == nil || now.Before(w.until) {
		return
	}
	for _, f := range w.retriggerable() {
		if until := now.Add(effectTime << w.retriggers[f.Wake]); until.After(w.until) {
			w.until = until
		}
		w.retriggers[f.Wake]++
		w.result.Retriggered = append(w.result.Retriggered, f.Wake)
		err := w.Retrigger(ctx, f.Wake)
		if err != nil {
			w.retriggers[f.Wake] = maxRetriggers
		}
		w.report(Event{Time: now, Retriggered: f.Wake, Code: f.Code, Err: err})
	}
}

// retriggerable returns the failures that a reconciliation may fix. Failures of the shared rungs come first, because the
// environments depend on them. Without one, it returns the topmost failure of each environment.
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

// topmost returns the failure of the first rung that may still be re-triggered.
func (w *wait) topmost(rungs []trace.Rung) []trace.Finding {
	for _, r := range rungs {
		for _, f := range r.Findings {
			if f.Severity == trace.Error && !f.Wake.IsZero() && w.retriggers[f.Wake] < maxRetriggers {
				return []trace.Finding{f}
			}
		}
	}
	return nil
}
