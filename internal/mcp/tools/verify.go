package tools

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

// mostWait is how long a call of verify may wait: clients end calls that take much longer.
const mostWait = 60

type verifyArguments struct {
	tool.Selection
	tool.Form

	Revision string `json:"revision,omitempty" jsonschema:"Git revision that must have arrived: a commit, a tag or a branch"`
	Wait     int    `json:"wait_seconds,omitempty" jsonschema:"how long to wait for components that are progressing, 0 to 60; default 0: check once"`
}

func (a verifyArguments) Check() error {
	var wait error
	if a.Wait < 0 || a.Wait > mostWait {
		wait = fmt.Errorf("invalid wait_seconds %d: use 0 to %d, and call again to wait longer", a.Wait, mostWait)
	}
	return errors.Join(a.Selection.Check(), tool.CheckRevision("revision", a.Revision), wait)
}

func verify() tool.Tool {
	return tool.With(tool.Tool{
		Name: "verify", Title: "Wait until components are healthy",
		Description: `Decide whether components are healthy at the wanted revision: passed, failed, pending or unknown, with each cause once. It waits at most
60 seconds for what is progressing; then the decision is pending, with its cause.
Call it after a push or a promotion, with revision, to decide whether the change has arrived.
Do not call it to find a cause (diagnose), and do not call it in a loop without a pause. It never changes anything.`,
	}, func(ctx context.Context, c tool.Call, in verifyArguments) (tool.Answer, error) {
		command := tool.Command{Verb: "verify", Names: in.Names, State: in.Snapshot, Args: flags(
			"timeout", fmt.Sprintf("%ds", in.Wait), "project", in.Project, "environment", in.Environment, "revision", in.Revision,
		)}
		a := tool.Answer{Narrow: "Use components, project or environment."}
		return a, runReport(ctx, c, command, in.Form, float64(in.Wait), &a)
	})
}
