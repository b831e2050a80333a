package findings

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Placeholders are the words of a page's commands whose values a trace knows. A person chooses the value of any other.
func Placeholders() []string {
	return []string{
		"COMPONENT", "PROJECT", "ENVIRONMENT", "NAMESPACE", "KIND", "NAME", "OBJECT_NAMESPACE", "CELL_NAMESPACE",
		"POD", "CONTAINER", "NODE", "RELEASE", "BINDING", "APPLIER_KIND", "APPLIER_NAME", "APPLIER_NAMESPACE",
		"SOURCE_KIND", "SOURCE_NAME", "SOURCE_NAMESPACE", "PROVIDER", "CONTROLLER", "CONTROLLER_NAMESPACE", "REPOSITORY_PATH", "USER", "JOB",
	}
}

// RoleLine is the line before a block of commands.
func RoleLine(role trace.Role) string {
	if where, found := strings.CutPrefix(string(role), "in "); found {
		return "In " + where + ":"
	}
	return "As " + string(role) + ":"
}

// Steps are the commands of a code's page, in its order, with their placeholders; nil where it has no page.
func Steps(code trace.Code) []trace.NextStep {
	page, _ := Page(string(code))
	page = WithoutExample(page)
	var steps []trace.NextStep
	var role trace.Role
	isCommand := false
	for line := range strings.SplitSeq(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			isCommand = line == "```sh"
		case isCommand:
			steps = append(steps, trace.NextStep{Role: role, Command: line})
		default:
			role = roleOf(line, role)
		}
	}
	return steps
}

// roleOf is the role that a line names, else the one before.
func roleOf(line string, before trace.Role) trace.Role {
	if !strings.HasSuffix(line, ":") {
		return before
	}
	for _, role := range trace.Roles() {
		if line == RoleLine(role) {
			return role
		}
	}
	return before
}
