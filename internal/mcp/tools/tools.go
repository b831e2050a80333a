// Package tools is the tools of the MCP server, each in a file of its own.
package tools

import "github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"

// All returns every tool. Which of them a server offers depends on what it was started with.
func All() []tool.Tool {
	return []tool.Tool{
		diagnose(),
		status(),
		trace(),
		explain(),
		diff(),
		history(),
		verify(),
		lint(),
		reconcile(),
	}
}
