package mcp

import (
	"context"
	"fmt"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

func addPrompts(s *mcp.Server) {
	s.AddPrompt(&mcp.Prompt{
		Name: "merge-not-visible", Title: "My merge does not show up", Description: "Find out why a merged change does not run.",
		Arguments: []*mcp.PromptArgument{
			{Name: "component", Description: "name of the component", Required: true},
			{Name: "commit", Description: "commit that was merged"},
			{Name: "environment", Description: "where it should run"},
		},
	}, prompt(mergeNotVisible))
	s.AddPrompt(&mcp.Prompt{
		Name: "review-change", Title: "Review this change", Description: "Check a change of a GitOps repository before it is merged.",
		Arguments: []*mcp.PromptArgument{
			{Name: "base", Description: "branch that the change will be merged into, such as origin/main", Required: true},
			{Name: "path", Description: "folder, relative to the folder of the server"},
		},
	}, prompt(reviewChange))
}

// prompt returns the handler of a prompt. Its arguments become part of a text for a model, so they must be names.
func prompt(write func(arguments map[string]string) (string, error)) mcp.PromptHandler {
	return func(_ context.Context, r *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		text, err := write(r.Params.Arguments)
		if err != nil {
			return nil, err
		}
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: text}}}}, nil
	}
}

func mergeNotVisible(arguments map[string]string) (string, error) {
	component := tool.Component{Name: arguments["component"], Environment: arguments["environment"], Revision: arguments["commit"]}
	if err := component.Check(); err != nil {
		return "", err
	}
	if component.Name == "" {
		return "", fmt.Errorf("the argument component is required")
	}
	var call strings.Builder
	fmt.Fprintf(&call, "component %s", component.Name)
	for _, one := range [][2]string{{"environment", component.Environment}, {"revision", component.Revision}} {
		if one[1] != "" {
			fmt.Fprintf(&call, ", %s %s", one[0], one[1])
		}
	}
	return fmt.Sprintf(`I merged a change of %s, and I do not see it running.
1. Call diagnose with %s.
2. If it names a code that you do not know, call explain with that code.
3. Tell me in three sentences: where it stops (rung and object), why (quote the message), and what to do. Give the next command.
4. If the fix is a change of a manifest, show the change as a diff. Do not change the cluster.
5. If the answer is "waiting", say for how long that is normal, and offer to call verify.`, component.Name, call.String()), nil
}

func reviewChange(arguments map[string]string) (string, error) {
	base, path := arguments["base"], arguments["path"]
	if err := tool.CheckRevision("base", base); err != nil {
		return "", err
	}
	if answer.Cut(path, 200) != path || strings.ContainsAny(path, "\n\r") {
		return "", fmt.Errorf("invalid path")
	}
	return fmt.Sprintf(`Review my change of the GitOps repository, which will be merged into %q.
1. Call lint with base %q and path %q. If this server has no tool lint, say so: it must be started with --repo.
2. Report errors first, each with file, line and fix. Then warnings that the change has caused.
3. For each component that the change touches, call diagnose: say what is already failing, so that it is not blamed on the change.
4. End with one word: approve, or change.`, base, base, path), nil
}

// completer completes the arguments of resources and prompts.
type completer struct{ host tool.Host }

// mostValues is how many values a completion may have (MCP, completion/complete).
const mostValues = 100

func (c completer) complete(_ context.Context, r *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
	var all []string
	switch r.Params.Argument.Name {
	case "code":
		all = findings.Codes()
	case "name":
		for _, s := range c.host.States() {
			all = append(all, s.Name)
		}
	case "component":
		for _, s := range c.host.States() {
			all = append(all, s.Subject.Component)
		}
	}
	values := []string{}
	for _, value := range all {
		if strings.HasPrefix(strings.ToLower(value), strings.ToLower(r.Params.Argument.Value)) {
			values = append(values, value)
		}
	}
	total := len(values)
	return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{
		Values: values[:min(total, mostValues)], Total: total, HasMore: total > mostValues,
	}}, nil
}
