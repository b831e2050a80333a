// Package difflist writes what differs between two sides of a component: as a unified diff, and as data.
package difflist

import (
	"fmt"
	"io"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// State is the result for one object.
type State string

// The states of an object.
const (
	NotCompared State = "NotCompared"
	Same        State = "Same"
	Changed     State = "Changed"
	OnlyInFrom  State = "OnlyInFrom"
	OnlyInTo    State = "OnlyInTo"
)

// Field is a field that differs. A value that is missing in JSON is missing in the object.
type Field struct {
	Path string `json:"path"`
	From any    `json:"from,omitempty"`
	To   any    `json:"to,omitempty"`
}

// Object is an object of either side.
type Object struct {
	Object      facts.Ref `json:"object"`
	Environment string    `json:"environment,omitempty"`
	State       State     `json:"state"`
	Reason      string    `json:"reason,omitempty"` // why it was not compared, or what explains the difference
	File        string    `json:"file,omitempty"`   // that declares it
	Line        int       `json:"line,omitempty"`
	Fields      []Field   `json:"fields,omitempty"`

	// FromContent and ToContent are what was compared, for the unified diff.
	FromContent map[string]any `json:"-"`
	ToContent   map[string]any `json:"-"`
}

// Differs reports whether the sides are known to differ.
func (o Object) Differs() bool {
	switch o.State {
	case Changed, OnlyInFrom, OnlyInTo:
		return true
	case Same, NotCompared:
	}
	return false
}

// List is what was compared. From and To are the names of the two sides.
type List struct {
	Subject facts.Subject `json:"subject"`
	TakenAt time.Time     `json:"takenAt"`
	From    string        `json:"from"`
	To      string        `json:"to"`
	Differs bool          `json:"differs"`
	Objects []Object      `json:"objects"`
}

// Formats are those that Print knows, the default first.
func Formats() []string { return []string{"diff", "json", "yaml"} }

// document is a List with its identity in front.
type document struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	List
}

// Document is the list as data.
func (l List) Document() any { return document{data.APIVersion, "ComponentDiff", l} }

// Print writes the list in a format.
func (l List) Print(w io.Writer, format string, o style.Options) error {
	switch format {
	case "diff":
		return l.writeDiff(w, o)
	case "json":
		return data.Write(w, data.JSON, l.Document())
	case "yaml":
		return data.Write(w, data.YAML, l.Document())
	}
	return fmt.Errorf("unknown output format %q", format)
}
