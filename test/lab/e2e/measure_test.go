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

// TestMeasure prints the figures of docs/performance.md. It checks none, because times depend on the machine.
func TestMeasure(t *testing.T) {
	if !*measure {
		t.Skip("only with -measure; TestBudget checks the budget")
	}
	p, kubeconfig := startProxy(t)
	one := []string{"trace", "greeter-service", "-n", "default", "-e", "development"}
	fmt.Println("| what | delay | requests | depth | bytes | wall | peak memory |")
	for _, delay := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond} {
		fmt.Printf("| one environment | %v | %v |\n", delay, measureRun(t, p, delay, kubeconfig, one...))
		fmt.Printf("| two environments | %v | %v |\n", delay, measureRun(t, p, delay, kubeconfig, one[:4]...))
	}
	wall, _ := runTimed(t, kubeconfig, "version", "--client")
	fmt.Printf("| version | – | – | – | – | %.3f s | – |\n", wall.Seconds())
	measureGrowth(t)
}

// measureGrowth adds components to a namespace, and traces one.
func measureGrowth(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	added, err := shared.lab.AddTenant(ctx, lab.TenantOptions{Namespace: "crowd", Components: []string{"greeter-service"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.lab.WaitForHealthy(ctx, added, "greeter-service", "development", 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	p, kubeconfig := startProxy(t)
	existing := 1
	for _, size := range []int{1, 10, 100, 2000} {
		if err := shared.lab.AddComponents(ctx, "crowd", added.Project, existing, size); err != nil {
			t.Fatal(err)
		}
		existing = size
		resume := pauseManager(t)
		for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
			fmt.Printf("| of %d components × 3 environments | %v | %v |\n", size, delay,
				measureRun(t, p, delay, kubeconfig, "trace", "greeter-service", "-n", "crowd", "-e", "development"))
		}
		resume()
	}
}

// pauseManager pauses OpenChoreo's manager, which would use the CPU for minutes to reconcile the new components. A trace does not need it.
func pauseManager(t *testing.T) (resume func()) {
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
