package components

import (
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// Observe returns all that a report needs of a component except its judgement: the Snapshots of a fleet would fill the memory.
func Observe(t *trace.Trace, s *facts.Snapshot) verify.Result {
	return verify.Result{
		Trace: t, Cells: verify.Cells(t, s), Shared: verify.RemarksOf(t.Rungs), Deliverers: deliverers(t, s), WantedSeen: verify.WantedSeen(t, s),
	}
}

func deliverers(t *trace.Trace, s *facts.Snapshot) []verify.Deliverer {
	var all []verify.Deliverer
	for _, ref := range verify.DelivererRefs(t) {
		runs := engine.RunsOf(engines.All(), s.Object(ref))
		all = append(all, verify.Deliverer{Object: ref, LastEnd: runs.LastEnd, LastDuration: runs.LastDuration, Total: runs.Total, Failed: runs.Failed})
	}
	return all
}
