package addon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// ErrNoPrometheus is returned where prometheus is not installed.
var ErrNoPrometheus = errors.New("prometheus is not installed, and Flagger needs it: apt-get install --no-install-recommends prometheus")

// PrometheusPart is the process of Prometheus.
const PrometheusPart = "prometheus"

// FindPrometheus returns the path of prometheus, which Debian builds.
func FindPrometheus() (string, error) {
	path, err := exec.LookPath("prometheus")
	if err != nil {
		return "", ErrNoPrometheus
	}
	return path, nil
}

// startFlagger runs Flagger without a service mesh, and a Prometheus that scrapes it. Flagger serves its metrics on all addresses, and has no
// flag to change that (flagger v1.36.1 pkg/server/server.go).
func startFlagger(ctx context.Context, l Lab, _ string) error {
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	flagger := fmt.Sprintf("127.0.0.1:%d", ports[0])
	address, err := startPrometheus(ctx, l, ports[1], "flagger", flagger)
	if err != nil {
		return err
	}
	server, err := startVersion(ctx, l)
	if err != nil {
		return err
	}
	return l.Run(ctx, &process.Part{
		Name: "flagger", Address: flagger,
		Args: []string{
			"--kubeconfig=" + l.AdminKubeconfig(), "--master=" + server, fmt.Sprintf("--port=%d", ports[0]), "--metrics-server=" + address,
			"--mesh-provider=kubernetes", "--log-level=info",
		},
	}, time.Minute, process.HTTPReady("http://"+flagger+"/healthz"))
}

// startPrometheus runs a Prometheus that scrapes one target, and returns its URL.
func startPrometheus(ctx context.Context, l Lab, port int, job, target string) (string, error) {
	path, err := FindPrometheus()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(l.Dir(), "tmp", "prometheus")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of Prometheus: %w", err)
	}
	config := filepath.Join(folder, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 5s}\nscrape_configs: [{job_name: %s, static_configs: [{targets: [%q]}]}]\n", job, target)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return "", fmt.Errorf("write the configuration of Prometheus: %w", err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	return "http://" + address, l.Run(ctx, &process.Part{
		Name: PrometheusPart, Path: path, Address: address,
		Args: []string{"--config.file=" + config, "--storage.tsdb.path=" + filepath.Join(folder, "data"), "--web.listen-address=" + address},
	}, time.Minute, process.HTTPReady("http://"+address+"/-/ready"))
}

// ServeVersion is the server of the lab's own program between Flagger and the API server.
const ServeVersion = "serve-version"

// startVersion runs a proxy of the API server with a version that Flagger can parse, and returns its URL.
func startVersion(ctx context.Context, l Lab) (string, error) {
	program, variable, err := l.Program()
	if err != nil {
		return "", err
	}
	version, err := build.Version("kubernetes", "k8s.io/kubernetes")
	if err != nil {
		return "", err
	}
	ports, err := freePorts(1)
	if err != nil {
		return "", err
	}
	address := fmt.Sprintf("127.0.0.1:%d", ports[0])
	// The certificate of the API server, which is for the same address.
	certificate := filepath.Join(l.Dir(), "cluster", "apiserver")
	return "https://" + address, l.Run(ctx, &process.Part{
		Name: "flagger-api-server", Path: program, Env: []string{variable}, Address: address,
		Args: []string{ServeVersion, certificate + ".crt", certificate + ".key", l.Server(), address, version},
	}, time.Minute, process.TCPReady(address))
}
