package assesstest

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Component is the view of the component at the time of the snapshot, as each assessor gets it.
func (w World) Component() *view.Component {
	return delivery.Resolve(view.New(w.Snapshot, w.TakenAt, engines.All()))
}

// Development is the view of that environment.
func (w World) Development() *view.Environment { return w.Component().EnvironmentOf("development") }

// Lines are a rung as text: its state and summary, and below it each finding with its severity, code, object and message.
func Lines(r trace.Rung) []string {
	lines := []string{r.State.String() + " " + r.Summary}
	for _, f := range r.Findings {
		lines = append(lines, string(f.Severity)+" "+string(f.Code)+" of "+f.Object.Kind+" "+f.Object.Name+": "+f.Message)
	}
	return lines
}

// Hints are those of a rung's findings, one for each.
func Hints(r trace.Rung) []string {
	var hints []string
	for _, f := range r.Findings {
		hints = append(hints, f.Hint)
	}
	return hints
}
