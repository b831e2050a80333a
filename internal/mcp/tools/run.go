package tools

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

// flags returns pairs of a name and a value as flags, without those that have no value.
func flags(pairs ...string) []string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, "--"+pairs[i]+"="+pairs[i+1])
		}
	}
	return all
}

// run runs a command, which prints JSON if that is asked for. What it writes to the standard error is progress. total is 0 if it is not known.
func run(ctx context.Context, c tool.Call, command tool.Command, form tool.Form, total float64) (tool.Output, error) {
	lines := 0.0
	command.Progress = func(line string) {
		lines++
		c.Report(lines, 0, line)
	}
	if form.Structured {
		command.Args = append(command.Args, "--output=json")
	}
	out, err := c.Run(ctx, command)
	if err == nil {
		c.Report(max(total, lines+1), max(total, lines+1), command.Verb+" has ended")
	}
	return out, err
}

// runReport runs a command that decides, and takes its report as the answer.
func runReport(ctx context.Context, c tool.Call, command tool.Command, form tool.Form, total float64, a *tool.Answer) error {
	out, err := run(ctx, c, command, form, total)
	if err != nil {
		return err
	}
	if form.Structured {
		a.Data = struct {
			Decision string          `json:"decision"`
			ExitCode int             `json:"exitCode"`
			Output   json.RawMessage `json:"output"`
		}{decisionOf(out.ExitCode), out.ExitCode, json.RawMessage(out.Text)}
		return nil
	}
	a.Text.Say("Decision: %s (exit code %d)", decisionOf(out.ExitCode), out.ExitCode)
	a.Text.QuoteAll(out.Text)
	return nil
}

// decisionOf is what an exit code of the program means (docs/exit-codes.md).
func decisionOf(code int) string {
	switch code {
	case 0:
		return "passed"
	case 2:
		return "failed"
	case 3:
		return "pending"
	case 4:
		return "unknown"
	}
	return fmt.Sprintf("ended with exit code %d", code)
}
