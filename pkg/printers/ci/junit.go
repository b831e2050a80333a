package ci

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
)

// CaseOutcome is what became of a Case.
type CaseOutcome uint8

const (
	// CaseErrored is the zero value: it could not be decided.
	CaseErrored CaseOutcome = iota
	// CasePassed means that all is as it should be.
	CasePassed
	// CaseFailed means that something is not.
	CaseFailed
	// CaseSkipped means that it was not requested.
	CaseSkipped
)

// Case is one test of a suite, in the sense of JUnit.
type Case struct {
	Class, Name string // Class groups cases, with dots: "namespace.project"
	File        string // what is tested, from the root of the repository; "" where that is no file
	Line        int    // from 1; 0 where none is known
	Outcome     CaseOutcome
	Took        time.Duration
	Annotations []Annotation // why it has not passed; of one that has, what is worth knowing
	Notes       []string     // what the outcome rests on
}

// What CI systems read is described by the schema of the Jenkins xUnit plug-in, junit-10.xsd: of a case at most one failure
// or error is shown, so all remarks stand in it. GitLab, CircleCI and actions of GitHub also read file and line of a case, which the
// schema does not know: they are left out where there is no file.
type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitCounts struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
}

type junitSuite struct {
	junitCounts
	Properties *junitProperties `xml:"properties"`
	Cases      []junitCase      `xml:"testcase"`
}

type junitProperties struct {
	Properties []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string      `xml:"name,attr"`
	Class   string      `xml:"classname,attr"`
	File    string      `xml:"file,attr,omitempty"`
	Line    int         `xml:"line,attr,omitempty"`
	Time    string      `xml:"time,attr"`
	Skipped *struct{}   `xml:"skipped"`
	Error   *junitFault `xml:"error"`
	Failure *junitFault `xml:"failure"`
	Out     string      `xml:"system-out,omitempty"`
}

type junitFault struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the cases as one suite. Its property summary has what the suite rests on, or is left out if that is empty.
func WriteJUnit(w io.Writer, suite string, cases []Case, summary string) error {
	s := junitSuite{junitCounts: junitCounts{Name: escape.Line(suite), Tests: len(cases)}}
	if summary != "" {
		s.Properties = &junitProperties{[]junitProperty{{"summary", escape.Line(summary)}}}
	}
	var took time.Duration
	for _, c := range cases {
		took += c.Took
		s.Cases = append(s.Cases, s.take(c))
	}
	s.Time = junitTime(took)
	text, err := xml.MarshalIndent(junitSuites{junitCounts: s.junitCounts, Suites: []junitSuite{s}}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode junit: %w", err)
	}
	if _, err := io.WriteString(w, xml.Header+string(text)+"\n"); err != nil {
		return fmt.Errorf("write junit: %w", err)
	}
	return nil
}

func junitTime(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// take counts a case, and gives it its form.
func (s *junitSuite) take(c Case) junitCase {
	one := junitCase{Name: escape.Line(c.Name), Class: escape.Line(c.Class), File: escape.Runes(c.File), Line: c.Line, Time: junitTime(c.Took)}
	var notes []string
	for _, note := range c.Notes {
		notes = append(notes, escape.Line(note))
	}
	one.Out = strings.Join(notes, "\n")
	switch c.Outcome {
	case CasePassed:
		one.Out = strings.TrimSpace(junitText(c.Annotations) + "\n" + one.Out)
	case CaseSkipped:
		s.Skipped++
		one.Skipped = &struct{}{}
	case CaseFailed:
		s.Failures++
		one.Failure = fault(c.Annotations)
	case CaseErrored:
		s.Errors++
		one.Error = fault(c.Annotations)
	default:
		s.Errors++
		one.Error = fault(c.Annotations)
	}
	return one
}

func fault(remarks []Annotation) *junitFault {
	if len(remarks) == 0 {
		return &junitFault{Message: "nothing is known of it", Type: "Unknown"}
	}
	first := remarks[0]
	return &junitFault{Message: first.Summary(), Type: first.CodeOrUnknown(), Text: junitText(remarks)}
}

func junitText(remarks []Annotation) string {
	var lines []string
	for _, r := range remarks {
		head := escape.Line(r.Severity) + " " + r.CodeOrUnknown()
		if r.Cause != "" {
			head += " (cause " + escape.Line(r.Cause) + ")"
		}
		lines = append(lines, head)
		for _, line := range r.lines() {
			lines = append(lines, "  "+line)
		}
	}
	return strings.Join(lines, "\n")
}
