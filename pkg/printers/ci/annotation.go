package ci

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Annotation is one message for people who read neither traces nor trees: a reader of a CI system, a code review or a
// security dashboard. It is what the formats junit, markdown, github and sarif are made of. Its texts may come from a cluster
// or from a file, and are escaped by each format.
type Annotation struct {
	// Code is a finding code, such as KustomizationBuildFailed; Severity is "error", "warning" or "info", and anything else is
	// shown as an error.
	Code, Severity string
	// Object is what is to blame; the zero Ref where it is no object.
	Object facts.Ref
	// Subject is what was verified, such as "greeter-service" or "40 components".
	Subject string
	// Message reports what failed, in the words of the controller; Hint, if there is one, what it means or how to fix it.
	Message, Hint string
	// File is the path from the root of the repository, with slashes; "" where no file is known.
	File string
	// Line counts from 1; 0 where none is known.
	Line int
	// Names are those of everything that this affects, each once; none where Subject names them all.
	Names []string
	// Cause is a key that annotations with the same cause share; "" where it is not known.
	Cause string
	// More names where else the same cause shows, where the annotation represents all of them.
	More string
	// Next are the commands to run next.
	Next []string
}

// CodeOrUnknown is a word in any case.
func (r Annotation) CodeOrUnknown() string {
	if code := escape.Line(r.Code); code != "" {
		return code
	}
	return "Unknown"
}

// Summary is who is to blame and what for, on one line.
func (r Annotation) Summary() string {
	words := escape.Line(style.Shorten(r.Message))
	if name := r.unnamed(); name != "" {
		words = name + ": " + words
	}
	return words
}

// unnamed is the object, where the message does not begin with it.
func (r Annotation) unnamed() string {
	name := style.ObjectName(r.Object)
	if rest, found := strings.CutPrefix(escape.Line(style.Shorten(r.Message)), name); found && !restOfName.MatchString(rest) {
		return ""
	}
	return name
}

// restOfName matches what is left of a longer name, that of another object.
var restOfName = regexp.MustCompile(`^[-.]*[A-Za-z0-9]`)

// lines are all that there is to say, the most important first.
func (r Annotation) lines() []string {
	var all []string
	if name := r.unnamed(); name != "" {
		all = append(all, name+":")
	}
	all = append(all, escape.Lines(style.Shorten(r.Message))...)
	if r.Hint != "" {
		all = append(all, style.Sentence(escape.Line(r.Hint)))
	}
	if len(r.Names) > 0 {
		all = append(all, "Affects "+r.names()+".")
	}
	if r.More != "" {
		all = append(all, style.Sentence(escape.Line(r.More)))
	}
	if r.File != "" {
		all = append(all, "File: "+r.Location())
	}
	return all
}

func (r Annotation) names() string {
	names := make([]string, 0, len(r.Names))
	for _, name := range r.Names {
		names = append(names, escape.Line(name))
	}
	return strings.Join(names, ", ")
}

// Location is the file, with the line where that is known.
func (r Annotation) Location() string {
	if r.Line > 0 {
		return escape.Line(r.File) + ":" + strconv.Itoa(r.Line)
	}
	return escape.Line(r.File)
}
