package lab

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/pki"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// startOpenChoreo runs cluster-gateway with mTLS on its internal API, the manager with its webhooks, and the agent of the control
// plane's cluster.
func (s *starter) startOpenChoreo(ctx context.Context) error {
	certs := filepath.Join(s.state.Dir, "certs")
	ca, err := pki.NewAuthority(certs, "ca")
	if err != nil {
		return err
	}
	if err := s.startGateway(ctx, ca); err != nil {
		return err
	}
	if err := s.startManager(ctx, ca); err != nil {
		return err
	}
	return s.startAgent(ctx, "default", "")
}

func (s *starter) startGateway(ctx context.Context, ca *pki.Authority) error {
	agents, err := process.FreePort()
	if err != nil {
		return err
	}
	api, err := process.FreePort()
	if err != nil {
		return err
	}
	cert, key, err := ca.Issue("cluster-gateway")
	if err != nil {
		return err
	}
	s.state.Gateway, s.state.GatewayAPI = fmt.Sprintf("127.0.0.1:%d", agents), fmt.Sprintf("https://127.0.0.1:%d", api)
	return s.Run(ctx, &process.Part{Name: "cluster-gateway", Address: s.state.Gateway, Args: []string{
		fmt.Sprintf("--port=%d", agents), fmt.Sprintf("--internal-port=%d", api), "--server-cert=" + cert, "--server-key=" + key,
		"--internal-mtls=true", "--internal-client-ca-cert=" + filepath.Join(ca.Dir, "ca.crt"),
		"--heartbeat-interval=5s", "--heartbeat-timeout=15s",
	}, Env: []string{"KUBECONFIG=" + s.state.Planes[""].Kubeconfig}}, time.Minute, process.HTTPReady("http://127.0.0.1:8080/health"))
}

func (s *starter) startManager(ctx context.Context, ca *pki.Authority) error {
	health, err := process.FreePort()
	if err != nil {
		return err
	}
	client, clientKey, err := ca.Issue("controller-manager")
	if err != nil {
		return err
	}
	tmp := filepath.Join(s.state.Dir, "tmp", "openchoreo-manager")
	if err := servingCerts(ca, filepath.Join(tmp, "k8s-webhook-server", "serving-certs")); err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", health)
	if err := s.Run(ctx, &process.Part{Name: "openchoreo-manager", Address: address, Args: []string{
		"--cluster-gateway-url=" + s.state.GatewayAPI, "--cluster-gateway-ca-cert=" + filepath.Join(ca.Dir, "ca.crt"),
		"--cluster-gateway-client-cert=" + client, "--cluster-gateway-client-key=" + clientKey, "--health-probe-bind-address=" + address,
	}, Env: []string{"KUBECONFIG=" + s.state.Planes[""].Kubeconfig, "TMPDIR=" + tmp}}, time.Minute, process.TCPReady("127.0.0.1:9443")); err != nil {
		return err
	}
	return s.installWebhooks(ctx, ca)
}

// servingCerts writes the webhook server's certificate to controller-runtime's default directory below TMPDIR.
func servingCerts(ca *pki.Authority, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the webhook's certificate folder: %w", err)
	}
	cert, key, err := ca.Issue("webhook")
	if err != nil {
		return err
	}
	for source, target := range map[string]string{cert: "tls.crt", key: "tls.key"} {
		text, err := os.ReadFile(source)
		if err != nil {
			return fmt.Errorf("read the webhook's certificate: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, target), text, 0o600); err != nil {
			return fmt.Errorf("write the webhook's certificate: %w", err)
		}
	}
	return nil
}

// installWebhooks applies OpenChoreo's webhook configurations with a loopback address: outside of a cluster there is no Service.
func (s *starter) installWebhooks(ctx context.Context, ca *pki.Authority) error {
	text, err := os.ReadFile(filepath.Join(s.state.SamplesDir, "config", "webhook", "manifests.yaml"))
	if err != nil {
		return fmt.Errorf("read the webhook configurations: %w", err)
	}
	bundle, err := os.ReadFile(filepath.Join(ca.Dir, "ca.crt"))
	if err != nil {
		return fmt.Errorf("read the certificate authority: %w", err)
	}
	pointed, err := pointWebhooks(string(text), bundle)
	if err != nil {
		return err
	}
	return s.Apply(ctx, "", pointed)
}

