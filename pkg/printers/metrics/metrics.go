// Package metrics writes text in the exposition format of Prometheus.
package metrics

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
)

// Text is text in Prometheus' exposition format 0.0.4, for the textfile collector or a push gateway. It has no times: a
// collector refuses them.
type Text struct{ strings.Builder }

// Writer receives families of gauges: the name of a family and what it means, then its samples.
type Writer interface {
	Family(name, help string)
	Sample(name string, value float64, labels ...Label)
}

var _ Writer = (*Text)(nil)

// Label is a name and a value, in the order in which they are written.
type Label struct{ Name, Value string }

// Family begins a family of gauges.
func (m *Text) Family(name, help string) {
	m.WriteString("# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n")
}

// Sample adds a value to the family that was begun last.
func (m *Text) Sample(name string, value float64, labels ...Label) {
	m.WriteString(name)
	for i, l := range labels {
		m.WriteString(map[bool]string{true: "{", false: ","}[i == 0] + l.Name + `="` + labelValue(l.Value) + `"`)
	}
	if len(labels) > 0 {
		m.WriteString("}")
	}
	m.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

// labelValue escapes what ends a value or its line; the rest was made harmless before.
func labelValue(s string) string {
	s = escape.Line(s)
	if !strings.ContainsAny(s, "\\\"\n") {
		return s // a fleet has a hundred thousand of them
	}
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}

// Times are those of a run of a command.
func (m *Text) Times(command string, begun, ended time.Time) {
	m.Family("choreo_"+command+"_duration_seconds", "How long "+command+" took, with all that it waited for.")
	m.Sample("choreo_"+command+"_duration_seconds", ended.Sub(begun).Seconds())
	m.Family("choreo_"+command+"_timestamp_seconds", "When "+command+" ended, since the epoch.")
	m.Sample("choreo_"+command+"_timestamp_seconds", float64(ended.Unix()))
}

// Write writes the text.
func (m *Text) Write(w io.Writer) error {
	if _, err := io.WriteString(w, m.String()); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	return nil
}
