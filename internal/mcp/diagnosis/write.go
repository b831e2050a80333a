package diagnosis

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// How many tokens of a text are written: what decides must fit, however long the message of a controller is.
const (
	tokensOfMessage  = 250
	tokensOfEvidence = 120
	tokensOfOther    = 80
	tokensOfName     = 160
	logLines         = 6
)

// WriteTo writes the diagnosis, what decides first.
func (d Diagnosis) WriteTo(t *answer.Text) {
	t.Say("%s: %s%s", place(d.Subject.Component, d.Subject.Project, d.Subject.Namespace), d.Verdict, d.currency())
	var states []string
	for _, e := range d.Environments {
		states = append(states, answer.Name(e.Name)+" "+e.State)
	}
	if len(states) > 0 {
		t.Say("Environments: %s", strings.Join(states, "; "))
	}
	if d.Cause != nil {
		d.Cause.writeTo(t, d.word())
	}
	if d.Forbidden != nil {
		t.Say("Forbidden: these reads are not allowed, so their state is unknown.")
		t.Quote(d.Forbidden.Sentence, tokensOfOther)
		for _, name := range d.Forbidden.Reads {
			t.Quote(name, tokensOfName)
		}
	}
	d.writeSteps(t)
	writePlaces(t, "Also failing", d.AlsoFailing)
	writePlaces(t, "Waiting", d.Waiting)
	writePlaces(t, "Unknown", d.Unknown)
	for _, w := range d.Warnings {
		t.Say("Warning: %s (%d)", w.Code, w.Count)
		t.Quote(w.Message, tokensOfOther)
	}
}

func place(component, project, namespace string) string {
	where := "namespace " + answer.Name(namespace)
	if project != "" {
		where = "project " + answer.Name(project) + ", " + where
	}
	return answer.Name(component) + " (" + where + ")"
}

// currency reports whether the wanted revision has arrived.
func (d Diagnosis) currency() string {
	wanted := ""
	if d.Wanted != "" {
		wanted = " " + answer.Name(d.Wanted)
	}
	switch d.Current {
	case trace.Current:
		return ", current" + wanted
	case trace.Behind:
		return ", behind the wanted revision" + wanted
	case trace.CurrencyUnknown:
		return ""
	}
	return ""
}

// word introduces the cause.
func (d Diagnosis) word() string {
	switch d.Verdict {
	case trace.VerdictFailed:
		return "Failed at"
	case trace.VerdictProgressing:
		return "Waiting at"
	case trace.VerdictUnknown:
		return "Unknown at"
	case trace.VerdictHealthy, trace.VerdictSuspended:
		return "Not deployed at"
	}
	return "Unknown at"
}

func (c Cause) writeTo(t *answer.Text, word string) {
	since := ""
	if c.Since != "" {
		since = ", since " + c.Since
	}
	t.Say("%s: %s. Code: %s%s", word, c.at(), c.Code, since)
	if c.Meaning != "" {
		t.Say("Meaning: %s", c.Meaning)
	}
	if c.Object != "" {
		t.Say("Object:")
		t.Quote(c.Object, tokensOfName)
	}
	t.Say("Message:")
	t.Quote(c.Message, tokensOfMessage)
	if c.Hint != "" {
		t.Quote(c.Hint, tokensOfMessage)
	}
	if len(c.Path) > 0 {
		t.Say("Path from the symptom to the object:")
		t.Quote(strings.Join(c.Path, " → "), tokensOfName)
	}
	if len(c.Evidence) > 0 {
		t.Say("Evidence:")
	}
	for _, e := range c.Evidence {
		separator := ": "
		if strings.Contains(e.Value, "\n") {
			separator = ":\n"
		}
		t.Quote(e.Path+separator+lastLines(e.Value), tokensOfEvidence)
	}
}

func (p Place) at() string {
	if p.Environment == "" {
		return string(p.Rung)
	}
	return string(p.Rung) + " (" + answer.Name(p.Environment) + ")"
}

// lastLines are the last lines of a log.
func lastLines(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	return strings.Join(lines[max(0, len(lines)-logLines):], "\n")
}

func (d Diagnosis) writeSteps(t *answer.Text) {
	if len(d.Next) > 0 {
		t.Say("Next commands, for the user to run:")
	}
	for _, group := range d.Next {
		if group.Who != "" {
			t.Say("%s:", group.Who)
		}
		for _, command := range group.Commands {
			t.Command(command)
		}
	}
	if d.Cause != nil && d.Cause.Code != "" {
		t.Say("Causes and fix: tool explain with code %s", d.Cause.Code)
	}
}

func writePlaces(t *answer.Text, word string, places []Place) {
	for _, p := range places {
		code := ""
		if p.Code != "" {
			code = ". Code: " + string(p.Code)
		}
		t.Say("%s: %s%s", word, p.at(), code)
		t.Quote(strings.TrimSpace(p.Object+" "+p.Message), tokensOfOther)
	}
}
