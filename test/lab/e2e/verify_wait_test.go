package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// release binds a new release of greeter-service. The tag selects the behavior of its pods.
func release(tag string) func(c *gitops.Checkout) error {
	return func(c *gitops.Checkout) error {
		_, err := c.Release("greeter-service", tag, "development")
		return err
	}
}

// TestVerifyPatience expects that recoverable failures fail only after --grace, and that unstable components do not pass.
func TestVerifyPatience(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "verify-patience" + *suffix}.healthyTenant(ctx, t)
	at := []string{"greeter-service", "-e", "development", "--revision", "HEAD"}

	t.Run("Flapping", func(t *testing.T) { n.testFlapping(ctx, t, at) })
	t.Run("Interrupted", func(t *testing.T) { n.testVerifyInterrupt(ctx, t) })
	t.Run("CrashAfterGrace", func(t *testing.T) {
		n.merge(ctx, t, "crash", release("crash"))
		begin := time.Now()
		r := n.verify(ctx, t, outcome{exit: 2, contains: []string{"CrashLoopBackOff", "no such file or directory"}, within: 2 * slow}, append(at, "--grace", "20s")...)
		if took := time.Since(begin); took < 20*time.Second {
			t.Errorf("failed after %s, before the end of --grace:\n%s", took, r.stderr)
		}
	})
	t.Run("CrashRecovers", func(t *testing.T) {
		r := n.runAndActOnStderr(ctx, t, "CrashLoopBackOff", func(*os.Process) { n.merge(ctx, t, "do not crash", release("1.0.7")) },
			append(append([]string{"verify"}, at...), "--grace", "2m")...)
		if r.exit != 0 {
			t.Errorf("exit %d, want 0\n%s%s", r.exit, r.stdout, r.stderr)
		}
	})
}

// testFlapping expects that a pod whose readiness changes is not stable.
func (n *tenant) testFlapping(ctx context.Context, t *testing.T, at []string) {
	t.Helper()
	pod, err := n.newestPod(ctx, "greeter-service", "development")
	if err != nil {
		t.Fatal(err)
	}
	flaps, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ticks := time.NewTicker(3 * time.Second)
		defer ticks.Stop()
		for ready := false; flaps.Err() == nil; ready = !ready {
			if err := n.setReady(flaps, pod, ready); err != nil && flaps.Err() == nil {
				t.Error(err)
			}
			select {
			case <-flaps.Done():
			case <-ticks.C:
			}
		}
	}()
	n.verify(ctx, t, outcome{exit: 3, contains: []string{"timed out"}, within: slow}, append(at, "--timeout", "25s", "--stable-for", "10s")...)
	stop()
	<-ended
	if err := n.setReady(ctx, pod, true); err != nil {
		t.Fatal(err)
	}
	n.verify(ctx, t, outcome{exit: 0, within: slow}, append(at, "--stable-for", "10s")...)
}

// newestPod returns the newest pod of a component.
func (n *tenant) newestPod(ctx context.Context, component, environment string) (client.Object, error) {
	cell, err := n.cellOf(ctx, environment)
	if err != nil {
		return client.Object{}, err
	}
	names, err := shared.lab.Kubectl(ctx, "", "", "get", "pods", "--namespace="+cell.Name, "--selector=openchoreo.dev/component="+component,
		"--sort-by=.metadata.creationTimestamp", "--output=name")
	names = strings.TrimSpace(names)
	name := strings.TrimPrefix(names[strings.LastIndex(names, "\n")+1:], "pod/")
	return client.Object{Kind: schema.GroupKind{Kind: "Pod"}, Namespace: cell.Name, Name: name}, err
}

// setReady writes the conditions of a pod, like a readiness probe.
func (n *tenant) setReady(ctx context.Context, pod client.Object, ready bool) error {
	status := map[bool]string{true: "True", false: "False"}[ready]
	var conditions []string
	for _, condition := range []string{"Initialized", "Ready", "ContainersReady", "PodScheduled"} {
		value := status
		if condition == "Initialized" || condition == "PodScheduled" {
			value = "True"
		}
		conditions = append(conditions, fmt.Sprintf(`{"type":%q,"status":%q,"lastTransitionTime":%q}`, condition, value, time.Now().UTC().Format(time.RFC3339)))
	}
	return shared.lab.PatchStatus(ctx, pod, `{"status":{"conditions":[`+strings.Join(conditions, ",")+`]}}`)
}

// testVerifyInterrupt expects that an interrupt ends verify immediately, without standard output.
func (n *tenant) testVerifyInterrupt(ctx context.Context, t *testing.T) {
	t.Helper()
	var signaled time.Time
	r := n.runAndActOnStderr(ctx, t, "source", func(tool *os.Process) {
		signaled = time.Now()
		_ = tool.Signal(os.Interrupt)
	}, "verify", "greeter-service", "--revision", n.unpushedCommit(ctx, t))
	if took := time.Since(signaled); r.exit != 130 || r.stdout != "" || took > slow/6 {
		t.Errorf("exit %d after %s, want 130 immediately and no standard output:\n%s%s", r.exit, took, r.stdout, r.stderr)
	}
}

// TestVerifyAcrossRestart restarts the API server before the first read, and while verify waits. It affects all tenants, so it does not run
// in parallel.
func TestVerifyAcrossRestart(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	n := scenario{name: "verify-restart" + *suffix}.healthyTenant(ctx, t)
	at := []string{"verify", "greeter-service", "-e", "development", "--revision", "HEAD"}
	t.Run("BeforeFirstRead", func(t *testing.T) {
		if err := shared.lab.Stop(ctx, "kube-apiserver"); err != nil {
			t.Fatal(err)
		}
		r := n.runAndActOnStderr(ctx, t, "retrying until --timeout", func(*os.Process) {
			if err := shared.lab.Restart("kube-apiserver"); err != nil {
				t.Error(err)
			}
		}, at...)
		if r.exit != 0 {
			t.Errorf("exit %d, want 0\n%s%s", r.exit, r.stdout, r.stderr)
		}
	})
	t.Run("WhileWaiting", func(t *testing.T) {
		pausePart(t, "source-controller") // so that the commit is not fetched before the restart
		sha := n.push(ctx, t, "run two", replicas(2))
		r := n.runAndActOnStderr(ctx, t, "source", func(*os.Process) {
			if err := errors.Join(shared.lab.Stop(ctx, "kube-apiserver"), shared.lab.Restart("kube-apiserver"), shared.lab.Continue("source-controller")); err != nil {
				t.Error(err)
			}
			waitUntil(ctx, t, func() bool { return shared.lab.RequestReconcile(ctx, n.Source(), sha) == nil })
		}, at...)
		t.Logf("stderr:\n%s", r.stderr)
		if r.exit != 0 {
			t.Errorf("exit %d, want 0\n%s%s", r.exit, r.stdout, r.stderr)
		}
	})
}

// expectFailedSoon checks that a verify that has just ended failed within seconds of the pod's creation: kwok fails the pod after a second.
func (n *tenant) expectFailedSoon(ctx context.Context, t *testing.T) {
	t.Helper()
	ended := time.Now()
	pod, err := n.newestPod(ctx, "greeter-service", "development")
	if err != nil {
		t.Fatal(err)
	}
	u, err := shared.lab.Get(ctx, pod)
	if err != nil {
		t.Fatal(err)
	}
	after := ended.Sub(u.GetCreationTimestamp().Time)
	t.Logf("failed %.0f s after the creation of the pod", after.Seconds())
	if after > slow/3 {
		t.Errorf("failed %s after the creation of the pod, want seconds", after)
	}
}
