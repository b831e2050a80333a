package style

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// maxSteps is how many commands of a finding are printed, besides the one after the fix: the page of its code has them all.
const maxSteps = 5

// CommandGroup is commands of one role, in their order.
type CommandGroup struct {
	Heading  string // who can run them, and where; empty for the application developer
	Commands []string
}

// Commands are the commands of a finding, and the one that prints the page of its code.
func Commands(f trace.Finding) []CommandGroup {
	groups := StepCommands(f)
	explain := command.Format("kubectl choreo explain %s", string(f.Code))
	switch {
	case explain == "":
	case len(groups) > 0 && groups[len(groups)-1].Heading == "":
		last := &groups[len(groups)-1]
		last.Commands = append(last.Commands, explain)
	default:
		groups = append(groups, CommandGroup{Commands: []string{explain}})
	}
	return groups
}

// StepCommands are the commands of a finding, for a reader who has the page of its code at hand.
func StepCommands(f trace.Finding) []CommandGroup { return grouped(firstSteps(f), isFixedInGit(f)) }

// isFixedInGit reports whether the hint names a change of a file as the fix.
func isFixedInGit(f trace.Finding) bool {
	return slices.ContainsFunc(strings.FieldsFunc(f.Hint, func(r rune) bool { return strings.ContainsRune(".,;:", r) }), func(part string) bool {
		return strings.HasSuffix(part, " in Git") || strings.HasSuffix(part, " from Git")
	})
}

// firstSteps are the steps that are printed. The first one of each role after the fix is always among them.
func firstSteps(f trace.Finding) []trace.NextStep {
	first := slices.Clone(f.NextSteps[:min(maxSteps, len(f.NextSteps))])
	for _, step := range f.NextSteps[len(first):] {
		isPrinted := func(other trace.NextStep) bool { return other.AfterFix && other.Role == step.Role }
		if step.AfterFix && !slices.ContainsFunc(first, isPrinted) {
			first = append(first, step)
		}
	}
	return first
}

// grouped divides steps by who runs them and when. Between commands with a heading, those of the application developer have one too.
func grouped(steps []trace.NextStep, inRepository bool) []CommandGroup {
	var groups []CommandGroup
	reconciles := false
	for _, step := range steps {
		inRepository = inRepository || step.Role == trace.RoleRepository || step.Role == trace.RoleAfterChange
		heading := roleHeading(step, inRepository)
		switch {
		case reconciles && strings.HasPrefix(step.Command, "flux reconcile "): // one of both is enough
			heading = strings.TrimSpace("or " + heading)
		case heading == "" && len(groups) > 0 && groups[len(groups)-1].Heading != "":
			heading = developerHeading(step)
		}
		reconciles = reconciles || strings.HasPrefix(step.Command, "kubectl choreo reconcile ")
		if len(groups) == 0 || groups[len(groups)-1].Heading != heading {
			groups = append(groups, CommandGroup{Heading: heading})
		}
		last := &groups[len(groups)-1]
		last.Commands = append(last.Commands, step.Command)
	}
	if len(groups) > 1 && groups[0].Heading == "" {
		groups[0].Heading = developerHeading(steps[0])
	}
	return groups
}

// developerHeading is for commands between others with a heading.
func developerHeading(step trace.NextStep) string {
	if step.Plane == facts.Control && !strings.HasPrefix(step.Command, "argocd ") {
		return "as " + string(trace.RoleDeveloper) + ", on the control plane:"
	}
	return "as " + string(trace.RoleDeveloper) + ":"
}

// roleHeading reports who runs a command, and when. A fix in the Git repository has no effect before it is pushed.
func roleHeading(step trace.NextStep, inRepository bool) string {
	var parts []string
	if role := roleOf(step); role != "" {
		parts = append(parts, strings.TrimSuffix(role, ":"))
	}
	if strings.HasPrefix(step.Command, "kubectl choreo rbac ") {
		parts = append(parts, "to print the roles to apply")
	}
	switch {
	case step.AfterFix && inRepository:
		parts = append(parts, "after you push the fix")
	case step.AfterFix:
		parts = append(parts, "after the fix")
	}
	if one, found := strings.CutPrefix(step.OnlyIf, "you edited the "); found && !strings.Contains(one, " or ") {
		parts = append(parts, "after you edit the "+one)
	} else if step.OnlyIf != "" {
		parts = append(parts, "if "+step.OnlyIf)
	}
	if len(parts) == 0 {
		return ""
	}
	heading := strings.Join(parts, ", ")
	if step.Role == trace.RoleAfterChange {
		heading += " (occ: OpenChoreo CLI)"
	}
	return heading + ":"
}

func roleOf(step trace.NextStep) string {
	switch step.Role {
	case trace.RoleDeveloper:
		return ""
	case trace.RoleAfterChange:
		if step.OnlyIf != "" {
			return string(trace.RoleRepository)
		}
		return string(step.Role)
	case trace.RoleRepository:
		return string(step.Role) + ":"
	case trace.RoleDataPlane:
		if step.Plane != "" && step.Plane != "default" {
			return "as platform engineer, on data plane " + escape.Line(string(step.Plane)) + ":"
		}
	case trace.RoleControlPlane, trace.RoleAdministrator:
	}
	return "as " + string(step.Role) + ":"
}
