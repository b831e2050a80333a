package origin

import (
	"fmt"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// manyCores is more than the nodes of most clusters have: such a request is probably in the wrong unit.
const manyCores = 100

// TooManyCores names the container of a pod that requests more cores than a node has, and where to correct that; "" if there is none.
func TooManyCores(p *view.Environment, pod facts.Object) (hint string, fix trace.Fix) {
	largest := largestNode(p)
	for _, c := range kinds.Items(pod.Body, "spec", "containers") {
		q, err := resource.ParseQuantity(fmt.Sprint(kinds.Fields(c, "resources", "requests")["cpu"]))
		if cores := q.Value(); err == nil && cores >= manyCores && cores > largest {
			where, fix := "the request", trace.FixUnknown
			if f, known := Of(p, kinds.String(c, "name"), "resources", "requests", "cpu"); known {
				where = f.String()
				if f.Object == p.Binding.Ref {
					fix = trace.FixOverrides
				}
			}
			thousandths := strconv.FormatFloat(float64(cores)/1000, 'f', -1, 64)
			return fmt.Sprintf("container %s requests cpu %d, which is %d cores (%dm would be %s): correct %s in Git", kinds.String(c, "name"), cores, cores, cores, thousandths, where), fix
		}
	}
	return "", trace.FixUnknown
}

// largestNode is the number of cores of the largest node that was read; 0 if none was.
func largestNode(p *view.Environment) int64 {
	largest := int64(0)
	for _, o := range p.Of(p.Plane(), kinds.Core, "Node") {
		if q, err := resource.ParseQuantity(kinds.Text(o.Body, "status", "allocatable", "cpu")); err == nil {
			largest = max(largest, q.Value())
		}
	}
	return largest
}

// PlainQuantity is a quantity as people write it: the API server stores 1000 CPUs as 1k.
func PlainQuantity(value any) string {
	text := fmt.Sprint(value)
	q, err := resource.ParseQuantity(text)
	if n, isWhole := q.AsInt64(); err == nil && isWhole && q.Format == resource.DecimalSI {
		return strconv.FormatInt(n, 10)
	}
	return text
}
