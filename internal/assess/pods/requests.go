package pods

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// unschedulableHint has what the containers request, which is why most pods are not scheduled.
func unschedulableHint(p *view.Environment, o facts.Object) (hint string, fix trace.Fix) {
	const compare = "compare its requests, node selector and tolerations with the nodes"
	if hint, fix := origin.TooManyCores(p, o); hint != "" {
		return "no node fits the pod: " + hint, fix
	}
	var requests []string
	for _, c := range kinds.Items(o.Body, "spec", "containers") {
		wanted := kinds.Fields(c, "resources", "requests")
		for _, name := range slices.Sorted(maps.Keys(wanted)) {
			requests = append(requests, fmt.Sprintf("%s %s", name, origin.PlainQuantity(wanted[name])))
		}
	}
	if len(requests) == 0 {
		return "no node fits the pod: " + compare, trace.FixUnknown
	}
	return fmt.Sprintf("no node fits the pod, which requests %s: %s", strings.Join(requests, ", "), compare), trace.FixUnknown
}
