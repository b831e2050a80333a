package printers

import (
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Remark is one thing that is said to somebody who reads neither traces nor trees: a reader of a CI system, a code review or a
// security dashboard. It is what the formats junit, markdown, github and sarif are made of. Its texts may come from a cluster
// or from a file, and are escaped by each format.
type Remark struct {
	// Code is a finding code, such as KustomizationBuildFailed; Severity is "error", "warning" or "info", and anything else is
	// shown as an error.
	Code, Severity string
	// Object is what is to blame; the zero Ref where it is no object.
	Object facts.Ref
	// Subject is what was asked about, such as "greeter-service" or "40 components".
	Subject string
	// Message says what is the matter, in the words of who says so; Hint, if there is one, what it means or how to mend it.
	Message, Hint string
	// File is the path from the root of the repository, with slashes; "" where no file is known.
	File string
	// Line counts from 1; 0 where none is known.
	Line int
	// Names are those of everything that this holds, each once; none where Subject says it all.
	Names []string
}

// code is a word in any case.
func (r Remark) code() string {
	if code := escape(r.Code); code != "" {
		return code
	}
	return "Unknown"
}

// summary is who is to blame and what for, on one line.
func (r Remark) summary() string {
	words := escape(r.Message)
	if name := r.unnamed(); name != "" {
		words = name + ": " + words
	}
	return words
}

// unnamed is the object, where the message does not begin with it.
func (r Remark) unnamed() string {
	name := objectName(r.Object)
	if strings.HasPrefix(escape(r.Message), name) {
		return ""
	}
	return name
}

// lines are all that there is to say, the most important first.
func (r Remark) lines() []string {
	var all []string
	if name := r.unnamed(); name != "" {
		all = append(all, name+":")
	}
	all = append(all, paragraphs(r.Message)...)
	if r.Hint != "" {
		all = append(all, asSentence(escape(r.Hint)))
	}
	if len(r.Names) > 0 {
		all = append(all, "It holds "+r.names()+".")
	}
	if r.File != "" {
		all = append(all, "File: "+r.place())
	}
	return all
}

func (r Remark) names() string {
	names := make([]string, 0, len(r.Names))
	for _, name := range r.Names {
		names = append(names, escape(name))
	}
	return strings.Join(names, ", ")
}

// place is the file, with the line where that is known.
func (r Remark) place() string {
	if r.Line > 0 {
		return escape(r.File) + ":" + strconv.Itoa(r.Line)
	}
	return escape(r.File)
}
