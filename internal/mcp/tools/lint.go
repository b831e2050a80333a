package tools

import (
	"context"
	"errors"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

type lintArguments struct {
	tool.Form

	Path string `json:"path,omitempty" jsonschema:"folder of a GitOps repository, relative to the folder that the user chose at start; default: that folder"`
	Base string `json:"base,omitempty" jsonschema:"branch that the change will be merged into, such as origin/main"`
}

func (a lintArguments) Check() error {
	var path error
	if len(a.Path) > 1000 {
		path = errors.New("invalid path: it is too long")
	}
	return errors.Join(path, tool.CheckRevision("base", a.Base))
}

func lint() tool.Tool {
	return tool.With(tool.Tool{
		Name: "lint", Title: "Check a GitOps repository", Needs: tool.ARepository, Local: true,
		Description: `Check the files of a GitOps repository for OpenChoreo, without a cluster: errors and warnings with file, line, code and fix.
Call it before a commit or for the review of a change; with base, it also finds what the change breaks.
Do not call it to find out why something that was merged does not work: diagnose reads the cluster.`,
	}, func(ctx context.Context, c tool.Call, in lintArguments) (tool.Answer, error) {
		folder, err := c.Folder(in.Path)
		if err != nil {
			return tool.Answer{}, err
		}
		a := tool.Answer{Narrow: "Use path, or fix the first findings and call again."}
		command := tool.Command{Verb: "lint", Names: []string{folder}, NoCluster: true, Args: flags("base", in.Base)}
		return a, runReport(ctx, c, command, in.Form, 0, &a)
	})
}
