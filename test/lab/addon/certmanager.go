package addon

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// ACME is the process of the ACME server of the lab, and its address has this path.
const (
	ACME     = "pebble"
	ACMEPath = "/dir"
)

// RefusedDomain is one that the ACME server issues no certificate for.
const RefusedDomain = "refused.example"

// startCertManager runs the controllers of cert-manager, without the webhook, and an ACME server.
func startCertManager(ctx context.Context, l Lab, _ string) error {
	if err := l.Apply(ctx, "", "apiVersion: v1\nkind: Namespace\nmetadata: {name: cert-manager}\n"); err != nil {
		return err
	}
	if err := startPebble(ctx, l); err != nil {
		return err
	}
	ports, err := freePorts(1)
	if err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", ports[0])
	return l.Run(ctx, &process.Part{
		Name: "cert-manager-controller", Address: address, Args: []string{"--kubeconfig=" + l.AdminKubeconfig(), "--metrics-listen-address=" + address},
	}, time.Minute, process.HTTPReady("http://"+address))
}

// startPebble runs the ACME server of Let's Encrypt that is made for tests. It has a certificate of its own module.
func startPebble(ctx context.Context, l Lab) error {
	version, err := build.Version("cert-manager", "github.com/letsencrypt/pebble/v2")
	if err != nil {
		return err
	}
	module, err := build.ModuleDir(ctx, "github.com/letsencrypt/pebble/v2@"+version)
	if err != nil {
		return err
	}
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	certificates := filepath.Join(module, "test", "certs", "localhost")
	address := fmt.Sprintf("127.0.0.1:%d", ports[0])
	text, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": address, "managementListenAddress": fmt.Sprintf("127.0.0.1:%d", ports[1]),
		"certificate": filepath.Join(certificates, "cert.pem"), "privateKey": filepath.Join(certificates, "key.pem"),
		"httpPort": 5002, "tlsPort": 5001, "domainBlocklist": []string{RefusedDomain},
	}})
	if err != nil {
		return fmt.Errorf("write the configuration of pebble: %w", err)
	}
	config := filepath.Join(l.Dir(), "tmp", "pebble.json")
	if err := os.WriteFile(config, text, 0o600); err != nil {
		return fmt.Errorf("write the configuration of pebble: %w", err)
	}
	return l.Run(ctx, &process.Part{
		Name: ACME, Address: address, Args: []string{"-config", config}, Env: []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"},
	}, time.Minute, process.TCPReady(address))
}
