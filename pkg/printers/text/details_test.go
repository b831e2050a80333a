package text

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestNextCommand is the first that is printed, as it is printed.
func TestNextCommand(t *testing.T) {
	t.Parallel()
	failed := printerstest.FailedPull()
	if got := NextCommand(style.Options{}, failed); got != "kubectl describe pod greeter-1" {
		t.Errorf("got %q", got)
	}
	failed.Failing.NextSteps = nil
	if got := NextCommand(style.Options{Program: "flux choreo"}, failed); got != "flux choreo explain ImagePullBackOff" {
		t.Errorf("without steps: %q", got)
	}
	failed.Failing.NextSteps = []trace.NextStep{{Role: trace.RoleDeveloper, Command: "kubectl get \x1b]52;c;x\x07\nrm -rf"}}
	if got := NextCommand(style.Options{}, failed); got != `kubectl get \x1b]52;c;x\x07 rm -rf` {
		t.Errorf("of a hostile name: %q", got)
	}
	if got := NextCommand(style.Options{}, &trace.Trace{Verdict: trace.VerdictHealthy}); got != "" {
		t.Errorf("where nothing fails: %q", got)
	}
}

func TestWebEndpoints(t *testing.T) {
	t.Parallel()
	tr := &trace.Trace{Environments: []trace.Environment{
		{Endpoints: []trace.Address{{URL: "https://a.example/"}, {URL: "tcp://a.example:1"}, {URL: "https://b.example/\x1b"}}},
		{Endpoints: []trace.Address{{URL: "https://a.example/"}, {URL: "http://c.example/"}, {URL: "http://a.b.svc.cluster.local:80/"}, {URL: "http://a.b.SVC./"}}},
	}}
	if diff := cmp.Diff([]string{"https://a.example/", "http://c.example/"}, WebEndpoints(tr)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
