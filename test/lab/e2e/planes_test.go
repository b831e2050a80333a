package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

const (
	controlContext = "control"
	remoteContext  = "prod"
	deadContext    = "dead"
)

// testLivePlane expects the running pods with the context of the plane's cluster. With the context of another cluster, the trace ends at
// what OpenChoreo reports, as without a context.
func testLivePlane(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	kubeconfig := bothClusters(t)
	trace := func(remote string, args ...string) result {
		return choreoAs(ctx, t, kubeconfig, append([]string{"trace", "greeter-service", "-n", n.Namespace, "-e", "development", "--plane", "prod=" + remote}, args...)...)
	}
	r := trace(remoteContext)
	if r.exit != 0 || strings.Contains(r.stdout, "as last reported by OpenChoreo") || !strings.Contains(r.stdout, "1 running") {
		t.Errorf("with the plane's context: exit %d, want 0 and a running pod\n%s%s", r.exit, r.stdout, r.stderr)
	}
	r = trace(controlContext)
	if !strings.Contains(r.stdout, "as last reported by OpenChoreo") {
		t.Errorf("with another cluster's context, the trace must end at OpenChoreo's report:\n%s%s", r.stdout, r.stderr)
	}
	got, err := parseTrace(trace(controlContext, "-o", "json"))
	if err != nil {
		t.Fatal(err)
	}
	if got.Verdict != "Healthy" || got.Failing != nil {
		t.Errorf("with another cluster's context: verdict %s, failing %+v; want Healthy", got.Verdict, got.Failing)
	}
	for _, e := range got.Environments {
		for _, r := range e.Rungs {
			if r.State == "Failed" || r.State == "Blocked" {
				t.Errorf("with another cluster's context: rung %s of %s is %s", r.ID, e.Name, r.State)
			}
		}
	}
	traceObjects(ctx, t, kubeconfig, n.Namespace, "--plane", "prod="+remoteContext)
	testUnreachablePlane(ctx, t, kubeconfig, n)
	if r := trace("nowhere"); r.exit != 1 || r.stdout != "" || !strings.Contains(r.stderr, `find context "nowhere"`) {
		t.Errorf("with an unknown context: exit %d, want 1\n%s%s", r.exit, r.stdout, r.stderr)
	}
}

// testUnreachablePlane expects that the trace of an unreachable plane ends at what OpenChoreo reports, with a finding.
func testUnreachablePlane(ctx context.Context, t *testing.T, kubeconfig string, n *tenant) {
	t.Helper()
	s := scenario{
		name: "plane-unreachable", namespace: n.Namespace, args: []string{"-e", "development", "--plane", "prod=" + deadContext}, timeout: 20 * time.Second,
		fault: "the API server of the plane's context refuses connections",
		want:  want{exit: 0, verdict: "Healthy", finding: "Unreachable", contains: "as last reported by OpenChoreo"},
	}
	r := choreoAs(ctx, t, kubeconfig, s.commandArgs("trace", "-o", "json")...)
	got, err := parseTrace(r)
	if err == nil {
		err = s.want.check(got, r.exit, n.Namespace)
	}
	if err != nil {
		t.Errorf("with an unreachable plane: %v\n%s%s", err, r.stdout, r.stderr)
	}
	if *record {
		recordWith(ctx, t, kubeconfig, s.name, s)
	}
}

// bothClusters writes a kubeconfig with both clusters of the lab and an unreachable one. The current context is the control plane's.
func bothClusters(t *testing.T) string {
	t.Helper()
	both := clientcmdapi.NewConfig()
	both.CurrentContext = controlContext
	for name, plane := range map[string]string{controlContext: "", remoteContext: "prod"} {
		one, err := clientcmd.LoadFromFile(shared.lab.Kubeconfig(plane))
		if err != nil {
			t.Fatalf("read the kubeconfig of plane %q: %v", plane, err)
		}
		current := one.Contexts[one.CurrentContext]
		both.Clusters[name], both.AuthInfos[name] = one.Clusters[current.Cluster], one.AuthInfos[current.AuthInfo]
		both.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name, Namespace: current.Namespace}
	}
	both.Clusters[deadContext] = &clientcmdapi.Cluster{Server: "https://127.0.0.1:1"}
	both.Contexts[deadContext] = &clientcmdapi.Context{Cluster: deadContext}
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*both, path); err != nil {
		t.Fatalf("write the kubeconfig of both clusters: %v", err)
	}
	return path
}
