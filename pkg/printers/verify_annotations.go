package printers

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Annotations are the causes, as those who read no traces get them.
func (r VerifyReport) Annotations() []Annotation { return annotationsOf(r.Causes) }

func annotationsOf(causes []verify.Cause) []Annotation {
	remarks := make([]Annotation, 0, len(causes))
	for _, c := range causes {
		remarks = append(remarks, annotationOf(c.Reason, c.Names()))
	}
	return remarks
}

// annotationOf: whatever keeps the gate from passing is an error to a pipeline.
func annotationOf(r verify.Reason, names []string) Annotation {
	m := Annotation{
		Code: string(r.Code), Severity: string(trace.Error), Object: r.Object, Message: r.Message, Hint: r.Hint, Names: names, Next: commandLines(r.Finding),
	}
	if len(names) == 1 {
		m.Subject, m.Names = names[0], nil
	} else if len(names) > 1 {
		m.Subject = fmt.Sprintf("%d components", len(names))
	}
	m.File, m.Line = r.Place()
	return m
}

// commandLines are the commands of a finding, with the role that can run them as a comment of the shell.
func commandLines(f trace.Finding) []string {
	var lines []string
	for _, group := range style.Commands(f) {
		if group.Heading != "" {
			lines = append(lines, "# "+group.Heading)
		}
		lines = append(lines, group.Commands...)
	}
	return lines
}
