package tools

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/diagnosis"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

// diagnoseArguments name what is diagnosed.
type diagnoseArguments struct {
	tool.Component
	tool.Form
}

func diagnose() tool.Tool {
	return tool.With(tool.Tool{
		Name: "diagnose", Title: "Find why a component is not healthy",
		Description: `Find the cause of a problem of one component, in one call: the verdict, the rung that fails between Git and the pods, the object and
the finding code, at most five pieces of evidence, and the next commands. At most 1500 tokens.
Call it first for every question about one component, pod, route, Kustomization or other object: "it does not work", "my merge does not show up".
Do not call it for an overview of several components (status), to wait for a rollout (verify), or to check files before a commit (lint).`,
	}, func(ctx context.Context, c tool.Call, in diagnoseArguments) (tool.Answer, error) {
		r, err := c.Read(ctx, in.Query())
		if err != nil {
			return tool.Answer{}, err
		}
		d := diagnosis.Of(r.Trace)
		a := tool.Answer{Most: answer.MostDiagnosis, Narrow: "Use environment, or the tool trace with rung."}
		if in.Structured {
			a.Data = d
			return a, nil
		}
		d.WriteTo(&a.Text)
		addNotes(&a.Text, r.Notes)
		return a, nil
	})
}

// addNotes adds what the program has to say beside its answer, such as that clocks differ.
func addNotes(t *answer.Text, notes string) {
	if notes != "" {
		t.Say("Note:")
		t.Quote(notes, 200)
	}
}
