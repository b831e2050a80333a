// Package change writes what changed between two traces: as lines for people, and as lines of JSON.
package change

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Change is a rung, or the verdict on all of them, that has another state than in the assessment before.
type Change struct {
	Time        time.Time    `json:"time"`
	Namespace   string       `json:"namespace,omitempty"` // "" where all changes are of one component
	Component   string       `json:"component"`
	Environment string       `json:"environment,omitempty"`
	Rung        trace.RungID `json:"rung,omitempty"` // "" is the verdict
	Object      facts.Ref    `json:"object,omitzero"`
	From        *Standing    `json:"from,omitempty"` // nil at the first look
	To          Standing     `json:"to"`
	Code        trace.Code   `json:"code,omitempty"` // of a verdict that is a failure
	Message     string       `json:"message,omitempty"`
	// Look is how the new state is shown.
	Look trace.State `json:"-"`
	// Same is set where the object decided the rung before as well.
	Same bool `json:"-"`
}

// Standing is the state of a rung, or what all of them come to.
type Standing struct {
	State    string         `json:"state"`
	Current  trace.Currency `json:"current"`
	Revision string         `json:"revision,omitempty"`
}

// event is a Change as a line of JSON.
type event struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Change
}

// WriteJSON writes one line.
func WriteJSON(w io.Writer, c Change) error {
	return data.WriteLine(w, event{data.APIVersion, "TraceEvent", c})
}

// WriteStatusJSON writes one line of the overview of several components.
func WriteStatusJSON(w io.Writer, c Change) error {
	return data.WriteLine(w, event{data.APIVersion, "StatusEvent", c})
}

// Format is a line for a pipe: the time of day, what changed, from which state to which, what is said.
func Format(o style.Options, c Change) string {
	return c.Time.Format(time.TimeOnly) + "  " + c.name() + "  " + o.ToASCII(c.transition())
}

func (c Change) name() string {
	if c.Rung == "" && c.Environment == "" {
		return escape.Line(c.Component)
	}
	return steps.Step{Environment: c.Environment, Rung: c.Rung}.Name()
}

// transition names the new state after the old one, and both only where they differ.
func (c Change) transition() string {
	to := c.To.words()
	if c.From != nil && c.From.words() != to {
		to = c.From.words() + " → " + to
	}
	if style.IsCommit(c.To.Revision) && (c.From == nil || c.From.Revision != c.To.Revision) {
		at := " at "
		if c.Rung == "" {
			at = ", wanted "
		}
		to += at + style.Revision(c.To.Revision, false)
	}
	message := escape.Line(c.Message)
	if c.Code != "" {
		message = strings.TrimSuffix(fmt.Sprintf("%s: %s", c.Code, message), ": ")
	}
	if message == "" {
		return to
	}
	return to + ": " + message
}

func (s Standing) words() string {
	word := strings.ToLower(escape.Line(s.State))
	if s.Current == trace.Behind {
		word += ", behind"
	}
	return word
}

// Write lists them under a heading; nothing where there are none.
func Write(o style.Options, w io.Writer, all []Change) error {
	if len(all) == 0 {
		return nil
	}
	p := &document.Document{Options: o}
	p.Add("")
	p.Add("Changes")
	for _, c := range all {
		p.Add("  " + Format(o, c))
	}
	return p.Write(w)
}

// ScreenLine is a line of the picture, cut to the width of the terminal.
func (c Change) ScreenLine(o style.Options) string {
	line := Format(o, c)
	return "  " + o.State(c.Look) + " " + o.Truncate(line, 2+o.StateWidth()+1)
}
