package e2e

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
)

var measure = flag.Bool("measure", false, "print what a trace costs (make bench)")

// TestMeasure prints the figures of docs/performance.md. It is no test of them: times depend on the machine.
func TestMeasure(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure; the budget itself is held by TestBudget")
	}
	p, kubeconfig := through(t)
	one := []string{"trace", "greeter-service", "-n", "default", "-e", "development"}
	fmt.Println("| what | delay | requests | depth | bytes | wall | peak memory |")
	for _, delay := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond} {
		fmt.Printf("| one environment | %v | %v |\n", delay, measureRun(t, p, delay, kubeconfig, one...))
		fmt.Printf("| two environments | %v | %v |\n", delay, measureRun(t, p, delay, kubeconfig, one[:4]...))
	}
	wall, _ := timed(t, kubeconfig, "version", "--client")
	fmt.Printf("| version | – | – | – | – | %.3f s | – |\n", wall.Seconds())
	growth(t)
}

// growth fills a namespace with components that nobody delivers, and traces one of them.
func growth(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	crowd, err := shared.lab.AddTenant(ctx, lab.TenantOptions{Namespace: "crowd", Components: []string{"greeter-service"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.Healthy(ctx, crowd, "greeter-service", "development", 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	p, kubeconfig := through(t)
	made := 1
	for _, size := range []int{1, 10, 100, 2000} {
		if err := shared.lab.Crowd(ctx, "crowd", crowd.Project, made, size); err != nil {
			t.Fatal(err)
		}
		made = size
		calm := quiet(t)
		for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
			fmt.Printf("| of %d components × 3 environments | %v | %v |\n", size, delay,
				measureRun(t, p, delay, kubeconfig, "trace", "greeter-service", "-n", "crowd", "-e", "development"))
		}
		calm()
	}
}

// quiet freezes OpenChoreo's manager, which would else be busy for minutes with so many new components, on the machine
// that the trace is timed on. Nothing that a trace reads needs it.
func quiet(t *testing.T) (calm func()) {
	t.Helper()
	const part = "openchoreo-manager"
	if err := shared.lab.Pause(part); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := shared.lab.Continue(part); err != nil {
			t.Error(err)
		}
	}
}
