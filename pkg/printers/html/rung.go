package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// htmlRung is one rung, with what it unfolds to.
type htmlRung struct {
	ID, Name, Revision, Summary string
	Chain                       string // the objects that deliver, in their order
	Look                        htmlLook
	Behind, Failing             bool
	Warnings                    int
	Start                       string // the kind of the object that the user named
	Since                       htmlTime
	Findings                    []htmlFinding
	Objects                     []htmlObject
	Folds                       []htmlFold // more of them
	Addresses                   []string   // of endpoints
}

type htmlFinding struct {
	Code, Severity, Object, Hint string
	Page                         string // of the code, in the documentation; "" where it has none
	Explained                    []htmlBlock
	Since                        htmlTime
	Message, Path                []string
	Next                         []htmlCommands
	Logs                         []htmlEvidence // the last words of containers
	Evidence                     []htmlEvidence // all else
}

type htmlEvidence struct{ Path, Value string }

func (p html) rungs(prefix string, rungs []trace.Rung, failing *trace.Failure, environment string) []htmlRung {
	var all []htmlRung
	for _, r := range rungs {
		summary, chain := style.Delivery(r)
		one := htmlRung{
			ID: prefix + string(r.ID), Name: string(r.ID), Summary: summary, Chain: chain, Look: lookOfRung(r),
			Behind: r.Current == trace.Behind, Warnings: count(r, trace.Warning), Since: p.time(r.Since), Start: escape.Line(r.Start.Kind),
			Failing: failing != nil && failing.Rung == r.ID && failing.Environment == environment,
		}
		one.Objects, one.Folds = p.objects(r)
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
	if _, hasPage := findings.Page(string(f.Code)); hasPage {
		one.Page = style.FindingPage(string(f.Code))
	}
	for i, group := range style.StepCommands(f) {
		commands := htmlCommands{Heading: commandsHeading(i, group.Heading)}
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

// htmlFold is objects of one state, folded to a line.
type htmlFold struct {
	Look    htmlLook
	Line    string
	Objects []htmlObject
}

const (
	inFull   = 3 // of the objects of a state that is not OK
	inFullOK = 5 // of the objects that are OK, where all are
)

// objects are those that the rung is judged by: its parts, the failed ones first, and what its findings blame. Those that are OK are
// folded where others are not, and so are more of the same.
func (p html) objects(r trace.Rung) (shown []htmlObject, folds []htmlFold) {
	var seen []facts.Ref
	byState := map[trace.State][]trace.Part{}
	isNew := func(part trace.Part) bool {
		if part.Object.IsZero() || part.Object.Name == "" || slices.Contains(seen, part.Object) {
			return false
		}
		seen = append(seen, part.Object)
		return true
	}
	for _, part := range r.Parts {
		if isNew(part) {
			byState[part.State] = append(byState[part.State], part)
		}
	}
	allOK := len(byState[trace.OK]) == len(seen)
	for _, state := range []trace.State{trace.Failed, trace.Unknown, trace.Progressing, trace.Blocked, trace.Suspended, trace.OK} {
		parts, most := byState[state], inFull
		switch {
		case state == trace.OK && !allOK:
			most = 0
		case state == trace.OK && len(parts) > inFullOK:
			most = 0
		case state == trace.OK:
			most = inFullOK
		case len(parts) == inFull+1:
			most = len(parts) // a fold takes as much room as one object
		}
		most = min(most, len(parts))
		for _, part := range parts[:most] {
			shown = append(shown, p.object(part))
		}
		if len(parts) > most {
			folds = append(folds, p.fold(state, parts[most:], most > 0))
		}
	}
	for _, ref := range blamed(r) {
		if part := (trace.Part{Object: ref, Live: true}); isNew(part) {
			shown = append(shown, p.object(part))
		}
	}
	return shown, folds
}

// blamed are the object of a rung and those of its findings.
func blamed(r trace.Rung) []facts.Ref {
	refs := []facts.Ref{r.Object}
	for _, f := range r.Findings {
		refs = append(refs, f.Object)
	}
	return refs
}

func (p html) fold(state trace.State, parts []trace.Part, isMore bool) htmlFold {
	fold := htmlFold{Look: lookOf(state)}
	var kinds []string
	for _, part := range parts {
		fold.Objects = append(fold.Objects, p.object(part))
		if kind := escape.Line(part.Object.Kind); !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	count := fmt.Sprint(len(parts))
	if isMore {
		count += " more"
	}
	fold.Line = count + " " + fold.Look.Word + ": " + strings.Join(kinds, ", ")
	return fold
}

func partSummary(part trace.Part) string {
	text := escape.Line(part.Summary)
	if !part.Live {
		text = strings.TrimPrefix(text+", as last reported by OpenChoreo", ", ")
	}
	return text
}
