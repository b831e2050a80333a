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

// exporterName is that of the namespace, the account and the Deployment in deploy/exporter/base.
const exporterName = "choreo-exporter"

// TestExporterManifests: the API server takes the manifests, the pod fits its namespace, and the exporter can read all that it needs as
// the ServiceAccount of the manifests, which has no other rights.
func TestExporterManifests(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "exporter-rights" + *suffix}.healthyTenant(ctx, t)
	kubectl := func(args ...string) string {
		out, err := shared.lab.Kubectl(ctx, "", "", args...)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(out)
	}
	base, err := filepath.Abs(filepath.Join("..", "..", "..", "deploy", "exporter", "base"))
	if err != nil {
		t.Fatal(err)
	}
	kubectl("apply", "--server-side", "--kustomize="+base)
	t.Cleanup(func() {
		if _, err := shared.lab.Kubectl(context.Background(), "", "", "delete", "--wait=false", "--kustomize="+base); err != nil {
			t.Error(err)
		}
	})
	kubectl("wait", "--namespace="+exporterName, "--for=condition=Available", "--timeout=3m", "deployment/"+exporterName)
	kubeconfig := withToken(t, kubectl("create", "token", exporterName, "--namespace="+exporterName))
	if whoami := kubectl("--kubeconfig="+kubeconfig, "auth", "whoami", "--output=jsonpath={.status.userInfo.username}"); whoami != "system:serviceaccount:"+exporterName+":"+exporterName {
		t.Fatalf("the user is %s", whoami)
	}

	e := startExporter(ctx, t, command(ctx, t.TempDir(), kubeconfig, "exporter", "--all-namespaces"))
	var metrics string
	waitUntil(ctx, t, func() bool {
		metrics = e.metrics(ctx, t)
		return strings.Contains(metrics, `choreo_component_health{component="greeter-service",environment="development",namespace="`+n.Namespace+`",project="demo",verdict="Healthy"} 1`)
	})
	for line := range strings.Lines(metrics) {
		if strings.Contains(line, `outcome="Forbidden"`) {
			t.Errorf("the exporter may not read: %s", line)
		}
	}
	if !strings.Contains(metrics, "\nchoreo_exporter_up 1\n") || strings.Contains(strings.ToLower(e.log.text()), "forbidden") {
		t.Errorf("the exporter printed %s", e.log.text())
	}
}

// withToken is a kubeconfig of the lab's control plane for the owner of a token.
func withToken(t *testing.T, token string) string {
	t.Helper()
	config, err := clientcmd.LoadFromFile(shared.lab.Kubeconfig(""))
	if err != nil {
		t.Fatal(err)
	}
	for name := range config.AuthInfos {
		config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, file); err != nil {
		t.Fatal(err)
	}
	return file
}
