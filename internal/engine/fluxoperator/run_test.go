package fluxoperator

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/reconciletest"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		generation int
		condition  string
		others     bool
		want       engine.Verdict
	}{
		"NoCondition":     {1, ``, false, engine.Is(engine.Asked, "its controller has not started the first run yet")},
		"OlderGeneration": {2, `{type: Ready, status: "True", observedGeneration: 1}`, false, engine.Is(engine.Asked, "its controller has not reconciled generation 2 yet")},
		"Running":         {1, `{type: Ready, status: Unknown, observedGeneration: 1, message: busy}`, false, engine.Is(engine.Running, "busy")},
		"Ready":           {1, `{type: Ready, status: "True", observedGeneration: 1, message: done}`, false, engine.Is(engine.Done, "done")},
		"Dependency":      {1, `{type: Ready, status: "False", observedGeneration: 1, reason: DependencyNotReady, message: m}`, false, engine.Repeat(engine.Dependency, time.Second, 3, "m")},
		"OtherDependency": {1, `{type: Ready, status: "False", observedGeneration: 1, reason: DependencyNotReady, message: m}`, true, engine.Repeat(engine.Dependency, 30*time.Second, 2, "m")},
		"Passing":         {1, `{type: Ready, status: "False", observedGeneration: 1, reason: ReconciliationFailed, message: connection refused}`, false, engine.Repeat(engine.Transient, 3*time.Second, 1, "connection refused")},
		"BuildNotPassing": {1, `{type: Ready, status: "False", observedGeneration: 1, reason: BuildFailed, message: connection refused}`, false, engine.Is(engine.Failed, "connection refused")},
		"Failed":          {1, `{type: Ready, status: "False", observedGeneration: 1, reason: ReconciliationFailed, message: "reconciliation failed: no"}`, false, engine.Is(engine.Failed, "no")},
	} {
		o := reconciletest.Object(t, fmt.Sprintf(`{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {name: a, generation: %d}, status: {conditions: [%s]}}`, c.generation, c.condition))
		if diff := cmp.Diff(c.want, Engine{}.Judge(engine.Run{Object: o, DependsOnOthers: c.others})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
