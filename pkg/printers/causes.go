package printers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/document"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// causeDetail is how causes are printed. The zero value is for one component, without limits.
type causeDetail struct {
	several   bool                         // the report is about several components
	qualified bool                         // of several namespaces
	word      func(verify.Decision) string // nil: that of the decision
	full      int                          // how many causes are printed in full, each of another kind; 0: a few of each kind
	lines     int                          // how many of the other causes of a kind are listed; 0: all
	most      int                          // how many components a cause names; 0: all
}

func (d causeDetail) decision(of verify.Decision) string {
	if d.word == nil {
		return of.String()
	}
	return d.word(of)
}

// names are the components of a cause, or the first of them.
func (d causeDetail) names(c verify.Cause) string {
	names := c.Names()
	if d.qualified {
		for i, s := range c.Subjects {
			names[i] = s.Name(true)
		}
	}
	shown := atMost(d.most, len(names))
	text := strings.Join(names[:shown], ", ")
	if hidden := len(names) - shown; hidden > 0 {
		text += fmt.Sprintf(" and %d more", hidden)
	}
	return text
}

// atMost is how many of count are shown; a limit of 0 is none.
func atMost(limit, count int) int {
	if limit <= 0 {
		return count
	}
	return min(limit, count)
}

// addCauses adds each cause once: some in full, and the others on a line.
func addCauses(d *document.Document, causes []verify.Cause, detail causeDetail) {
	causes, rollouts := verify.OneOfEachRollout(causes)
	ofAKind, left := inFull, len(causes)
	if detail.full > 0 && len(causes) > detail.full {
		ofAKind, left = 1, detail.full
	}
	printed := map[string]bool{}
	for _, kind := range alike(causes) {
		shown := min(len(kind), ofAKind, left)
		left -= shown
		for _, c := range kind[:shown] {
			d.Add("")
			addCause(d, c, rollouts[c.Rollout()], detail)
			d.AddCommands(unprinted(style.Commands(c.Finding), printed))
		}
		addLikewise(d, kind[shown:], shown > 0, detail)
	}
}

// alike puts causes together that differ only in their component, such as many releases that are missing, each of its own component.
func alike(causes []verify.Cause) [][]verify.Cause {
	var groups [][]verify.Cause
	for _, c := range causes {
		at := slices.IndexFunc(groups, func(g []verify.Cause) bool {
			return g[0].Decision == c.Decision && g[0].Rung == c.Rung && g[0].Code == c.Code
		})
		if at < 0 {
			groups = append(groups, []verify.Cause{c})
			continue
		}
		groups[at] = append(groups[at], c)
	}
	return groups
}

// inFull is how many causes of a kind are printed with all that is known; the others would only be more of the same.
const inFull = 3

// addLikewise lists the further causes of a kind, each on a line. more is whether one of that kind was printed in full.
func addLikewise(d *document.Document, causes []verify.Cause, more bool, detail causeDetail) {
	if len(causes) == 0 {
		return
	}
	first := causes[0]
	heading := strings.TrimSuffix(fmt.Sprintf("%s: %s", detail.decision(first.Decision), first.Rung), ": ") + "   " + escape.Line(string(first.Code))
	switch {
	case more:
		heading += fmt.Sprintf(", %d more:", len(causes))
	case len(causes) > 1:
		heading += fmt.Sprintf(", %d causes:", len(causes))
	}
	d.Add("")
	d.Add(heading)
	shown := atMost(detail.lines, len(causes))
	for _, c := range causes[:shown] {
		d.AddIndented(detail.names(c)+": "+escape.Line(style.Shorten(c.Message)), 2)
	}
	if hidden := len(causes) - shown; hidden > 0 {
		d.AddIndented(fmt.Sprintf("… and %d more", hidden), 2)
	}
	if detail.full > 0 {
		d.AddCommands([]style.CommandGroup{{Commands: []string{traceCommand(first.Subjects[0].Subject)}}})
	}
}

// traceCommand shows all that is known of one component that a cause affects.
func traceCommand(s facts.Subject) string {
	line, args := "kubectl choreo trace %s -n %s", []string{s.Component, s.Namespace}
	for _, environment := range s.Environments {
		line, args = line+" -e %s", append(args, environment)
	}
	if context := s.Contexts[facts.Control]; context != "" {
		line, args = line+" --context %s", append(args, context)
	}
	for _, plane := range s.Planes {
		line, args = line+" --plane %s", append(args, plane)
	}
	if address := s.API.Flag(); address != "" {
		line, args = line+" --openchoreo-api %s", append(args, address)
	}
	return cmp.Or(command.Format(line, args...), "kubectl choreo trace COMPONENT -n NAMESPACE")
}

func decisionColor(d verify.Decision) string {
	switch d {
	case verify.Passed:
		return "32"
	case verify.Failed:
		return "1;31"
	case verify.Pending:
		return "36"
	case verify.Undecided:
		return "35"
	}
	return "35"
}

// unprinted are the commands that no cause before has printed.
func unprinted(groups []style.CommandGroup, printed map[string]bool) []style.CommandGroup {
	var left []style.CommandGroup
	for _, g := range groups {
		g.Commands = slices.DeleteFunc(slices.Clone(g.Commands), func(line string) bool { return printed[line] })
		if len(g.Commands) > 0 {
			left = append(left, g)
		}
	}
	for _, g := range left {
		for _, line := range g.Commands {
			printed[line] = true
		}
	}
	return left
}

// addCause adds what failed, its object and message, what it means, and which components it affects. The rest of its rollout has the same
// meaning.
func addCause(d *document.Document, c verify.Cause, rest []verify.Cause, detail causeDetail) {
	where := string(c.Rung)
	for _, other := range rest {
		if !slices.Contains(strings.Split(where, ", "), string(other.Rung)) {
			where += ", " + string(other.Rung)
		}
	}
	if !detail.several && len(c.Subjects) == 1 && len(c.Subjects[0].Environments) > 0 {
		where += " (" + escape.Line(strings.Join(c.Subjects[0].Environments, ", ")) + ")"
	}
	d.Add(d.Options.Paint(decisionColor(c.Decision), strings.TrimSuffix(detail.decision(c.Decision)+": "+where, ": ")) + "   " + escape.Line(string(c.Code)))
	for _, one := range append([]verify.Cause{c}, rest...) {
		addMessage(d, one)
	}
	d.AddLogs(c.Finding)
	d.AddIndented(style.Sentence(c.Hint), 2)
	d.AddPath(c.Finding)
	if detail.several {
		d.AddIndented(fmt.Sprintf("Affects %s%s.", counted(len(c.Subjects)), detail.names(c)), 2)
	}
}

// counted reports how many names follow, where there are many.
func counted(count int) string {
	if count < 4 {
		return ""
	}
	return fmt.Sprintf("%d components: ", count)
}

func addMessage(d *document.Document, c verify.Cause) {
	if name := style.ObjectName(c.Object); name != "" {
		if age := d.Options.Age(c.Since); age != "" {
			name += ", since " + age
		}
		d.AddIndented(name+":", 2)
	}
	for _, line := range escape.Lines(style.Shorten(c.Message)) {
		d.AddIndented(line, 4)
	}
}
