package tools

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
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
	tool.Structured

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
		o := overviewOf(report, max(in.Page, 1))
		a := tool.Answer{Narrow: "Use page, project, components or environment."}
		if in.Structured.Structured {
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
	Environments []string      `json:"environments"` // such as "development failed CrashLoopBackOff"
}

type cause struct {
	Rung       rungs.RungID `json:"rung"`
	Code       rungs.Code   `json:"code"`
	Components int          `json:"components"`
	Affects    []string     `json:"affects"` // the first of them
	Object     string       `json:"object"`
	Message    string       `json:"message"`
}

func overviewOf(r printers.StatusReport, page int) overview {
	o := overview{
		Summary: r.Headline(), Page: page, Pages: max(1, (len(r.Results)+onPage-1)/onPage), Components: []component{}, Causes: []cause{},
	}
	sorted := r.TroubleFirst()
	first := min((page-1)*onPage, len(sorted))
	if page > o.Pages {
		first = len(sorted) // also where the product overflows
	}
	for _, one := range sorted[first:min(first+onPage, len(sorted))] {
		o.Components = append(o.Components, componentOf(one))
	}
	for _, c := range r.Causes[:min(len(r.Causes), mostCauses)] {
		one := cause{Rung: c.Rung, Code: c.Code, Components: len(c.Subjects), Object: style.ObjectName(c.Object), Message: style.Shorten(c.Message)}
		for _, s := range c.Subjects[:min(len(c.Subjects), 3)] {
			one.Affects = append(one.Affects, s.Name(false))
		}
		o.Causes = append(o.Causes, one)
	}
	return o
}

func componentOf(one gate.Result) component {
	s := one.Trace.Subject
	c := component{s.Component, s.Namespace, one.Decision, []string{}}
	for _, cell := range one.Cells {
		state := strings.ToLower(cell.Verdict.String())
		switch {
		case !cell.Bound:
			state = "not deployed"
		case cell.Failing != "":
			state += " " + string(cell.Failing)
		case cell.Current == rungs.Behind:
			state += ", behind"
		}
		c.Environments = append(c.Environments, answer.Name(cell.Environment)+" "+state)
	}
	return c
}

func (o overview) writeTo(t *answer.Text) {
	t.Say("%s. Page %d of %d.", o.Summary, o.Page, o.Pages)
	for _, c := range o.Components {
		t.Say("%s  %s (%s): %s", strings.ToLower(c.Decision.String()), answer.Name(c.Name), answer.Name(c.Namespace), strings.Join(c.Environments, "; "))
	}
	for _, c := range o.Causes {
		t.Say("Cause: %s at %s, %d components. For more: diagnose.", c.Code, c.Rung, c.Components)
		t.Quote(fmt.Sprintf("%s %s\naffects %s", c.Object, c.Message, strings.Join(c.Affects, ", ")), 120)
	}
	if o.Page < o.Pages {
		t.Say("More: page %d", o.Page+1)
	}
}
