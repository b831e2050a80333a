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
		"ACCOUNT", "DENIED_VERB", "DENIED_RESOURCE", "DENIED_NAMESPACE", "MISSING_SECRET", "MISSING_GROUP",
		"ACCOUNT_NAME", "ACCOUNT_NAMESPACE", "SEALING_SCOPE", "ENCRYPTED_FILE",
	}
}

// onlyIf is between the role and what must hold for its commands to help.
const onlyIf = ", if "

// RoleLine is the line before a block of commands: who runs them, and when.
func RoleLine(step trace.NextStep) string {
	line := "As " + string(step.Role)
	if where, found := strings.CutPrefix(string(step.Role), "in "); found {
		line = "In " + where
	}
	if step.AfterFix {
		line += ", after the fix"
	}
	if step.OnlyIf != "" {
		line += onlyIf + step.OnlyIf
	}
	return line + ":"
}

// Steps are the commands of a code's page, in its order, with their placeholders; nil where it has no page.
func Steps(code trace.Code) []trace.NextStep {
	page, _ := Page(string(code))
	page = WithoutExample(page)
	var steps []trace.NextStep
	var step trace.NextStep
	isCommand := false
	for line := range strings.SplitSeq(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			isCommand = line == "```sh"
		case isCommand:
			step.Command = line
			steps = append(steps, step)
		default:
			step = stepOf(line, step)
		}
	}
	return steps
}

// stepOf is a step without its command, of the role that a line names, else the one before.
func stepOf(line string, before trace.NextStep) trace.NextStep {
	line, isHeading := strings.CutSuffix(line, ":")
	if !isHeading {
		return before
	}
	line, holds, _ := strings.Cut(line, onlyIf)
	for _, role := range trace.Roles() {
		for _, step := range []trace.NextStep{{Role: role}, {Role: role, AfterFix: true}} {
			if line+":" == RoleLine(step) {
				step.OnlyIf = holds
				return step
			}
		}
	}
	return before
}
