package e2e

import (
	"context"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"k8s.io/apimachinery/pkg/util/wait"
)

// agentPause is the time between two calls of an agent about the same fault.
const agentPause = 2 * time.Second

// diagnosed holds that an agent finds the fault by one call of diagnose: where it is, and what to do next, in few tokens. Some faults come
// and go, such as that of a container that is started again.
func (s scenario) diagnosed(ctx context.Context, t *testing.T) {
	t.Helper()
	session := startAgent(ctx, t, s.namespace)
	arguments := map[string]any{"component": s.in(s.namespace).Component}
	if at := slices.Index(s.args, "-e"); at >= 0 {
		arguments["environment"] = s.args[at+1]
	}
	var problem error
	var text string
	err := wait.PollUntilContextTimeout(ctx, agentPause, s.timeout, true, func(ctx context.Context) (bool, error) {
		r, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "diagnose", Arguments: arguments})
		if err != nil {
			return false, err
		}
		text = r.Content[0].(*mcp.TextContent).Text
		problem = s.want.suiteWant().InAnswer(text, r.IsError, s.namespace)
		return problem == nil, nil
	})
	if err != nil {
		t.Errorf("diagnose: %v: %v\n%s", err, problem, text)
	}
}

// startAgent starts the MCP server for a namespace, as an agent does, and connects to its standard streams.
func startAgent(ctx context.Context, t *testing.T, namespace string) *mcp.ClientSession {
	t.Helper()
	cmd := command(ctx, t.TempDir(), shared.lab.Kubeconfig(""), "mcp", "-n", namespace)
	cmd.Path = shared.plain
	return connectAgent(ctx, t, cmd)
}

func connectAgent(ctx context.Context, t *testing.T, cmd *exec.Cmd) *mcp.ClientSession {
	t.Helper()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "e2e", Version: "1"}, nil).Connect(ctx, &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatalf("connect to kubectl-choreo mcp: %v", err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}
