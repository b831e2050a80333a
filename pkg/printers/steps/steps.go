package steps

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Step is an object that is being reconciled, or a rung that is being waited for.
type Step struct {
	Time time.Time `json:"time"`
	// Object is what is requested; of a rung, the object that decides it.
	Object facts.Ref `json:"object"`
	// Rung and Environment are set for a rung, Component where there are several.
	Component   string       `json:"component,omitempty"`
	Environment string       `json:"environment,omitempty"`
	Rung        trace.RungID `json:"rung,omitempty"`
	// State is the word of whoever reports, such as Asked; Look is how it is shown.
	State    string      `json:"state"`
	Look     trace.State `json:"-"`
	Message  string      `json:"message,omitempty"`
	Revision string      `json:"revision,omitempty"`
	After    []facts.Ref `json:"after,omitempty"` // what it waits for, or what failed before it
	// Begun is since when something is under way; the zero value means that nothing is yet.
	Begun time.Time `json:"-"`
	Ended time.Time `json:"-"`
}

// stepEvent is a Step as a line of JSON.
type stepEvent struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Step
}

// WriteStepJSON writes one line.
func WriteStepJSON(w io.Writer, s Step) error {
	return data.WriteLine(w, stepEvent{data.APIVersion, "ReconcileEvent", s})
}

// Same reports whether two steps are about the same: an object, or an environment of a component, whichever its rung.
func (s Step) Same(o Step) bool {
	if s.ofRung() || o.ofRung() {
		return s.ofRung() && o.ofRung() && s.Component == o.Component && s.Environment == o.Environment
	}
	return s.Object == o.Object
}

// SameCause reports whether two steps of different components or environments wait for the same object for the same reason.
func (s Step) SameCause(o Step) bool {
	return s.ofRung() && o.ofRung() && !s.Object.IsZero() && s.Object == o.Object && s.Rung == o.Rung && s.State == o.State && s.Message == o.Message
}

// grouped are the steps, those of one cause as one step that is about all their components and environments.
func grouped(steps []Step) []Step {
	var groups []Step
	for _, s := range steps {
		at := slices.IndexFunc(groups, s.SameCause)
		if at < 0 {
			groups = append(groups, s)
			continue
		}
		g := &groups[at]
		g.Component, g.Environment = joined(g.Component, s.Component), joined(g.Environment, s.Environment)
		if !s.Begun.IsZero() && (g.Begun.IsZero() || s.Begun.Before(g.Begun)) {
			g.Begun = s.Begun
		}
	}
	return groups
}

// joined adds a name to a list, unless it is there.
func joined(list, name string) string {
	if name == "" || slices.Contains(strings.Split(list, ", "), name) {
		return list
	}
	return strings.TrimPrefix(list+", "+name, ", ")
}

func (s Step) ofRung() bool { return s.Rung != "" || s.Environment != "" }

// Name is what the step is about.
func (s Step) Name() string {
	if !s.ofRung() {
		return style.ObjectName(s.Object)
	}
	var parts []string
	for _, part := range []string{s.Component, s.Environment, string(s.Rung)} {
		if part != "" {
			parts = append(parts, escape.Line(part))
		}
	}
	return strings.Join(parts, ": ")
}

// Spaced separates the words of a state: NotAttempted is "not attempted".
func Spaced(state string) string {
	var spaced strings.Builder
	for i, r := range state {
		if i > 0 && unicode.IsUpper(r) {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(unicode.ToLower(r))
	}
	return spaced.String()
}

// detail is what there is to say beside the state.
func (s Step) detail() string {
	message := escape.Line(s.Message)
	if message == "" && len(s.After) > 0 {
		message = "after " + style.ObjectNames(s.After)
	}
	return message
}

// FormatStep is a line for a pipe: the time of day, who, the state, what is said.
func FormatStep(o style.Options, s Step) string {
	line := fmt.Sprintf("%s  %s  %s", s.Time.Format(time.TimeOnly), s.Name(), Spaced(s.State))
	if s.Revision != "" {
		line += " " + style.Revision(s.Revision, true)
	}
	if told := s.detail(); told != "" && (s.ofRung() || s.Look != trace.Progressing) {
		line += ": " + told
	}
	return o.ToASCII(line)
}

// DrawSteps is how all steps stand, a line for each cause, cut to the width of the terminal so that it can be drawn over in place.
func DrawSteps(o style.Options, steps []Step, now time.Time) string {
	width := 0
	steps = grouped(steps)
	for _, s := range steps {
		width = max(width, style.Cells(s.Name()))
	}
	var lines []string
	for _, s := range steps {
		state := strings.TrimSpace(Spaced(s.State) + " " + style.Revision(s.Revision, true))
		if told := s.detail(); told != "" {
			state += ": " + told
		}
		line := style.Pad(s.Name(), width) + "  " + style.Pad(took(s, now), len("12.3s")) + "  " + state
		lines = append(lines, "  "+o.State(s.Look)+" "+o.Truncate(o.ToASCII(line), 2+o.StateWidth()+1))
	}
	return strings.Join(lines, "\n")
}

// took is how long a step has been under way.
func took(s Step, now time.Time) string {
	if s.Begun.IsZero() {
		return ""
	}
	if !s.Ended.IsZero() {
		now = s.Ended
	}
	return style.Seconds(now.Sub(s.Begun))
}

// Timed are the times of one object or of rungs; a time that did not come is zero.
type Timed struct {
	Object                         facts.Ref
	Environment                    string
	Rungs                          []trace.RungID
	Asked, Handled, Applied, Ready time.Time
}

// name is short, because a table cannot be wrapped: the namespace is everywhere else.
func (t Timed) name() string {
	if t.Environment == "" {
		return escape.Line(t.Object.Kind + " " + t.Object.Name)
	}
	var rungs []string
	for _, r := range t.Rungs {
		rungs = append(rungs, string(r))
	}
	return escape.Line(t.Environment) + ": " + strings.Join(rungs, ", ")
}

// WriteTimes is the closing table: when each was requested, when a run that counts had ended, when its content was applied, and when
// it was ready, from the begin of all.
func WriteTimes(o style.Options, w io.Writer, begin time.Time, all []Timed) error {
	t := style.Table{Header: []string{"", "ASKED", "HANDLED", "APPLIED", "READY"}}
	for _, one := range all {
		row := []string{one.name()}
		for _, at := range []time.Time{one.Asked, one.Handled, one.Applied, one.Ready} {
			row = append(row, after(begin, at))
		}
		t.Rows = append(t.Rows, row)
	}
	p := &document.Document{Options: o}
	if err := p.AddTable(t); err != nil {
		return err
	}
	return p.Write(w)
}

func after(begin, at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return style.Seconds(max(at.Sub(begin), 0))
}
