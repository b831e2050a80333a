package pods

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// unschedulableHint has what the containers request, which is why most pods are not scheduled.
func unschedulableHint(p *view.Environment, o facts.Object) string {
	const compare = "compare its requests, node selector and tolerations with the nodes"
	if hint := origin.TooManyCores(p, o); hint != "" {
		return "no node fits the pod: " + hint
	}
	var requests []string
	for _, c := range kinds.Items(o.Body, "spec", "containers") {
		wanted := kinds.Fields(c, "resources", "requests")
		for _, name := range slices.Sorted(maps.Keys(wanted)) {
			requests = append(requests, fmt.Sprintf("%s %s", name, plainQuantity(wanted[name])))
		}
	}
	if len(requests) == 0 {
		return "no node fits the pod: " + compare
	}
	return fmt.Sprintf("no node fits the pod, which requests %s: %s", strings.Join(requests, ", "), compare)
}

// plainQuantity is a quantity as people write it: the API server stores 1000 CPUs as 1k.
func plainQuantity(value any) string {
	text := fmt.Sprint(value)
	q, err := resource.ParseQuantity(text)
	if n, isWhole := q.AsInt64(); err == nil && isWhole && q.Format == resource.DecimalSI {
		return strconv.FormatInt(n, 10)
	}
	return text
}
