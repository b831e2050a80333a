package tools

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	rungs "github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

type traceArguments struct {
	tool.Component
	tool.Form

	Rung string `json:"rung,omitempty" jsonschema:"only this rung, with all its objects: git, source, delivery, project, component, workload, release, environment, cell, binding, rendered, resource, pod or endpoint"`
}

func (a traceArguments) Check() error {
	if a.Rung != "" && !slices.Contains(rungs.Rungs(), rungs.RungID(a.Rung)) {
		return fmt.Errorf("unknown rung %q: use one of %v", a.Rung[:min(len(a.Rung), 60)], rungs.Rungs())
	}
	return a.Component.Check()
}

func trace() tool.Tool {
	return tool.With(tool.Tool{
		Name: "trace", Title: "Show the rungs of a component",
		Description: `Show each rung of one component between Git and its pods, in all environments, in one, or one rung with all its objects.
Call it after diagnose, when its answer is not enough: to see what is healthy, or which objects a rung has.
Do not call it to find a cause: diagnose does so, in fewer tokens.`,
	}, func(ctx context.Context, c tool.Call, in traceArguments) (tool.Answer, error) {
		r, err := c.Read(ctx, in.Query())
		if err != nil {
			return tool.Answer{}, err
		}
		shown := onlyRung(r.Trace, rungs.RungID(in.Rung))
		a := tool.Answer{Narrow: "Use environment or rung."}
		if in.Structured {
			a.Data = data.OfTrace(shown)
			return a, nil
		}
		format := "tree"
		if in.Rung != "" {
			format = "wide"
		}
		printer, err := printers.New(format, printers.Options{Now: r.Trace.TakenAt})
		if err != nil {
			return tool.Answer{}, err
		}
		var out bytes.Buffer
		if err := printer.Print(&out, shown); err != nil {
			return tool.Answer{}, err
		}
		a.Text.Say("%s: %s", answer.Name(r.Trace.Subject.Component), r.Trace.Verdict)
		a.Text.QuoteAll(strings.TrimSpace(out.String()))
		addNotes(&a.Text, r.Notes)
		return a, nil
	})
}

// onlyRung returns the trace with one rung; the whole trace if id is "".
func onlyRung(t *rungs.Trace, id rungs.RungID) *rungs.Trace {
	if id == "" {
		return t
	}
	only := *t
	only.Rungs = withID(t.Rungs, id)
	only.Environments = slices.Clone(t.Environments)
	for i, e := range only.Environments {
		only.Environments[i].Rungs = withID(e.Rungs, id)
	}
	if len(only.Rungs) > 0 {
		only.Environments = nil
	}
	return &only
}

func withID(all []rungs.Rung, id rungs.RungID) []rungs.Rung {
	kept := []rungs.Rung{}
	for _, r := range all {
		if r.ID == id {
			kept = append(kept, r)
		}
	}
	return kept
}
