// Package rollouts explains why a Rollout of Argo Rollouts was aborted.
package rollouts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// ExplainAbort gives the reason for which a Rollout was aborted. Without one, the new version need not be at fault: a user can abort a rollout
// (argo-rollouts v1.9.1 pkg/kubectl-argo-rollouts/cmd/abort). hasStable is true if a stable version serves.
func ExplainAbort(p *view.Environment, f *trace.Finding, o facts.Object, hasStable bool) {
	f.Fix, f.Hint = trace.FixOutside, "the rollout was aborted"
	if hasStable {
		f.Hint += ", and the stable version serves"
	}
	analysis := failedAnalysis(o)
	switch _, reason, _ := strings.Cut(f.Message, " update to revision "); {
	case analysis != "":
		f.Hint += ": " + analysis + ". Fix the new version, or the metric if it is wrong, and commit a release of it"
	case strings.Contains(reason, ": "):
		f.Hint += ": fix the new version and commit a release of it"
	default:
		f.Hint += ". Its status has no reason: if the new version works, retry the rollout, otherwise " + earlierRelease(p)
		f.NextSteps = retry(o.Ref)
	}
}

// failedAnalysis is the AnalysisRun that the status blames, with its message, which names the metric (argo-rollouts v1.9.1
// pkg/apis/rollouts/v1alpha1/types.go, RolloutAnalysisRunStatus).
func failedAnalysis(o facts.Object) string {
	for _, field := range [][]string{
		{"canary", "currentStepAnalysisRunStatus"},
		{"canary", "currentBackgroundAnalysisRunStatus"},
		{"blueGreen", "prePromotionAnalysisRunStatus"},
		{"blueGreen", "postPromotionAnalysisRunStatus"},
	} {
		run := kinds.Fields(o.Body.Object, append([]string{"status"}, field...)...)
		status, message := kinds.String(run, "status"), kinds.String(run, "message")
		if !slices.Contains([]string{"Failed", "Error", "Inconclusive"}, status) {
			continue
		}
		if message != "" {
			message = " (" + message + ")"
		}
		return fmt.Sprintf("AnalysisRun %s/%s is %s%s", o.Ref.Namespace, kinds.String(run, "name"), status, message)
	}
	return ""
}

// earlierRelease is how to go back. With autoDeploy, OpenChoreo sets spec.releaseName itself.
func earlierRelease(p *view.Environment) string {
	if kinds.Bool(p.Object(p.Ref("Component", p.ComponentName)).Body, "spec", "autoDeploy") {
		return "fix it and commit a release of it"
	}
	before := ""
	for _, r := range p.OwnedBy("ComponentRelease", p.ComponentName) {
		if kinds.OlderRelease(r.Ref.Name, p.ReleaseName()) && (before == "" || kinds.OlderRelease(before, r.Ref.Name)) {
			before = r.Ref.Name
		}
	}
	if before == "" {
		before = "the release before " + p.ReleaseName()
	}
	return fmt.Sprintf("set spec.releaseName of %s to %s in Git", p.Binding.Ref, before)
}

// retry continues an aborted rollout with the plugin that Argo Rollouts has for kubectl.
func retry(rollout facts.Ref) []trace.NextStep {
	return []trace.NextStep{
		{Role: trace.RoleDataPlane, Plane: rollout.Plane, Command: command.Describe(rollout)},
		{Role: trace.RoleDataPlane, Plane: rollout.Plane, OnlyIf: "the new version works", Command: command.Format("kubectl argo rollouts retry rollout %s -n %s", rollout.Name, rollout.Namespace)},
	}
}
