package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/proxy"
)

// TestMeasureAgent prints what calls of the MCP server cost, in the lab and over the recorded scenarios, for docs/performance.md.
func TestMeasureAgent(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure")
	}
	p, kubeconfig := startProxy(t)
	scenarios, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", "scenarios"))
	if err != nil {
		t.Fatal(err)
	}
	component := map[string]any{"component": "greeter-service"}
	fmt.Println("| call | delay | requests | median | slowest | processor time | peak memory |")
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		cmd := command(t.Context(), t.TempDir(), kubeconfig, "mcp", "-n", "default")
		a := measuredAgent{connectAgent(t.Context(), t, cmd), cmd, p, delay}
		for _, tool := range []string{"diagnose", "trace"} {
			a.measure(t, tool, slices.Repeat([]map[string]any{component}, 20))
		}
		a.measure(t, "status", slices.Repeat([]map[string]any{{}}, 20))
	}

	cmd := command(t.Context(), t.TempDir(), "", "mcp", "--snapshot", scenarios)
	recorded := measuredAgent{connectAgent(t.Context(), t, cmd), cmd, nil, 0}
	files, err := filepath.Glob(filepath.Join(scenarios, "pod-*", "snapshot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var calls []map[string]any
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(calls) < 10 && strings.Contains(string(text), "component: greeter-service\n") {
			calls = append(calls, map[string]any{"component": "greeter-service", "snapshot": filepath.Base(filepath.Dir(file))})
		}
	}
	recorded.measure(t, "diagnose", calls)
	recorded.measure(t, "diagnose", slices.Repeat(calls, 2))
	recorded.measure(t, "trace", slices.Repeat(calls, 2))
	recorded.measure(t, "status", slices.Repeat([]map[string]any{{}}, 3))
}

type measuredAgent struct {
	session *mcp.ClientSession
	cmd     *exec.Cmd
	proxy   *proxy.Proxy // nil: recorded states
	delay   time.Duration
}

// measure prints the times of calls of a tool, one after another, and the requests of one.
func (a measuredAgent) measure(t *testing.T, tool string, calls []map[string]any) {
	t.Helper()
	if a.proxy != nil {
		a.call(t, tool, calls[0]) // connects, and discovers the kinds of the cluster
		a.proxy.Reset(a.delay)
	}
	before := processorTime(t, a.cmd.Process.Pid)
	var times []time.Duration
	for _, arguments := range calls {
		begun := time.Now()
		a.call(t, tool, arguments)
		times = append(times, time.Since(begun))
	}
	used := (processorTime(t, a.cmd.Process.Pid) - before) / time.Duration(len(calls))
	requests := 0
	if a.proxy != nil {
		requests = len(a.proxy.Requests()) / len(calls)
	}
	slices.Sort(times)
	fmt.Printf("| %s (%d calls) | %v | %d | %v | %v | %v | %d MB |\n", tool, len(calls), a.delay, requests, times[len(times)/2].Round(time.Millisecond),
		times[len(times)-1].Round(time.Millisecond), used.Round(time.Millisecond), highWater(a.cmd.Process.Pid)>>10)
}

func (a measuredAgent) call(t *testing.T, tool string, arguments map[string]any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := a.session.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil || r.IsError {
		t.Fatalf("%s %v: %v: %+v", tool, arguments, err, r)
	}
}

// processorTime is that of a process so far. The kernel counts hundredths of a second.
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	user, errUser := strconv.Atoi(fields[11])
	system, errSystem := strconv.Atoi(fields[12])
	if errUser != nil || errSystem != nil {
		t.Fatalf("processor time in %q", text)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
