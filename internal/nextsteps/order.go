package nextsteps

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// ordered leaves out commands that only show again what the finding quotes, unless no other command reads: the first command of a finding
// deepens the diagnosis, or ends it. Commands that read are left out after those for after the fix.
func ordered(steps []trace.NextStep, f trace.Finding) []trace.NextStep {
	end := slices.IndexFunc(steps, changes)
	if end < 0 {
		end = len(steps)
	}
	reading := slices.Clone(steps[:end])
	isRepeated := func(step trace.NextStep) bool { return repeats(command.Words(step.Command), f) }
	if !slices.ContainsFunc(reading, func(step trace.NextStep) bool { return !isRepeated(step) }) {
		isRepeated = func(trace.NextStep) bool { return false }
	}
	reading = slices.DeleteFunc(reading, isRepeated)
	slices.SortStableFunc(reading, func(a, b trace.NextStep) int { return rank(a, f) - rank(b, f) })
	isAfterFix := false
	for _, step := range steps[end:] { // a page reads more after the fix, for a reader who has no trace
		if isAfterFix = isAfterFix || step.AfterFix; !isAfterFix || changes(step) {
			reading = append(reading, step)
		}
	}
	return reading
}

// rank orders the commands before a fix. A sync of Argo CD that fails and is retried ends once its cause is fixed, or when it is terminated.
func rank(step trace.NextStep, f trace.Finding) int {
	words := command.Words(step.Command)
	switch {
	case slices.Contains(words, "terminate-op") && f.Severity == trace.Error:
		return 1
	case f.Object.Kind == "Pod" && slices.Contains(words, "componentreleases"): // for a rollback
		return 1
	case showsHistory(words) && lacksKey.MatchString(f.Message): // the key comes first
		return 1
	}
	return 0
}

// changes reports whether a step is for after a decision: it changes the cluster or files, or follows such a change.
func changes(step trace.NextStep) bool {
	if step.AfterFix || step.OnlyIf != "" || step.Role == trace.RoleAfterChange {
		return true
	}
	words := command.Words(step.Command)
	return slices.ContainsFunc([]string{"reconcile", "generate", "annotate", "label", "delete", "edit", "sync", "verify"}, func(verb string) bool {
		return slices.Contains(words[1:min(len(words), 3)], verb)
	})
}

// repeats reports whether a command shows the status or the events of the finding's own object, from which its message is. The conditions of a
// Node, and those of a paused rollout, have more than the message.
func repeats(words []string, f trace.Finding) bool {
	if f.Object.Kind == "Node" || f.Code == trace.CodeHelmReleaseDrifted || f.Code == trace.CodeRolloutPaused || len(words) < 3 {
		return false
	}
	switch {
	case words[0] == "argocd" && words[1] == "app" && words[2] == "get":
		return f.Severity != trace.Info // a sync that waits for a hook
	case words[0] != "kubectl":
		return false
	case words[1] == "describe":
		return len(words) > 3 && words[3] == f.Object.Name
	case words[1] == "events":
		return strings.HasSuffix(words[2], "/"+f.Object.Name)
	}
	return false
}

// isAnswered reports whether a command reads what the message or the hint of a finding has already, or what its message or its fix exclude.
func isAnswered(words []string, f trace.Finding) bool {
	has := func(word string) bool { return slices.Contains(words, word) }
	switch {
	case f.Code == trace.CodeImagePullBackOff && words[0] == "kubectl" && words[1] != "choreo":
		return strings.HasSuffix(f.Message, ": not found")
	case has("v1beta1.metrics.k8s.io"):
		return !strings.Contains(f.Message, "metrics")
	case has("deployments,statefulsets"):
		return !strings.Contains(strings.ToLower(f.Message), "target")
	case has("networkpolicies"):
		return f.Fix != trace.FixNetwork
	case f.Code == trace.CodeImagePullBackOff && words[0] == "occ": // the release to deploy exists
		return f.Fix == trace.FixReleaseName && !has("--component-release")
	case f.Code == trace.CodeReleaseBindingNotFound && has("componentrelease"):
		return strings.Contains(f.Hint, " that names a ComponentRelease, such as ")
	case f.Code == trace.CodeUnschedulable && words[0] == "occ": // a new release does not change what the ReleaseBinding sets
		return f.Fix == trace.FixOverrides
	case f.Code == trace.CodeComponentTypeNotFound && words[1] == "get":
		return f.Fix == trace.FixRecreate
	case has("secretreferences"):
		return strings.Contains(f.Message, "; available keys: ")
	case has("clusterworkflows"), has("workflows.openchoreo.dev"):
		return strings.Contains(f.Message, "; allowed workflows: ")
	case words[0] == "argocd" && has("sync"): // Argo CD has just tried it
		return f.Fix == trace.FixSpec
	case has("serviceaccount"): // the controller runs with it, so it exists
		return strings.HasSuffix(namesIn(f.Message)["ACCOUNT_NAME"], "-controller")
	case has("sealedsecrets.bitnami.com/sealed-secrets-key"), words[0] == "kubeseal":
		return !strings.HasPrefix(f.Message, "no key could decrypt secret")
	case f.Code == trace.CodeSecretNotSynced && has("secret"):
		return !strings.Contains(f.Message, "is not managed by SealedSecret")
	case slices.Equal(words[:min(3, len(words))], []string{"kubectl", "get", "secrets"}) && slices.Contains([]trace.Code{trace.CodeKustomizationBuildFailed, trace.CodeSourceAuthenticationFailed, trace.CodeSourceVerificationFailed}, f.Code):
		return !lacksSecret.MatchString(f.Message)
	case has("jsonpath='{.spec.decryption}'"):
		return !lacksSecret.MatchString(f.Message) && !lacksKey.MatchString(f.Message)
	case has("jsonpath='{.spec}'"): // the values of a SealedSecret are encrypted
		return f.Object.Kind == "SealedSecret"
	case f.Code == trace.CodeTwoOwners && has("kustomizations.kustomize.toolkit.fluxcd.io"):
		return !strings.Contains(f.Message, "Kustomization ")
	}
	return false
}

// isOfOtherCluster reports whether a command would read another cluster than the one that does not respond, whose context is not known.
func (s Scope) isOfOtherCluster(step trace.NextStep, words []string) bool {
	return slices.Contains(words, "/readyz") && step.Plane != facts.Control && step.Plane != "" && s.Contexts[step.Plane] == ""
}
