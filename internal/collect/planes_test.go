package collect

import (
	"slices"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestWhetherThePlaneHasAnythingElse expects two more requests if no object of the component and its cells is left.
func TestWhetherThePlaneHasAnythingElse(t *testing.T) {
	t.Parallel()
	cluster, subject := recorded(t, "healthy")
	subject.Environments = []string{"development"}
	cluster.objects = slices.DeleteFunc(cluster.objects, func(o facts.Object) bool { return o.Ref.Plane != facts.Control })
	collect(t, cluster, subject)
	if got := cluster.count("LIST Deployment " + kinds.LabelEnvironmentUID + "="); got != 1 {
		t.Errorf("asked %d times", got)
	}
	if got := cluster.count("GET Deployment openchoreo-data-plane/cluster-agent-dataplane"); got != 1 {
		t.Errorf("asked for the agent %d times", got)
	}
}
