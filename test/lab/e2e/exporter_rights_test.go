package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// exporterName is that of the namespace, the ServiceAccount and the Deployment in deploy/exporter/base.
const exporterName = "choreo-exporter"

// exporterRights applies the manifests of the exporter, and is the kubeconfig of their ServiceAccount, which has no other rights.
var exporterRights = sync.OnceValues(func() (kubeconfig string, err error) {
	ctx := context.Background()
	if _, err := shared.lab.Kubectl(ctx, "", "", "apply", "--server-side", "--kustomize="+filepath.Join("..", "..", "..", "deploy", "exporter", "base")); err != nil {
		return "", err
	}
	token, err := shared.lab.Kubectl(ctx, "", "", "create", "token", exporterName, "--namespace="+exporterName, "--duration=2h")
	if err != nil {
		return "", err
	}
	config, err := clientcmd.LoadFromFile(shared.lab.Kubeconfig(""))
	if err != nil {
		return "", err
	}
	for name := range config.AuthInfos {
		config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: strings.TrimSpace(token)}
	}
	kubeconfig = filepath.Join(shared.lab.Dir(), "exporter.kubeconfig")
	return kubeconfig, clientcmd.WriteToFile(*config, kubeconfig)
})

// forbiddenIn are the lines of metrics that name what the exporter may not read.
func forbiddenIn(metrics string) []string {
	var all []string
	for line := range strings.Lines(metrics) {
		if strings.Contains(line, `outcome="Forbidden"`) {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

// TestExporterManifests: the API server takes the manifests, the pod fits its namespace, and the exporter can read all that it needs as
// the ServiceAccount. TestFaults does the same with all that it breaks.
func TestExporterManifests(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
	defer cancel()
	n := scenario{name: "exporter-rights" + *suffix}.healthyTenant(ctx, t)
	kubeconfig, err := exporterRights()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shared.lab.Kubectl(ctx, "", "", "wait", "--namespace="+exporterName, "--for=condition=Available", "--timeout=3m", "deployment/"+exporterName); err != nil {
		t.Error(err)
	}
	who, err := shared.lab.Kubectl(ctx, "", "", "--kubeconfig="+kubeconfig, "auth", "whoami", "--output=jsonpath={.status.userInfo.username}")
	if want := "system:serviceaccount:" + exporterName + ":" + exporterName; err != nil || who != want {
		t.Fatalf("the user is %s, want %s: %v", who, want, err)
	}

	e := startExporter(ctx, t, command(ctx, t.TempDir(), kubeconfig, "exporter", "--all-namespaces"))
	var metrics string
	waitUntil(ctx, t, func() bool {
		metrics = e.metrics(ctx, t)
		return strings.Contains(metrics, `choreo_component_health{component="greeter-service",environment="development",namespace="`+n.Namespace+`",project="demo",verdict="Healthy"} 1`)
	})
	if forbidden := forbiddenIn(metrics); len(forbidden) > 0 || !strings.Contains(metrics, "\nchoreo_exporter_up 1\n") || strings.Contains(strings.ToLower(e.log.text()), "forbidden") {
		t.Errorf("the exporter may not read %v; it printed %s", forbidden, e.log.text())
	}
}