// pointWebhooks replaces each webhook's service by the manager's address in this lab.
func pointWebhooks(manifests string, bundle []byte) (string, error) {
	var out []string
	for _, document := range strings.Split(manifests, "\n---\n") {
		config := map[string]any{}
		if err := yaml.Unmarshal([]byte(document), &config); err != nil {
			return "", fmt.Errorf("parse the webhook configurations: %w", err)
		}
		if len(config) == 0 {
			continue
		}
		webhooks, _, _ := unstructured.NestedSlice(config, "webhooks")
		for _, w := range webhooks {
			hook, _ := w.(map[string]any)
			path, _, _ := unstructured.NestedString(hook, "clientConfig", "service", "path")
			hook["clientConfig"] = map[string]any{
				"url": "https://127.0.0.1:9443" + path, "caBundle": base64.StdEncoding.EncodeToString(bundle),
			}
		}
		config["webhooks"] = webhooks
		text, err := yaml.Marshal(config)
		if err != nil {
			return "", fmt.Errorf("encode the webhook configurations: %w", err)
		}
		out = append(out, string(text))
	}
	return strings.Join(out, "---\n"), nil
}

// StartAgent creates a ClusterDataPlane and runs an agent for it. cluster is the plane whose API server the agent uses; "" is the
// control plane.
func (l *Lab) StartAgent(ctx context.Context, planeID, cluster string) error {
	return l.starter.startAgent(ctx, planeID, cluster)
}

func (s *starter) startAgent(ctx context.Context, planeID, cluster string) error {
	dir := filepath.Join(s.state.Dir, "certs", "agent-"+planeID)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the agent's folder: %w", err)
	}
	ca, err := pki.NewAuthority(dir, "ca")
	if err != nil {
		return err
	}
	cert, key, err := ca.Issue("agent")
	if err != nil {
		return err
	}
	bundle, err := os.ReadFile(filepath.Join(dir, "ca.crt"))
	if err != nil {
		return fmt.Errorf("read the agent's CA: %w", err)
	}
	if err := s.Apply(ctx, "", dataPlane(planeID, string(bundle))); err != nil {
		return err
	}
	part := &process.Part{Name: "cluster-agent-" + planeID, Args: []string{
		"--server-url=wss://" + s.state.Gateway + "/ws", "--plane-id=" + planeID, "--client-cert=" + cert, "--client-key=" + key,
		"--server-ca=" + filepath.Join(s.state.Dir, "certs", "ca.crt"), "--kubeconfig=" + s.state.Planes[cluster].Kubeconfig, "--reconnect-delay=1s",
	}}
	return s.Run(ctx, part, time.Minute, part.LogContains("connected to control plane"))
}

func dataPlane(name, clientCA string) string {
	return fmt.Sprintf(`
apiVersion: openchoreo.dev/v1alpha1
kind: ClusterDataPlane
metadata:
  name: %[1]s
spec:
  planeID: %[1]s
  clusterAgent:
    clientCA:
      value: |
        %[2]s
  gateway:
    ingress:
      external:
        name: gateway-default
        namespace: openchoreo-data-plane
        http:
          host: openchoreoapis.localhost
          port: 19080
`, name, strings.ReplaceAll(strings.TrimSpace(clientCA), "\n", "\n        "))
}

// addRemotePlane starts a second cluster as data plane "prod".
func (s *starter) addRemotePlane(ctx context.Context, gatewayAPI string) error {
	const name = "prod"
	if err := s.startCluster(ctx, name); err != nil {
		return err
	}
	if err := s.install(ctx, name, gatewayAPI); err != nil {
		return err
	}
	return s.startAgent(ctx, name, name)
}
