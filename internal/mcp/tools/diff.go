package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
)

type diffArguments struct {
	tool.Recorded
	tool.Form

	Component    string   `json:"component,omitempty" jsonschema:"name of the component"`
	Live         bool     `json:"live,omitempty" jsonschema:"true compares the live objects on the data plane with what OpenChoreo has rendered"`
	Environments []string `json:"environments,omitempty" jsonschema:"two environments, which are compared with each other"`
	Releases     []string `json:"releases,omitempty" jsonschema:"two ComponentReleases, which are compared with each other"`
	Revision     string   `json:"revision,omitempty" jsonschema:"Git revision of the clone that the cluster is compared with: a commit, a tag or a branch; default: HEAD"`
	Base         string   `json:"base,omitempty" jsonschema:"Git revision that revision is compared with, instead of the cluster"`
	Environment  string   `json:"environment,omitempty" jsonschema:"only this environment; not with environments or releases"`
}

// Check refuses names that no object can have, and more than one comparison.
func (a diffArguments) Check() error {
	errs := []error{
		a.Recorded.Check(), tool.CheckName("component", a.Component), tool.CheckName("environment", a.Environment),
		checkPair("environments", a.Environments), checkPair("releases", a.Releases), checkOneRevision("revision", a.Revision), checkOneRevision("base", a.Base),
	}
	comparisons := 0
	for _, isWanted := range []bool{a.Live, len(a.Environments) > 0, len(a.Releases) > 0, a.Revision != ""} {
		if isWanted {
			comparisons++
		}
	}
	switch {
	case comparisons > 1:
		errs = append(errs, errors.New("use one of live, environments, releases and revision"))
	case a.Environment != "" && len(a.Environments)+len(a.Releases) > 0:
		errs = append(errs, errors.New("environment cannot be combined with environments or releases"))
	case a.Base != "" && a.Revision == "":
		errs = append(errs, errors.New("base requires revision"))
	}
	return errors.Join(errs...)
}

// checkPair accepts no name, or two different ones.
func checkPair(argument string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	if len(names) != 2 || names[0] == names[1] || names[0] == "" || names[1] == "" {
		return fmt.Errorf("invalid %s: name two different ones", argument)
	}
	return errors.Join(tool.CheckName(argument, names[0]), tool.CheckName(argument, names[1]))
}

// checkOneRevision refuses a range: no name of a branch has two dots.
func checkOneRevision(argument, value string) error {
	if strings.Contains(value, "..") {
		return fmt.Errorf("invalid %s: name one revision; base and revision compare two", argument)
	}
	return tool.CheckRevision(argument, value)
}

// command is the command line for a comparison.
func (a diffArguments) command() tool.Command {
	c := tool.Command{Verb: "diff", State: a.Snapshot, Clone: true, Environments: tool.OneEnvironment, Args: append(flags("environment", a.Environment), "--mask-values")}
	if a.Component != "" {
		c.Names = []string{a.Component}
	}
	switch {
	case a.Live:
		c.Args, c.Environments = append(c.Args, "--live"), tool.AnyEnvironments
	case len(a.Environments) > 0:
		c.Args = append(c.Args, flags("environment", a.Environments[0], "environment", a.Environments[1])...)
	case len(a.Releases) > 0:
		c.Args, c.Environments = append(c.Args, flags("release", a.Releases[0], "release", a.Releases[1])...), tool.NoEnvironment
	case a.Base != "":
		c.Args = append(c.Args, "--revision="+a.Base+".."+a.Revision)
	default:
		c.Args = append(c.Args, flags("revision", a.Revision)...)
	}
	return c
}

func diff() tool.Tool {
	return tool.With(tool.Tool{
		Name: "diff", Title: "Compare two sides of a component",
		Description: `Show what differs, as a unified diff: the objects in the cluster and in the clone of the repository; with live, rendered and live objects; two
environments; two releases; or two Git revisions. Values of environment variables and ConfigMaps are masked; different values stay different.
Call it for "it works in staging, but not in production", to review a promotion, or if diagnose names a drift or a revision that has not arrived.
Do not call it to find a cause (diagnose). It decides nothing: a difference may be intended.`,
	}, func(ctx context.Context, c tool.Call, in diffArguments) (tool.Answer, error) {
		a := tool.Answer{Narrow: "Use environment, or structured, which has only the fields that differ."}
		out, err := run(ctx, c, in.command(), in.Form, 0)
		if err != nil {
			return a, err
		}
		if in.Structured {
			a.Data = difference{resultOf(out.ExitCode), out.Notes, json.RawMessage(out.Text)}
			return a, nil
		}
		a.Text.Say("Result: %s", resultOf(out.ExitCode))
		addNotes(&a.Text, out.Notes)
		if out.Text != "" {
			a.Text.QuoteAll(out.Text)
		}
		return a, nil
	})
}

// difference is the answer as data.
type difference struct {
	Result string          `json:"result"`
	Notes  string          `json:"notes,omitempty"`
	Output json.RawMessage `json:"output"`
}

// resultOf is what an exit code of diff means (docs/diff.md).
func resultOf(code int) string {
	switch code {
	case 0:
		return "no difference"
	case 1:
		return "different"
	case 4:
		return "unknown, because some objects could not be read"
	}
	return fmt.Sprintf("ended with exit code %d", code)
}
