package tools

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/diagnosis"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	rungs "github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	gate "github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// onPage is how many components a page of status has: they and the causes take about half of an answer.
const onPage = 40

// mostCauses limits the causes that are named; those of the most components come first.
const mostCauses = 8

type statusArguments struct {
	tool.Selection
	tool.Form

	Page int `json:"page,omitempty" jsonschema:"page of the list, from 1"`
}

func (a statusArguments) Check() error {
	if a.Page < 0 {
		return errors.New("invalid page: use a number from 1")
	}
	return a.Selection.Check()
}

func status() tool.Tool {
	return tool.With(tool.Tool{
		Name: "status", Title: "Show an overview of components",
		Description: `Show the components of the namespace in their environments, what is in trouble first, each cause once, 40 components on a page.
Call it for "what is broken?", to find the name of a component, or to see how many a problem affects.
Do not call it for one component (diagnose), or to wait (verify).`,
	}, func(ctx context.Context, c tool.Call, in statusArguments) (tool.Answer, error) {
		report, err := c.Overview(ctx, tool.Scope{Names: in.Names, Environments: in.Environments(), Project: in.Project, State: in.Snapshot, Progress: func(done, total int) {
			c.Report(float64(done), float64(total), "components read")
		}})
		if err != nil {
			return tool.Answer{}, err
		}
		o := overviewOf(report, max(in.Page, 1), c.States())
		a := tool.Answer{Narrow: "Use page, project, components or environment."}
		if in.Structured {
			a.Data = o
			return a, nil
		}
		o.writeTo(&a.Text)
		return a, nil
	})
}

// overview is one page of a status.
type overview struct {
	Summary    string      `json:"summary"`
	Page       int         `json:"page"`
	Pages      int         `json:"pages"`
	Components []component `json:"components"`
	Causes     []cause     `json:"causes"`
}

type component struct {
	Name         string        `json:"name"`
	Namespace    string        `json:"namespace"`
	Decision     gate.Decision `json:"decision"`
	Rung         rungs.RungID  `json:"rung,omitempty"` // of the first reason that it is not healthy and current
	Code         rungs.Code    `json:"code,omitempty"`
	Environments []string      `json:"environments"` // in which it is deployed, such as "development failed CrashLoopBackOff"
	Snapshots    []string      `json:"snapshots,omitempty"`
}

type cause struct {
	Rung       rungs.RungID `json:"rung"`
	Code       rungs.Code   `json:"code"`
	Components int          `json:"components"`
	Affects    []string     `json:"affects"` // the first of them
	Object     string       `json:"object"`
	Message    string       `json:"message"`
}

func overviewOf(r printers.StatusReport, page int, states []tool.State) overview {
	o := overview{
		Summary: r.Headline(), Page: page, Pages: max(1, (len(r.Results)+onPage-1)/onPage), Components: []component{}, Causes: []cause{},
	}
	sorted := r.TroubleFirst()
	first := min((page-1)*onPage, len(sorted))
	if page > o.Pages {
		first = len(sorted) // also where the product overflows
	}
	for _, one := range sorted[first:min(first+onPage, len(sorted))] {
		o.Components = append(o.Components, componentOf(one, states))
	}
	for _, c := range r.Causes[:min(len(r.Causes), mostCauses)] {
		one := cause{Rung: c.Rung, Code: c.Code, Components: len(c.Subjects), Object: style.ObjectName(c.Object), Message: diagnosis.MessageOf(c.Finding)}
		for _, s := range c.Subjects[:min(len(c.Subjects), 3)] {
			one.Affects = append(one.Affects, s.Name(false))
		}
		o.Causes = append(o.Causes, one)
	}
	return o
}

func componentOf(one gate.Result, states []tool.State) component {
	s := one.Trace.Subject
	c := component{Name: s.Component, Namespace: s.Namespace, Decision: one.Decision, Environments: []string{}}
	if reason, known := one.Cause(); known {
		c.Rung, c.Code = reason.Rung, reason.Code
	}
	for _, recorded := range states {
		if recorded.Subject.Component == s.Component && recorded.Subject.Namespace == s.Namespace {
			c.Snapshots = append(c.Snapshots, recorded.Name)
		}
	}
	for _, cell := range one.Cells {
		if !cell.Bound {
			continue
		}
		state := strings.ToLower(cell.Verdict.String())
		switch {
		case cell.Failing != "":
			state += " " + string(cell.Failing)
		case cell.Current == rungs.Behind:
			state += ", behind"
		}
		c.Environments = append(c.Environments, answer.Name(cell.Environment)+" "+state)
	}
	return c
}

// line is a component in one line.
func (c component) line() string {
	line := fmt.Sprintf("%s %s (%s)", strings.ToLower(c.Decision.String()), answer.Name(c.Name), answer.Name(c.Namespace))
	if c.Code != "" {
		line += fmt.Sprintf(" at %s %s", c.Rung, c.Code)
	}
	if len(c.Environments) > 0 {
		line += ": " + strings.Join(c.Environments, "; ")
	}
	if len(c.Snapshots) > 0 {
		line += ". Snapshot: " + strings.Join(c.Snapshots, " or ")
	}
	return line
}

func (o overview) writeTo(t *answer.Text) {
	t.Say("%s. Page %d of %d.", o.Summary, o.Page, o.Pages)
	for _, c := range o.Components {
		t.Say("%s", c.line())
	}
	for _, c := range o.Causes {
		t.Say("Cause: %s at %s, components: %d. For more: diagnose.", c.Code, c.Rung, c.Components)
		t.Quote(fmt.Sprintf("%s %s\naffects %s", c.Object, c.Message, strings.Join(c.Affects, ", ")), 120)
	}
	if o.Page < o.Pages {
		t.Say("More: page %d", o.Page+1)
	}
}
