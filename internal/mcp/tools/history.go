package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

type historyArguments struct {
	tool.Recorded
	tool.Form

	Component   string `json:"component,omitempty" jsonschema:"name of the component"`
	Environment string `json:"environment,omitempty" jsonschema:"only this environment"`
	Commit      string `json:"commit,omitempty" jsonschema:"what became of this commit: at least seven characters of its name, or of that of its merge"`
}

// commit is the full or abbreviated name of a commit.
var commit = regexp.MustCompile(`^[0-9a-fA-F]{7,64}$`)

// Check refuses names that no object can have.
func (a historyArguments) Check() error {
	errs := []error{a.Recorded.Check(), tool.CheckName("component", a.Component), tool.CheckName("environment", a.Environment)}
	if a.Commit != "" && !commit.MatchString(a.Commit) {
		errs = append(errs, fmt.Errorf("invalid commit %q: use at least seven characters of its name", a.Commit[:min(len(a.Commit), 60)]))
	}
	return errors.Join(errs...)
}

func history() tool.Tool {
	return tool.With(tool.Tool{
		Name: "history", Title: "Show when releases were delivered",
		Description: `Show a line for each release of a component in each environment: the commit and its author, and when it was committed, merged, fetched, applied,
rendered, started and running. With commit, show what became of that commit. A time that nothing records is ?, with the reason.
Call it for "who released this, and when?", "has my commit reached production?", or how long a delivery takes.
Do not call it to find out why a release fails or waits: diagnose does so.`,
	}, func(ctx context.Context, c tool.Call, in historyArguments) (tool.Answer, error) {
		command := tool.Command{Verb: "history", State: in.Snapshot, Clone: true, Args: flags("environment", in.Environment, "for", in.Commit)}
		if in.Component != "" {
			command.Names = []string{in.Component}
		}
		a := tool.Answer{Narrow: "Use environment or commit."}
		out, err := run(ctx, c, command, in.Form, 0)
		if err != nil {
			return a, err
		}
		if in.Structured {
			a.Data = json.RawMessage(out.Text)
			return a, nil
		}
		a.Text.QuoteAll(out.Text)
		addNotes(&a.Text, out.Notes)
		return a, nil
	})
}
