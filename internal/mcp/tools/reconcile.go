package tools

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

type reconcileArguments struct {
	tool.Form

	Component   string `json:"component" jsonschema:"name of the component"`
	Environment string `json:"environment,omitempty" jsonschema:"only this environment"`
	Revision    string `json:"revision,omitempty" jsonschema:"Git revision to wait for: a commit, a tag or a branch"`
	DryRun      bool   `json:"dry_run,omitempty" jsonschema:"true only shows the plan and what blocks it"`
	Wait        int    `json:"wait_seconds,omitempty" jsonschema:"how long to wait for the result, 1 to 60; default 60"`
}

func (a reconcileArguments) Check() error {
	errs := []error{tool.CheckName("component", a.Component), tool.CheckName("environment", a.Environment), tool.CheckRevision("revision", a.Revision)}
	if a.Component == "" {
		errs = append(errs, errors.New("invalid component: it is empty"))
	}
	if a.Wait < 0 || a.Wait > mostWait {
		errs = append(errs, fmt.Errorf("invalid wait_seconds %d: use 1 to %d", a.Wait, mostWait))
	}
	return errors.Join(errs...)
}

func reconcile() tool.Tool {
	return tool.With(tool.Tool{
		Name: "reconcile", Title: "Reconcile a component", Writes: true, Needs: tool.ACluster,
		Description: `Request reconciliation of what delivers a component, in dependency order, and wait for the result. It writes annotations only, on objects of
Flux, Argo CD and OpenChoreo. It changes no specification: a fix belongs into Git.
Call it if diagnose names reconcile as the next command, or after a fix was pushed. Use dry_run first.
Do not call it to repair a wrong manifest, and not again if the result is the same.`,
	}, func(ctx context.Context, c tool.Call, in reconcileArguments) (tool.Answer, error) {
		wait := in.Wait
		if wait == 0 {
			wait = mostWait
		}
		args := flags("timeout", fmt.Sprintf("%ds", wait), "environment", in.Environment, "revision", in.Revision)
		if in.DryRun {
			args = append(args, "--dry-run")
		} else {
			args = append(args, "--wait")
		}
		a := tool.Answer{Narrow: "Use environment."}
		return a, runReport(ctx, c, tool.Command{Verb: "reconcile", Names: []string{in.Component}, Args: args}, in.Form, float64(wait), &a)
	})
}
