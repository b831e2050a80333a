package operators

import (
	"context"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// heldBack is a healthy component whose wanted revision waits for a person: exit 3.
func heldBack(says string) suite.Want { return suite.Want{Exit: 3, Verdict: "Healthy", Contains: says} }

func onRollout(message string) suite.Want {
	return failed("resource", "development", "ProgressiveRolloutFailed", "Rollout", "*", message)
}

func canaries() []rolled {
	return []rolled{
		{Scenario: suite.Scenario{Name: "rollout-healthy", Fault: "none: a Rollout runs the component", Want: healthy()}, kind: "proxy/rollout-canary"},
		{Scenario: suite.Scenario{Name: "rollout-paused", Fault: "a canary waits for its promotion", Want: heldBack("CanaryPauseStep")}, kind: "proxy/rollout-canary", tag: "1.0.1", then: paused},
		{Scenario: suite.Scenario{Name: "rollout-promoted", Fault: "none: a canary was promoted", Want: healthy()}, kind: "proxy/rollout-canary", tag: "1.0.1", then: promote},
		{Scenario: suite.Scenario{Name: "rollout-aborted", Fault: "a canary is aborted", Want: onRollout("RolloutAborted")}, kind: "proxy/rollout-canary", tag: "1.0.1", then: abort},
		{
			Scenario: suite.Scenario{Name: "rollout-degraded", Fault: "the registry has no such image, and the Rollout times out", Want: failed("pod", "development", "ImagePullBackOff", "Pod", "*", "")},
			kind:     "proxy/rollout-direct", tag: "missing", then: degraded,
		},
		{
			Scenario: suite.Scenario{Name: "rollout-progressing", Fault: "the pods of the new version take long to start", Want: suite.Want{Exit: 3, Verdict: "Progressing", Progressing: "development/resource"}},
			kind:     "proxy/rollout-slow", tag: "slow",
		},
		{
			Scenario: suite.Scenario{Name: "rollout-of-deployment", Fault: "a Rollout takes its template from a Deployment, and its canary waits for its promotion", Want: heldBack("CanaryPauseStep")},
			kind:     "deployment/rollout-of-deployment", tag: "1.0.1", then: paused,
		},
	}
}

func blueGreens() []rolled {
	return []rolled{
		{
			Scenario: suite.Scenario{Name: "rollout-invalid", Fault: "the Service that a Rollout switches does not exist", Want: onRollout("InvalidSpec")},
			kind:     "proxy/rollout-without-service", then: degraded,
		},
	}
}

func paused(ctx context.Context, r client.Object) error   { return inPhaseOf(ctx, r, "Paused") }
func degraded(ctx context.Context, r client.Object) error { return inPhaseOf(ctx, r, "Degraded") }

// promote does as kubectl argo rollouts promote (argo-rollouts v1.9.1 pkg/kubectl-argo-rollouts/cmd/promote/promote.go).
func promote(ctx context.Context, r client.Object) error {
	if err := paused(ctx, r); err != nil {
		return err
	}
	return shared.Lab.PatchStatus(ctx, r, `{"status":{"pauseConditions":null}}`)
}

// abort does as kubectl argo rollouts abort (argo-rollouts v1.9.1 pkg/kubectl-argo-rollouts/cmd/abort/abort.go).
func abort(ctx context.Context, r client.Object) error {
	if err := paused(ctx, r); err != nil {
		return err
	}
	if err := shared.Lab.PatchStatus(ctx, r, `{"status":{"abort":true}}`); err != nil {
		return err
	}
	return degraded(ctx, r)
}
