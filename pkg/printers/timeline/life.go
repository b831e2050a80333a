package timeline

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// writeLife writes what a commit changed, and what became of it in each environment.
func writeLife(out *strings.Builder, l *history.Life, o style.Options) {
	fmt.Fprintf(out, "commit %s by %s at %s: %s\n", escape.Line(facts.Short(l.Commit.ID)), orNone(escape.Line(l.Commit.Author)), at(l.Commit.Time), escape.Line(l.Commit.Subject))
	for _, change := range l.Commit.Changes {
		for i, part := range style.Wrap(changeLine(change), o.TextWidth(4)) {
			out.WriteString(strings.Repeat("  ", 1+min(i, 1)) + part + "\n")
		}
	}
	for _, stage := range l.Environments {
		out.WriteString("\n" + stageLine(l, stage) + "\n")
		if stage.Row == nil {
			continue
		}
		for _, step := range stage.Row.Steps {
			writeStep(out, step, o)
		}
		if lead := stage.Row.LeadTimeSeconds; lead != nil {
			out.WriteString("  lead time  " + seconds(lead) + "\n")
		}
	}
}

// changeLine is the short diff of one object.
func changeLine(c facts.ObjectChange) string {
	line := style.ObjectName(c.Object)
	switch {
	case c.Added:
		line += " added"
		if c.Release != "" {
			line += ", with " + escape.Line(c.Release)
		}
		if c.Image != "" {
			line += ", with image " + escape.Line(c.Image)
		}
	case c.Removed:
		line += " removed"
	default:
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, fieldWords(f))
		}
		if c.More > 0 {
			fields = append(fields, fmt.Sprintf("and %d more fields", c.More))
		}
		line += ": " + strings.Join(fields, ", ")
	}
	return line + " (" + escape.Line(c.File) + ")"
}

func fieldWords(f facts.FieldChange) string {
	path := escape.Line(f.Path)
	switch {
	case f.Old == "" && f.New == "":
		return path + " changed"
	case f.Old == "":
		return path + " added: " + escape.Line(f.New)
	case f.New == "":
		return path + " removed"
	}
	return path + ": " + escape.Line(f.Old) + " → " + escape.Line(f.New)
}

func stageLine(l *history.Life, s history.Stage) string {
	line := escape.Line(s.Environment) + ": "
	switch {
	case s.Row != nil && s.Runs != "" && s.Row.State == history.NotApplied:
		line += escape.Line(s.Row.Release) + " is not applied yet; the environment has " + escape.Line(s.Runs)
	case s.Row != nil && s.Runs != "":
		line += escape.Line(s.Row.Release) + " was replaced; the environment has " + escape.Line(s.Runs)
	case s.Row != nil:
		line += escape.Line(s.Row.Release) + " " + presentWords(s.Row.State)
	case l.Release == "" && s.Runs != "":
		line += "the commit does not change the release; the environment has " + escape.Line(s.Runs)
	case s.Runs != "":
		line += escape.Line(l.Release) + " waits for promotion; the environment has " + escape.Line(s.Runs)
	case l.Release != "":
		line += escape.Line(l.Release) + " waits for promotion; the component is not bound"
	default:
		line += "the component is not bound"
	}
	return line
}

// presentWords reports what a release that the binding pins does.
func presentWords(s history.State) string {
	switch s {
	case history.Running, history.Progressing, history.Undeployed:
		return "is " + string(s)
	case history.Failed:
		return "has failed"
	case history.Unknown:
		return "is pinned; its health is unknown"
	case history.Replaced:
		return "was replaced"
	case history.NotApplied:
		return "is not applied yet"
	case history.NotBound:
	}
	return "is " + string(s)
}

// writeStep writes a step with its source, or with the reason why its time is not known.
func writeStep(out *strings.Builder, step history.Step, o style.Options) {
	what, why := "?", step.Reason
	switch step.State {
	case history.StepKnown:
		what, why = at(step.At), step.Source
		if step.TookSeconds != nil {
			what += "  +" + seconds(step.TookSeconds)
		}
	case history.StepWaiting:
		what = "waiting"
	case history.StepNone:
		what = "-"
	case history.StepUnknown:
	}
	indent := "  " + style.Pad(string(step.ID), len(history.StepCommitted)) + "  "
	text := what
	if why != "" {
		text += "  (" + escape.Line(why) + ")"
	}
	for _, part := range style.Wrap(text, o.TextWidth(len(indent))) {
		out.WriteString(indent + part + "\n")
		indent = strings.Repeat(" ", len(indent))
	}
}
