//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const recordedScenarios = "../../testdata/scenarios"

// mcpCommand is the program as an MCP server, without settings and kubeconfig of the machine.
func mcpCommand(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"mcp"}, args...)...)
	cmd.Env = append(os.Environ(), "BE_KUBECTL_CHOREO=1", "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir(), "KUBECONFIG="+filepath.Join(t.TempDir(), "none"))
	return cmd
}

// connect starts the server, and returns a client of the SDK that talks to it over its standard streams.
func connect(t *testing.T, args ...string) *mcp.ClientSession {
	t.Helper()
	cmd := mcpCommand(context.WithoutCancel(t.Context()), t, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	t.Cleanup(func() {
		_ = session.Close()
		if errs.Len() > 0 {
			t.Errorf("stderr: %s", errs.String())
		}
	})
	return session
}

func call(t *testing.T, session *mcp.ClientSession, name string, arguments map[string]any) (text string, isError bool) {
	t.Helper()
	r, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s %v: %v", name, arguments, err)
	}
	return r.Content[0].(*mcp.TextContent).Text, r.IsError
}

// TestManyCalls: 1,000 calls at once all get their own answer.
func TestManyCalls(t *testing.T) {
	t.Parallel()
	session := connect(t, "--snapshot", recordedScenarios)
	scenarios := []string{"openchoreo-1.0", "openchoreo-1.1", "component-deleted", "project-absent"} // the smallest files
	want := map[string]string{}
	for _, name := range scenarios {
		want[name], _ = call(t, session, "diagnose", map[string]any{"snapshot": name})
	}
	var group sync.WaitGroup
	for i := range 1000 {
		group.Go(func() {
			name := scenarios[i%len(scenarios)]
			r, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "diagnose", Arguments: map[string]any{"snapshot": name}})
			if err != nil {
				t.Errorf("call %d: %v", i, err)
				return
			}
			if text := r.Content[0].(*mcp.TextContent).Text; text != want[name] {
				t.Errorf("call %d: %s", i, text)
			}
		})
	}
	group.Wait()
}

// TestEndOfInput: the server answers what it was asked, and ends when the client closes its input.
func TestEndOfInput(t *testing.T) {
	t.Parallel()
	session := connect(t, "--snapshot", filepath.Join(recordedScenarios, "healthy", "snapshot.yaml"))
	if text, isError := call(t, session, "status", nil); isError || !strings.HasPrefix(text, "greeter-service: healthy") {
		t.Error(text)
	}
	begun := time.Now()
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it ended after %s", took)
	}
}

// TestToolsOfServer: which tools a server has depends on its flags, and each says whether it writes.
func TestToolsOfServer(t *testing.T) {
	t.Parallel()
	session := connect(t, "--snapshot", filepath.Join(recordedScenarios, "healthy", "snapshot.yaml"), "--repo", "../../testdata/lint/faults")
	var names []string
	for tool, err := range session.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, tool.Name)
		if a := tool.Annotations; a == nil || !a.ReadOnlyHint || a.DestructiveHint == nil || *a.DestructiveHint {
			t.Errorf("%s: annotations %+v", tool.Name, a)
		}
		for _, words := range []string{"Call it ", "Do not call it"} {
			if !strings.Contains(tool.Description, words) {
				t.Errorf("%s: the description has no %q", tool.Name, words)
			}
		}
	}
	if got, want := fmt.Sprint(names), "[diagnose diff explain history lint status trace verify]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
