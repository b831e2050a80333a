package nextsteps

import (
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// throughAPI replaces a command for the cluster of a plane that is read through OpenChoreo's API, and reports whether that is so. Without a
// context the command would go to the control plane. Logs and events come through the API as well; there is no such way for other commands,
// and the replacement of those is empty. So it is for all commands that require the cluster of a control plane for which there is none.
func (s Scope) throughAPI(step trace.NextStep, words []string) (replaced trace.NextStep, isReplaced bool) {
	if s.API.IsFor(facts.Control) && step.Plane == facts.Control && requiresCluster(words) {
		return trace.NextStep{}, true
	}
	if !s.API.IsFor(step.Plane) || !takesContext(words) || words[1] == "choreo" {
		return step, false
	}
	verb := ""
	switch {
	case !s.isOfComponent(words): // such as the log of OpenChoreo's agent
		return trace.NextStep{}, true
	case words[1] == "logs":
		verb = "logs"
	case words[1] == "describe", words[1] == "events", words[1] == "get" && slices.Contains(words, "events"):
		verb = "events"
	default:
		return trace.NextStep{}, true
	}
	replaced = trace.NextStep{Role: trace.RoleDeveloper, AfterFix: step.AfterFix, OnlyIf: step.OnlyIf}
	replaced.Command = command.Fill("kubectl choreo "+verb+" COMPONENT -n NAMESPACE -e ENVIRONMENT", s.Names)
	return s.inContext(replaced, []string{"kubectl", "choreo", verb}), true
}

// requiresCluster reports whether a command for the control plane fails without a kubeconfig.
func requiresCluster(words []string) bool {
	if words[0] == "kubectl" && words[1] == "choreo" {
		return slices.Contains([]string{"reconcile", "exporter", "version"}, words[2])
	}
	return takesContext(words)
}

// isOfComponent reports whether a command is about objects of the component on the plane.
func (s Scope) isOfComponent(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return word == "CELL_NAMESPACE" || word == "OBJECT_NAMESPACE" || word == s.Names["CELL_NAMESPACE"] && word != ""
	})
}
