package addon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// ErrNoRedis is returned if redis-server is not installed.
var ErrNoRedis = errors.New("redis-server, which Argo CD requires, is not installed: apt-get install redis-server")

// FindRedis returns the path of redis-server. It must be installed, because it is no Go module.
func FindRedis() (string, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return "", ErrNoRedis
	}
	return path, nil
}

// argoConfig is the Secret that Argo CD's server would create at its first start, and a project without restrictions.
const argoConfig = `
apiVersion: v1
kind: Secret
metadata: {name: argocd-secret, namespace: argocd, labels: {app.kubernetes.io/name: argocd-secret, app.kubernetes.io/part-of: argocd}}
stringData: {server.secretkey: lab}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: default, namespace: argocd}
spec:
  sourceRepos: ["*"]
  destinations: [{namespace: "*", server: "*"}]
  clusterResourceWhitelist: [{group: "*", kind: "*"}]
`

// startArgoCD runs Redis, the application controller and the repo-server of Argo CD, which are one binary. Argo CD's API server is not needed:
// kubectl changes Applications in the same way.
func startArgoCD(ctx context.Context, l Lab, module string) error {
	if err := l.Apply(ctx, "", "apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n"); err != nil {
		return err
	}
	if _, err := l.Kubectl(ctx, "", "", "apply", "--server-side", "--force-conflicts", "--namespace=argocd", "--kustomize="+filepath.Join(module, "manifests/base/config")); err != nil {
		return err
	}
	if err := l.Apply(ctx, "", argoConfig); err != nil {
		return err
	}
	ports, err := freePorts(4)
	if err != nil {
		return err
	}
	redis, repositories := fmt.Sprintf("127.0.0.1:%d", ports[0]), fmt.Sprintf("127.0.0.1:%d", ports[1])
	if err := startRedis(ctx, l, ports[0], redis); err != nil {
		return err
	}
	environment, err := argoEnvironment(l)
	if err != nil {
		return err
	}
	if err := l.Run(ctx, &process.Part{
		Name: "argocd-repo-server", Address: repositories, Env: append(environment, "ARGOCD_BINARY_NAME=argocd-repo-server"),
		Args: []string{
			fmt.Sprintf("--port=%d", ports[1]), fmt.Sprintf("--metrics-port=%d", ports[2]), "--address=127.0.0.1", "--metrics-address=127.0.0.1",
			"--redis=" + redis, "--disable-tls", "--logformat=text",
		},
	}, time.Minute, process.TCPReady(repositories)); err != nil {
		return err
	}
	metrics := fmt.Sprintf("127.0.0.1:%d", ports[3])
	return l.Run(ctx, &process.Part{
		Name: "argocd-application-controller", Address: metrics, Env: append(environment, "ARGOCD_BINARY_NAME=argocd-application-controller"),
		Args: []string{
			"--kubeconfig=" + l.AdminKubeconfig(), "--namespace=argocd", "--repo-server=" + repositories, "--repo-server-plaintext",
			"--redis=" + redis, fmt.Sprintf("--metrics-port=%d", ports[3]), "--logformat=text",
		},
	}, time.Minute, process.HTTPReady("http://"+metrics+"/healthz"))
}

// argoEnvironment returns the environment of both servers. Outside of a cluster https://kubernetes.default.svc does not resolve.
// ARGOCD_FAKE_IN_CLUSTER uses KUBECONFIG instead (argo-cd v3.1.0 pkg/apis/application/v1alpha1/types.go, RawRestConfig).
func argoEnvironment(l Lab) ([]string, error) {
	tmp := filepath.Join(l.Dir(), "tmp", "argocd")
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return nil, fmt.Errorf("create a folder for Argo CD: %w", err)
	}
	return []string{"KUBECONFIG=" + l.AdminKubeconfig(), "ARGOCD_FAKE_IN_CLUSTER=true", "ARGOCD_GPG_ENABLED=false", "TMPDIR=" + tmp}, nil
}

func startRedis(ctx context.Context, l Lab, port int, address string) error {
	path, err := FindRedis()
	if err != nil {
		return err
	}
	return l.Run(ctx, &process.Part{
		Name: "redis-server", Path: path, Address: address,
		Args: []string{"--bind", "127.0.0.1", "--port", fmt.Sprint(port), "--save", "", "--appendonly", "no", "--dir", filepath.Join(l.Dir(), "tmp")},
	}, 30*time.Second, process.TCPReady(address))
}

// startRollouts runs the controller of Argo Rollouts. It serves metrics and health on all addresses, without a flag to change that
// (argo-rollouts v1.9.1 controller/controller.go, listenAddr).
func startRollouts(ctx context.Context, l Lab, _ string) error {
	if err := l.Apply(ctx, "", "apiVersion: v1\nkind: Namespace\nmetadata: {name: argo-rollouts}\n"); err != nil {
		return err
	}
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	health := fmt.Sprintf("127.0.0.1:%d", ports[0])
	return l.Run(ctx, &process.Part{
		Name: "rollouts-controller", Address: health,
		Args: []string{
			"--kubeconfig=" + l.AdminKubeconfig(), "--leader-elect=false",
			fmt.Sprintf("--healthzPort=%d", ports[0]), fmt.Sprintf("--metricsPort=%d", ports[1]),
		},
	}, time.Minute, process.HTTPReady("http://"+health+"/healthz"))
}

func freePorts(count int) ([]int, error) {
	ports := make([]int, count)
	for i := range ports {
		port, err := process.FreePort()
		if err != nil {
			return nil, err
		}
		ports[i] = port
	}
	return ports, nil
}
