//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// malformed are lines that are no valid request.
func malformed() []string {
	return []string{
		"", "{", "null", "[]", `"text"`, "\x00\xff", `{"jsonrpc":"1.0","id":1,"method":"tools/list"}`, `{"jsonrpc":"2.0","id":{},"method":"tools/list"}`,
		`{"jsonrpc":"2.0","id":7,"method":"tools/call"}`, `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":[]}`,
		`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":7}}`, `{"jsonrpc":"2.0","id":7,"method":"no/such"}`,
		`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"diff","arguments":{"environments":"staging","live":"yes"}}}`,
		`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"history","arguments":["greeter-service"]}}`,
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}`, `{"jsonrpc":"2.0","id":99,"result":{}}`,
		strings.Repeat("[", 100_000), `{"jsonrpc":"2.0","id":7,"method":"` + strings.Repeat("x", 100_000) + `"}`,
	}
}

// TestMalformedInput: after each invalid line the server has ended or still answers. It writes nothing but messages of the protocol.
func TestMalformedInput(t *testing.T) {
	t.Parallel()
	snapshot := filepath.Join(recordedScenarios, "healthy", "snapshot.yaml")
	for _, line := range malformed() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := mcpCommand(ctx, t, "--snapshot", snapshot)
		cmd.Stdin = strings.NewReader(strings.Join([]string{
			`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`,
			`{"jsonrpc":"2.0","method":"notifications/initialized"}`, line,
			`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"diagnose","arguments":{}}}`,
		}, "\n") + "\n")
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		err := cmd.Run()
		if ctx.Err() != nil || strings.Contains(errs.String(), "panic") || strings.Contains(errs.String(), "goroutine ") {
			t.Errorf("%.80q: %v %v\n%s", line, err, ctx.Err(), errs.String())
		}
		checkMessages(t, &out)
		cancel()
	}
}

// checkMessages fails at a line that is no message of the protocol.
func checkMessages(t *testing.T, out io.Reader) {
	t.Helper()
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var message struct {
			JSONRPC string `json:"jsonrpc"`
		}
		if err := json.Unmarshal(lines.Bytes(), &message); err != nil || message.JSONRPC != "2.0" {
			t.Errorf("not a message: %s (%v)", lines.Text(), err)
		}
	}
}
