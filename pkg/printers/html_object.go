package printers

import (
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// htmlObject is what was seen of one object.
type htmlObject struct {
	Name, Summary, Unseen string
	Look                  *htmlLook // nil where nothing was judged of it
	Since                 htmlTime
	Conditions            []htmlCondition
	Events                []htmlEvent
	Logs                  []htmlLog
	YAML                  string
}

type htmlCondition struct {
	Type, Status, Reason, Message string
	Since                         htmlTime
}

type htmlEvent struct {
	Reason, Message string
	Last            htmlTime
}

type htmlLog struct{ Title, Lines string }

// object looks up what the judgement rests on. Without a Snapshot there is only the judgement.
func (p html) object(part trace.Part) htmlObject {
	one := htmlObject{Name: objectName(part.Object), Summary: partSummary(part), Since: p.time(part.Since)}
	if part.Summary != "" {
		look := lookOf(part.State)
		one.Look = &look
	}
	seen := p.options.Seen
	if seen == nil {
		return one
	}
	o := seen.Object(part.Object)
	if o.Outcome != facts.Found || o.Body == nil {
		one.Unseen = unseen(o)
		return one
	}
	for _, c := range kinds.Conditions(o.Body) {
		one.Conditions = append(one.Conditions, htmlCondition{
			escape(c.Type), escape(c.Status), escape(c.Reason), escape(c.Message), p.time(c.LastTransitionTime),
		})
	}
	one.Events, one.Logs = p.events(seen, part.Object), logsOf(seen, part.Object)
	text, err := yaml.Marshal(o.Body.Object)
	if err != nil {
		text = []byte("# cannot be written as YAML: " + err.Error())
	}
	one.YAML = kept(string(text))
	return one
}

// unseen says why there is nothing to show.
func unseen(o facts.Object) string {
	said := map[facts.Outcome]string{
		facts.NotAsked: "not asked for", facts.Found: "only its name was read", facts.Absent: "not there", facts.Forbidden: "may not be read",
		facts.NoKind: "the cluster does not know this kind", facts.Unreachable: "no answer",
	}[o.Outcome]
	if o.Reason != "" {
		said += ": " + escape(o.Reason)
	}
	return said
}

// events are those about an object, the newest first.
func (p html) events(s *facts.Snapshot, about facts.Ref) []htmlEvent {
	found := slices.DeleteFunc(s.Of(about.Plane, kinds.Core, "Event"), func(o facts.Object) bool {
		return kinds.Text(o.Body, "involvedObject", "kind") != about.Kind ||
			kinds.Text(o.Body, "involvedObject", "name") != about.Name ||
			kinds.Text(o.Body, "involvedObject", "namespace") != about.Namespace
	})
	slices.SortStableFunc(found, func(a, b facts.Object) int { return kinds.EventTime(b.Body).Compare(kinds.EventTime(a.Body)) })
	var all []htmlEvent
	for _, o := range found {
		all = append(all, htmlEvent{
			Reason: escape(kinds.Text(o.Body, "reason")), Message: escape(kinds.Text(o.Body, "message")), Last: p.time(kinds.EventTime(o.Body)),
		})
	}
	return all
}

func logsOf(s *facts.Snapshot, pod facts.Ref) []htmlLog {
	var all []htmlLog
	for _, l := range s.Logs() {
		if l.Query.Pod != pod {
			continue
		}
		title := "Log of " + escape(l.Query.Container)
		if l.Query.Previous {
			title += ", of the run before"
		}
		text := kept(strings.Join(l.Lines, "\n"))
		if l.Outcome != facts.Found {
			text = unseen(facts.Object{Outcome: l.Outcome, Reason: l.Reason})
		}
		all = append(all, htmlLog{title, text})
	}
	return all
}
