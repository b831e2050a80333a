package change

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// maxNames is how many components a line names.
const maxNames = 5

// Lines are changes of several components, as lines for people: those of one cause are one line.
func Lines(o style.Options, all []Change, qualified bool) []string {
	groups, order := map[groupKey][]Change{}, []groupKey{}
	for _, c := range all {
		key := keyOf(c)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], c)
	}
	var lines []string
	for _, key := range order {
		lines = append(lines, groupLine(o, groups[key], qualified))
	}
	return lines
}

// groupKey is equal for changes that differ only in their component.
type groupKey struct {
	environment, from, to, message string
	code                           trace.Code
	object                         facts.Ref
}

func keyOf(c Change) groupKey {
	key := groupKey{environment: c.Environment, to: c.To.words(), message: c.Message, code: c.Code, object: c.Object}
	if c.From != nil {
		key.from = c.From.words()
	}
	return key
}

func groupLine(o style.Options, group []Change, qualified bool) string {
	first := group[0]
	var names []string
	for _, c := range group[:min(len(group), maxNames)] {
		name := c.Component
		if qualified {
			name = c.Namespace + "/" + name
		}
		names = append(names, escape.Line(name))
	}
	subject, suffix := names[0], ""
	if len(group) > 1 {
		subject, suffix = fmt.Sprintf("%d components", len(group)), " ("+strings.Join(names, ", ")
		if hidden := len(group) - len(names); hidden > 0 {
			suffix += fmt.Sprintf(" and %d more", hidden)
		}
		suffix += ")"
	}
	if first.Environment != "" {
		subject += ": " + escape.Line(first.Environment)
	}
	return first.Time.Format(time.TimeOnly) + "  " + subject + "  " + o.ToASCII(first.transition()) + suffix
}
