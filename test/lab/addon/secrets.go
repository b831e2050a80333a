package addon

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// startExternalSecrets runs the controller of External Secrets, without its webhook.
func startExternalSecrets(ctx context.Context, l Lab, _ string) error {
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	live := fmt.Sprintf("127.0.0.1:%d", ports[0])
	return l.Run(ctx, &process.Part{
		Name: "external-secrets", Address: live, Env: []string{"KUBECONFIG=" + l.AdminKubeconfig()},
		// The interval of validating a SecretStore.
		Args: []string{"--metrics-addr=" + live, "--store-requeue-interval=10s"},
	}, time.Minute, process.TCPReady(live))
}

// The program of Sealed Secrets, and the namespace of its keys.
const (
	SealedSecretsController = "sealed-secrets-controller"
	SealedSecretsNamespace  = "sealed-secrets"
)

// startSealedSecrets runs the controller of Sealed Secrets. It supports only the in-cluster configuration (sealed-secrets v0.27.1
// pkg/controller/main.go), whose files are below /var/run. So it runs in a mount namespace with a separate /run.
func startSealedSecrets(ctx context.Context, l Lab, _ string) error {
	if err := l.Apply(ctx, "", "apiVersion: v1\nkind: Namespace\nmetadata: {name: "+SealedSecretsNamespace+"}\n"); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", l.AdminKubeconfig())
	if err != nil {
		return fmt.Errorf("read the kubeconfig: %w", err)
	}
	server, err := url.Parse(config.Host)
	if err != nil {
		return fmt.Errorf("read the address of the API server: %w", err)
	}
	account, err := podAccount(l, config.BearerToken)
	if err != nil {
		return err
	}
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", ports[0])
	const script = `mount -t tmpfs tmpfs /run && mkdir -p /run/secrets/kubernetes.io && cp -r "$0" /run/secrets/kubernetes.io/serviceaccount && exec "$@"`
	return l.Run(ctx, &process.Part{
		Name: SealedSecretsController, Path: "/usr/bin/unshare", Address: address,
		Env: []string{"KUBERNETES_SERVICE_HOST=" + server.Hostname(), "KUBERNETES_SERVICE_PORT=" + server.Port(), "POD_NAMESPACE=" + SealedSecretsNamespace},
		Args: []string{
			"--user", "--map-root-user", "--mount", "sh", "-c", script, account, l.Binary(SealedSecretsController),
			"--listen-addr=" + address, fmt.Sprintf("--listen-metrics-addr=127.0.0.1:%d", ports[1]), "--key-renew-period=0",
		},
	}, time.Minute, process.HTTPReady("http://"+address+"/healthz"))
}

// podAccount writes the files of a service account, like the mount of a pod, and returns their folder.
func podAccount(l Lab, token string) (string, error) {
	// The API server's file has its certificate and that of its CA.
	authority, err := os.ReadFile(filepath.Join(l.Dir(), "cluster", "apiserver.crt"))
	if err != nil {
		return "", fmt.Errorf("read the certificate of the API server: %w", err)
	}
	folder := filepath.Join(l.Dir(), "tmp", "sealed-secrets")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("create the folder of the service account: %w", err)
	}
	for name, text := range map[string][]byte{"token": []byte(token), "ca.crt": authority, "namespace": []byte(SealedSecretsNamespace)} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return "", fmt.Errorf("write the service account: %w", err)
		}
	}
	return folder, nil
}
