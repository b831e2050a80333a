// Package tool is what a tool of the MCP server consists of: its description, its typed arguments, and what it may use of the host.
package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
)

// Tool is one tool.
type Tool struct {
	Name, Title string
	// Description is what the tool returns, when to use it first, and when not.
	Description string
	Needs       Needs
	Writes      bool // it changes something in the cluster
	Local       bool // it reads nothing outside of the program

	add func(*mcp.Server, *mcp.Tool, Host)
}

// Needs is what a server must have to offer a tool.
type Needs uint8

const (
	// Nothing is the zero value.
	Nothing Needs = iota
	// ACluster means that a recorded state is not enough.
	ACluster
	// ARepository means that the user has named the folder of a repository at start.
	ARepository
)

// Arguments are the typed arguments of a tool. Check refuses what no schema can.
type Arguments interface{ Check() error }

// Answer is what a tool returns. Exactly one of its forms is written.
type Answer struct {
	Text   answer.Text
	Data   any    // the document of a structured answer
	Narrow string // how to get a shorter answer
	Most   int    // tokens; 0 is answer.MostTokens
}

// Handler answers one call.
type Handler[In Arguments] func(ctx context.Context, c Call, in In) (Answer, error)

// With returns the tool with the function that answers its calls.
func With[In Arguments](t Tool, handle Handler[In]) Tool {
	t.add = func(s *mcp.Server, described *mcp.Tool, host Host) {
		described.InputSchema = schemaOf[In](host)
		mcp.AddTool(s, described, func(ctx context.Context, r *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
			if err := in.Check(); err != nil {
				return nil, nil, err
			}
			c := Call{Host: host, request: r}
			c.Report(0, 0, t.Title)
			a, err := handle(ctx, c, in)
			if err != nil {
				return nil, nil, quoted(err)
			}
			return a.result()
		})
	}
	return t
}

// AddTo offers the tool.
func (t Tool) AddTo(s *mcp.Server, host Host) {
	no, isOpen := false, !t.Local
	t.add(s, &mcp.Tool{
		Name: t.Name, Title: t.Title, Description: t.Description,
		Annotations: &mcp.ToolAnnotations{
			Title: t.Title, ReadOnlyHint: !t.Writes, IdempotentHint: true, DestructiveHint: &no, OpenWorldHint: &isOpen,
		},
	}, host)
}

// schemaOf is the schema of the arguments. A server for a cluster has no argument that names a recorded state.
func schemaOf[In Arguments](host Host) *jsonschema.Schema {
	schema, err := jsonschema.For[In](nil)
	if err != nil {
		panic(err) // the types of arguments are constants of the program
	}
	if len(host.States()) == 0 {
		delete(schema.Properties, stateArgument)
	}
	return schema
}

// result writes the answer in its form. Data is both the text, for clients that show nothing else, and the structured content.
func (a Answer) result() (*mcp.CallToolResult, any, error) {
	most := a.Most
	if most == 0 {
		most = answer.MostTokens
	}
	if a.Data == nil {
		return textOf(a.Text.String(most, a.Narrow)), nil, nil
	}
	data, err := answer.Data(a.Data, most, a.Narrow)
	if err != nil {
		return nil, nil, quoted(err)
	}
	r := textOf(string(data))
	r.StructuredContent = json.RawMessage(data)
	return r, nil, nil
}

func textOf(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

// mostOfError is how many tokens of an error are returned: it may hold the answer of an API server.
const mostOfError = 800

// quoted marks the text of an error, which may hold words of an API server or of a file. It keeps what ended the call.
func quoted(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	var t answer.Text
	t.Say("Error:")
	t.Quote(err.Error(), mostOfError)
	return fmt.Errorf("%s", t.String(answer.MostTokens, ""))
}
