package choreo_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/choreo"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// A controller or a service traces a component with its own configuration.
func ExampleTrace() {
	config, err := rest.InClusterConfig()
	if err != nil {
		fmt.Println("find the cluster:", err)
		return
	}
	t, err := choreo.Trace(context.Background(), config, facts.Subject{Namespace: "default", Component: "greeter-service"}, choreo.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Verdict)
}

// The file of the snapshot command is assessed without a cluster.
func Example_snapshot() {
	file, err := os.Open("../../testdata/scenarios/pod-image-pull/snapshot.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = file.Close() }()
	s, err := snapshotfile.Read(file, file.Name())
	if err != nil {
		fmt.Println(err)
		return
	}
	t := assess.Assess(s, s.TakenAt)
	fmt.Println(t.Verdict, t.Failing.Rung, t.Failing.Environment, t.Failing.Code)
	fmt.Println(verify.Gate{}.Judge(t).Decision)
	// Output:
	// Failed pod development ImagePullBackOff
	// Failed
}

// The printers print a Trace in the formats of the trace command.
func Example_print() {
	s := facts.New(facts.Subject{Namespace: "default", Component: "greeter-service"}, time.Unix(0, 0))
	p, err := printers.New("json", printers.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := p.Print(io.Discard, assess.Assess(s, s.TakenAt)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(assess.Assess(s, s.TakenAt).Verdict)
	// Output: Unknown
}
