package changes

import (
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// crashInterval is the mean time between two crashes of a container that has never worked: the kubelet waits for at most five minutes before
// it starts it again (Kubernetes v1.36 pkg/kubelet/kubelet.go, MaxCrashLoopBackOff), and then the program runs for a while.
const crashInterval = 10 * time.Minute

// beginning is when the failure began. A pod that crashes has the time of its last crash; if it has crashed from the start on, that is when
// the failure began.
func (b finder) beginning() time.Time {
	if !slices.Contains([]trace.Code{trace.CodeCrashLoopBackOff, trace.CodeOOMKilled, trace.CodeContainerFailed}, b.failure.Code) {
		return b.failure.Since
	}
	pod := b.Object(b.failure.Object)
	created := view.CreatedAt(pod)
	restarts := restartsOf(pod, b.failure.Container)
	if age := b.failure.Since.Sub(created); !created.IsZero() && age > 0 && age <= time.Duration(restarts+1)*crashInterval {
		return created
	}
	return b.failure.Since
}

func restartsOf(pod facts.Object, container string) int64 {
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		for _, status := range kinds.Items(pod.Body, "status", list) {
			if kinds.String(status, "name") == container {
				restarts, _ := status["restartCount"].(int64)
				return restarts
			}
		}
	}
	return 0
}
