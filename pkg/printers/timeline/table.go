package timeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// steps are the columns of a table: that of the commit has its age, the others the time since the step before.
func steps() []history.StepID {
	return []history.StepID{
		history.StepMerged, history.StepFetched, history.StepApplied, history.StepRendered, history.StepStarted, history.StepRunning,
	}
}

// writeTable writes a line for each release and environment. On a terminal that is too narrow, each has lines of its own.
func writeTable(out *strings.Builder, h *history.History, o style.Options) error {
	table := style.Table{Header: []string{"ENVIRONMENT", "RELEASE", "STATE", "COMMIT", "AUTHOR", "COMMITTED"}}
	for _, id := range steps() {
		table.Header = append(table.Header, strings.ToUpper(string(id)))
	}
	table.Header = append(table.Header, "LEAD TIME")
	for _, row := range h.Rows {
		table.Rows = append(table.Rows, cells(row, o))
	}
	if o.Width > 0 && table.Width() > o.Width {
		for i, row := range table.Rows {
			writeBlock(out, h.Rows[i], row, o)
		}
	} else {
		lines, err := table.Lines()
		if err != nil {
			return err
		}
		out.WriteString(strings.Join(lines, "\n") + "\n")
	}
	writeNotes(out, h, o)
	return nil
}

// cells are those of a row, escaped.
func cells(row history.Row, o style.Options) []string {
	all := []string{escape.Line(row.Environment), orNone(escape.Line(row.Release)), stateWords(row)}
	switch {
	case row.Commit != nil:
		all = append(all, escape.Line(facts.Short(row.Commit.ID)), orNone(escape.Line(row.Commit.Author)))
	case row.SetBy != "":
		all = append(all, "-", escape.Line(row.SetBy)+" (field manager)")
	case row.State == history.NotBound:
		return append(all, slices.Repeat([]string{"-"}, len(steps())+4)...)
	default:
		all = append(all, "?", "?")
	}
	all = append(all, committed(row, o))
	for _, id := range steps() {
		all = append(all, stepCell(row.Step(id), o))
	}
	return append(all, seconds(row.LeadTimeSeconds))
}

func stateWords(row history.Row) string {
	if row.Behind != "" {
		return string(row.State) + ", behind " + escape.Line(row.Behind)
	}
	return string(row.State)
}

// committed is the age of the commit.
func committed(row history.Row, o style.Options) string {
	step := row.Step(history.StepCommitted)
	if step.State != history.StepKnown {
		return "?"
	}
	if age := o.Age(step.At); age != "" {
		return age + " ago"
	}
	return at(step.At)
}

// stepCell is the time since the step before; without one, the age.
func stepCell(step history.Step, o style.Options) string {
	switch step.State {
	case history.StepKnown:
		if step.TookSeconds != nil {
			return "+" + seconds(step.TookSeconds)
		}
		if age := o.Age(step.At); age != "" {
			return age + " ago"
		}
		return at(step.At)
	case history.StepWaiting:
		return "waiting"
	case history.StepNone:
		return "-"
	case history.StepUnknown:
	}
	return "?"
}

func at(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// seconds is a duration as people write it; "?" if it is unknown.
func seconds(s *float64) string {
	if s == nil {
		return "?"
	}
	return (time.Duration(*s) * time.Second).String()
}

func orNone(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// writeBlock writes a row on lines of its own.
func writeBlock(out *strings.Builder, row history.Row, cells []string, o style.Options) {
	fmt.Fprintf(out, "%s\n", strings.Join(cells[:3], "  "))
	if row.State == history.NotBound {
		return
	}
	line := "commit " + cells[3] + " of " + cells[4] + ", committed " + cells[5]
	for i, id := range steps() {
		line += ", " + string(id) + " " + cells[6+i]
	}
	line += "; lead time " + cells[len(cells)-1]
	for _, part := range style.Wrap(line, o.TextWidth(2)) {
		out.WriteString("  " + part + "\n")
	}
}

// writeNotes writes the lead times, and why times are unknown: each reason once.
func writeNotes(out *strings.Builder, h *history.History, o style.Options) {
	var notes []string
	for _, lead := range h.LeadTimes {
		if lead.MedianSeconds != nil {
			notes = append(notes, fmt.Sprintf("lead time in %s, from commit to running: median %s of %d known, %d unknown",
				escape.Line(lead.Environment), seconds(lead.MedianSeconds), lead.Known, lead.Unknown))
		}
	}
	if h.Git.Reason != "" {
		notes = append(notes, "from Git: "+escape.Line(h.Git.Reason))
	}
	notes = append(notes, reasonsUnknown(h)...)
	if len(notes) > 0 {
		out.WriteString("\n")
	}
	for _, note := range notes {
		for i, part := range style.Wrap(note, o.TextWidth(2)) {
			out.WriteString(strings.Repeat("  ", min(i, 1)) + part + "\n")
		}
	}
}

// reasonsUnknown reports why times are unknown, and of which steps.
func reasonsUnknown(h *history.History) []string {
	order, steps := []string{}, map[string][]string{}
	for _, row := range h.Rows {
		for _, step := range row.Steps {
			if step.State != history.StepUnknown || step.Reason == "" {
				continue
			}
			if steps[step.Reason] == nil {
				order = append(order, step.Reason)
			}
			if !slices.Contains(steps[step.Reason], string(step.ID)) {
				steps[step.Reason] = append(steps[step.Reason], string(step.ID))
			}
		}
	}
	var notes []string
	for _, reason := range order {
		notes = append(notes, "? "+strings.Join(steps[reason], ", ")+": "+escape.Line(reason))
	}
	return notes
}
