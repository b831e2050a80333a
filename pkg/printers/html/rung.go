package html

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// htmlRung is one rung, with what it unfolds to.
type htmlRung struct {
	ID, Name, Revision, Summary string
	Look                        htmlLook
	Behind, Failing             bool
	Since                       htmlTime
	Findings                    []htmlFinding
	Objects                     []htmlObject
	Addresses                   []string // of endpoints
}

type htmlFinding struct {
	Code, Severity, Object, Hint string
	Page                         string // of the code, in the documentation
	Since                        htmlTime
	Message, Path                []string
	Next                         []htmlCommands
	Logs                         []htmlEvidence // the last words of containers
	Evidence                     []htmlEvidence // all else
}

// findingCode is what every code looks like: a trace may come from a file.
var findingCode = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)

type htmlEvidence struct{ Path, Value string }

type htmlCommands struct {
	Heading string
	Lines   []string
}

// htmlFailing is a finding with the rung that it made fail.
type htmlFailing struct {
	Place, Link string
	htmlFinding
}

func (p html) rungs(prefix string, rungs []trace.Rung, failing *trace.Failure, environment string) []htmlRung {
	var all []htmlRung
	for _, r := range rungs {
		one := htmlRung{
			ID: prefix + string(r.ID), Name: string(r.ID), Summary: escape.Line(r.Summary), Look: lookOfRung(r),
			Behind: r.Current == trace.Behind, Since: p.time(r.Since), Objects: p.objects(r),
			Failing: failing != nil && failing.Rung == r.ID && failing.Environment == environment,
		}
		if style.IsCommit(r.Revision) {
			one.Revision = style.Revision(r.Revision, false)
		}
		if r.ID == trace.RungEndpoint {
			one.Addresses = style.WebAddresses(one.Summary)
		}
		for _, f := range r.Findings {
			if !one.Failing || f.Code != failing.Code || f.Object != failing.Object {
				one.Findings = append(one.Findings, p.finding(f))
			}
		}
		all = append(all, one)
	}
	return all
}

func (p html) finding(f trace.Finding) htmlFinding {
	one := htmlFinding{
		Code: escape.Line(string(f.Code)), Severity: escape.Line(string(f.Severity)), Object: style.ObjectName(f.Object), Hint: style.Sentence(escape.Line(f.Hint)),
		Since: p.time(f.Since), Message: escape.Lines(f.Message),
	}
	if findingCode.MatchString(string(f.Code)) {
		one.Page = style.FindingPage(string(f.Code))
	}
	for _, group := range style.Commands(f) {
		commands := htmlCommands{Heading: group.Heading}
		for _, command := range group.Commands {
			commands.Lines = append(commands.Lines, escape.Line(p.options.NameProgram(command)))
		}
		one.Next = append(one.Next, commands)
	}
	for _, ref := range f.Path {
		if ref != f.Object && ref.Name != "" {
			one.Path = append(one.Path, style.ObjectName(ref))
		}
	}
	for _, e := range f.Evidence {
		shown := htmlEvidence{escape.Line(e.Path), escape.Preformatted(e.Value)}
		if e.IsLog() {
			one.Logs = append(one.Logs, shown)
		} else {
			one.Evidence = append(one.Evidence, shown)
		}
	}
	return one
}

// failures are what to fix first, and what else fails.
func (p html) failures(t *trace.Trace) (first *htmlFailing, also []htmlFailing) {
	if t.Failing == nil {
		return nil, nil
	}
	one := p.failing(t, *t.Failing)
	for _, e := range t.Environments {
		if f := e.Failing; f != nil && (f.Rung != t.Failing.Rung || f.Environment != t.Failing.Environment) {
			also = append(also, p.failing(t, *f))
		}
	}
	return &one, also
}

func (p html) failing(t *trace.Trace, f trace.Failure) htmlFailing {
	link := string(f.Rung)
	if i := slices.IndexFunc(t.Environments, func(e trace.Environment) bool { return e.Name == f.Environment }); i >= 0 && f.Environment != "" {
		link = branchID(i) + link
	}
	return htmlFailing{Place: style.Place(f.Rung, f.Environment), Link: link, htmlFinding: p.finding(f.Finding)}
}

// objects are those that the rung is judged by: its parts, the failed ones first, and what its findings blame.
func (p html) objects(r trace.Rung) []htmlObject {
	var all []htmlObject
	var seen []facts.Ref
	add := func(part trace.Part) {
		if !part.Object.IsZero() && part.Object.Name != "" && !slices.Contains(seen, part.Object) {
			seen = append(seen, part.Object)
			all = append(all, p.object(part))
		}
	}
	for _, failed := range []bool{true, false} {
		for _, part := range r.Parts {
			if (part.State == trace.Failed) == failed {
				add(part)
			}
		}
	}
	add(trace.Part{Object: r.Object, Live: true})
	for _, f := range r.Findings {
		add(trace.Part{Object: f.Object, Live: true})
	}
	return all
}

func partSummary(part trace.Part) string {
	text := escape.Line(part.Summary)
	if !part.Live {
		text = strings.TrimPrefix(text+", as last reported by OpenChoreo", ", ")
	}
	return text
}
