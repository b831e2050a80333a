package eventlist

import (
	"fmt"
	"io"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Event is an Event of Kubernetes, with the place of its object on the ladder.
type Event struct {
	FirstSeen   time.Time    `json:"firstSeen,omitzero"`
	LastSeen    time.Time    `json:"lastSeen,omitzero"`
	Count       int64        `json:"count"`
	Type        string       `json:"type"`
	Reason      string       `json:"reason"`
	Rung        trace.RungID `json:"rung"`
	Environment string       `json:"environment,omitempty"` // empty for the shared rungs
	Object      facts.Ref    `json:"object"`
	Message     string       `json:"message"`
	Source      string       `json:"source,omitempty"` // the controller that reports it
}

// Unread is a list of events that could not be read.
type Unread struct {
	Plane     facts.Plane   `json:"plane"`
	Namespace string        `json:"namespace"`
	Outcome   facts.Outcome `json:"outcome"`
	Reason    string        `json:"reason,omitempty"`
}

// List is the events of a component, the oldest first.
type List struct {
	Subject facts.Subject `json:"subject"`
	TakenAt time.Time     `json:"takenAt"`
	Events  []Event       `json:"events"`
	Unread  []Unread      `json:"unread,omitempty"`
}

// Formats are those that Print knows, the default first.
func Formats() []string { return []string{"table", "json", "yaml"} }

// document is a List with its identity in front.
type document struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	List
}

// Document is the list as data.
func (l List) Document() any { return document{data.APIVersion, "EventList", l} }

// line is an Event as a line of JSON.
type line struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Event
}

// WriteLines writes events as lines of JSON.
func WriteLines(w io.Writer, events []Event) error {
	for _, e := range events {
		if err := data.WriteLine(w, line{data.APIVersion, "ComponentEvent", e}); err != nil {
			return err
		}
	}
	return nil
}

// Print writes the list in a format.
func (l List) Print(w io.Writer, format string, o style.Options) error {
	switch format {
	case "table":
		return NewTable(o, l.Events, false).Write(w, l.Events, true)
	case "json":
		return data.Write(w, data.JSON, l.Document())
	case "yaml":
		return data.Write(w, data.YAML, l.Document())
	}
	return fmt.Errorf("unknown output format %q", format)
}
