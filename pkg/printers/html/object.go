package html

import (
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/inspect"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// htmlObject is what was seen of one object.
type htmlObject struct {
	Name, Summary, Unseen string
	Look                  *htmlLook // nil where nothing was judged of it
	Since                 htmlTime
	Conditions            []htmlCondition
	Warnings              []htmlWarning
	Logs                  []htmlLog
	YAML                  string
}

type htmlCondition struct {
	Type, Status, Reason, Message string
	Since                         htmlTime
}

type htmlWarning struct {
	Reason, Message string
	Last            htmlTime
}

type htmlLog struct{ Title, Lines string }

// object looks up what the judgement rests on. Without a Snapshot there is only the judgement.
func (p html) object(part trace.Part) htmlObject {
	one := htmlObject{Name: style.ObjectName(part.Object), Summary: partSummary(part), Since: p.time(part.Since)}
	if part.Summary != "" {
		look := lookOf(part.State)
		one.Look = &look
	}
	if p.options.Snapshot == nil {
		return one
	}
	detail := inspect.Inspect(p.options.Snapshot, part.Object)
	o := detail.Object
	if o.Outcome != facts.Found || o.Body == nil {
		one.Unseen = style.OutcomeWords(o.Outcome, o.Reason)
		return one
	}
	for _, c := range detail.Conditions {
		one.Conditions = append(one.Conditions, htmlCondition{
			escape.Line(c.Type), escape.Line(c.Status), escape.Line(c.Reason), escape.Line(c.Message), p.time(c.LastTransitionTime),
		})
	}
	for _, w := range detail.Warnings {
		one.Warnings = append(one.Warnings, htmlWarning{escape.Line(w.Reason), escape.Line(w.Message), p.time(w.Last)})
	}
	one.Logs = logs(detail.Logs)
	text, err := yaml.Marshal(o.Body.Object)
	if err != nil {
		text = []byte("# cannot be written as YAML: " + err.Error())
	}
	one.YAML = escape.Preformatted(string(text))
	return one
}

func logs(seen []facts.Log) []htmlLog {
	var all []htmlLog
	for _, l := range seen {
		title := "Log of " + escape.Line(l.Query.Container)
		if l.Query.Previous {
			title += ", of the run before"
		}
		text := escape.Preformatted(strings.Join(l.Lines, "\n"))
		if l.Outcome != facts.Found {
			text = style.OutcomeWords(l.Outcome, l.Reason)
		}
		all = append(all, htmlLog{title, text})
	}
	return all
}
