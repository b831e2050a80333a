package addon

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// startKEDA runs the operator of KEDA, and its adapter, by which a HorizontalPodAutoscaler reads what the operator measures. Its webhooks do not
// run. Both get the certificate of OpenChoreo's manager.
func startKEDA(ctx context.Context, l Lab, _ string) error {
	ports, err := freePorts(5)
	if err != nil {
		return err
	}
	if err := l.Apply(ctx, "", fmt.Sprintf(externalMetrics, ports[3])); err != nil {
		return err
	}
	folder, err := certificatesOfKEDA(l)
	if err != nil {
		return err
	}
	address := func(i int) string { return fmt.Sprintf("127.0.0.1:%d", ports[i]) }
	environment := []string{
		"KUBECONFIG=" + l.AdminKubeconfig(), "WATCH_NAMESPACE=", "POD_NAMESPACE=keda", "KEDA_CLUSTER_OBJECT_NAMESPACE=keda", "KEDA_RESTRICT_SECRET_ACCESS=false",
	}
	if err := l.Run(ctx, &process.Part{
		Name: "keda-operator", Address: address(0), Env: environment,
		Args: []string{
			"--health-probe-bind-address=" + address(0), "--metrics-bind-address=" + address(1), "--metrics-service-bind-address=" + address(2),
			"--cert-dir=" + folder, "--enable-webhook-patching=false", "--enable-apiservice-patching=false",
		},
	}, time.Minute, process.HTTPReady("http://"+address(0)+"/readyz")); err != nil {
		return err
	}
	return l.Run(ctx, &process.Part{
		Name: "keda-adapter", Address: address(3), Env: environment,
		Args: []string{
			"--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", ports[3]), fmt.Sprintf("--port=%d", ports[4]), "--metrics-service-address=" + address(2),
			"--cert-dir=" + folder, "--tls-cert-file=" + filepath.Join(folder, "tls.crt"), "--tls-private-key-file=" + filepath.Join(folder, "tls.key"),
			"--client-ca-file=" + filepath.Join(folder, "ca.crt"), "--authentication-skip-lookup", "--lister-kubeconfig=" + l.AdminKubeconfig(),
			"--authentication-kubeconfig=" + l.AdminKubeconfig(), "--authorization-kubeconfig=" + l.AdminKubeconfig(),
		},
	}, time.Minute, process.TCPReady(address(3)))
}

// externalMetrics registers the adapter, and lets the API server read from it. The API server of a lab has no certificate for that, so it comes
// as an anonymous user.
const externalMetrics = `apiVersion: v1
kind: Namespace
metadata: {name: keda}
---
apiVersion: v1
kind: Service
metadata: {name: keda-metrics-apiserver, namespace: keda}
spec: {type: ExternalName, externalName: localhost, ports: [{port: %[1]d}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.external.metrics.k8s.io}
spec:
  service: {name: keda-metrics-apiserver, namespace: keda, port: %[1]d}
  group: external.metrics.k8s.io
  version: v1beta1
  insecureSkipTLSVerify: true
  groupPriorityMinimum: 100
  versionPriority: 100
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: keda-external-metrics}
rules:
  - {apiGroups: [external.metrics.k8s.io], resources: ["*"], verbs: [get, list]}
  - {nonResourceURLs: [/apis/external.metrics.k8s.io, /apis/external.metrics.k8s.io/*], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: keda-external-metrics}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: keda-external-metrics}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:unauthenticated"}]
`

// certificatesOfKEDA makes the folder of certificates that KEDA expects, and returns its path.
func certificatesOfKEDA(l Lab) (string, error) {
	folder := filepath.Join(l.Dir(), "tmp", "keda")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of KEDA: %w", err)
	}
	for name, from := range map[string]string{"ca.crt": "ca.crt", "tls.crt": "controller-manager.crt", "tls.key": "controller-manager.key"} {
		text, err := os.ReadFile(filepath.Join(l.Dir(), "certs", from))
		if err != nil {
			return "", fmt.Errorf("read a certificate of the lab: %w", err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return "", fmt.Errorf("write the certificate of KEDA: %w", err)
		}
	}
	return folder, nil
}
