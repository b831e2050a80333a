package lab

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestIssuedCertificatesAreTrusted(t *testing.T) {
	t.Parallel()
	ca, err := newAuthority(t.TempDir(), "ca")
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile, err := ca.issue("gateway")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(certFile)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, DNSName: "127.0.0.1", KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(keyFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key may be read by others: %v %v", info, err)
	}
}

func TestPointWebhooks(t *testing.T) {
	t.Parallel()
	got, err := pointWebhooks(`---
kind: MutatingWebhookConfiguration
webhooks:
- name: m.kb.io
  clientConfig: {service: {name: webhook-service, namespace: system, path: /mutate}}
---
kind: ValidatingWebhookConfiguration
webhooks:
- name: v.kb.io
  clientConfig: {service: {name: webhook-service, namespace: system, path: /validate}}
`, []byte("PEM"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"url: https://127.0.0.1:9443/mutate", "url: https://127.0.0.1:9443/validate", "caBundle: UEVN"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "service:") {
		t.Errorf("a webhook still goes to a Service:\n%s", got)
	}
}

// sleeper is a part that runs until it is ended.
func sleeper(t *testing.T, script string) *Part {
	t.Helper()
	return &Part{Name: "sleeper", Path: "/bin/sh", Args: []string{"-c", script}, Log: filepath.Join(t.TempDir(), "log")}
}

func TestPartIsStoppedAndKnownToBe(t *testing.T) {
	t.Parallel()
	p := sleeper(t, "exec sleep 600")
	if p.Alive() {
		t.Error("a part that was never started is alive")
	}
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	if !p.Alive() {
		t.Error("a part that was started is dead")
	}
	reused := *p
	reused.Started = "1"
	if reused.Alive() {
		t.Error("another process with that number is taken for ours")
	}
	if err := p.stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.Alive() {
		t.Error("a part that was stopped is alive")
	}
}

func TestPartThatIgnoresTheSignalIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the grace period")
	}
	t.Parallel()
	p := sleeper(t, "trap '' TERM; while :; do sleep 1; done")
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	if err := p.stop(t.Context()); err != nil || p.Alive() {
		t.Errorf("alive %v, error %v", p.Alive(), err)
	}
}

func TestPartThatDiesIsReportedWithItsLog(t *testing.T) {
	t.Parallel()
	p := sleeper(t, "echo the port is taken; exit 3")
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	err := p.await(t.Context(), 3*time.Minute, func(context.Context) error { return errors.New("not ready") })
	if err == nil || !strings.Contains(err.Error(), "it ended") || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("error %v", err)
	}
}

func TestStateSurvivesTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if s, err := load(dir); s != nil || err != nil {
		t.Errorf("an empty folder holds %v, %v", s, err)
	}
	p := sleeper(t, "exec sleep 600")
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	s := &state{Name: "x", Dir: dir, Parts: []*Part{p}}
	if err := s.save(); err != nil {
		t.Fatal(err)
	}
	found, err := Attach(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !found.state.allAlive() {
		t.Error("the part is not found again")
	}
	if err := found.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.Alive() {
		t.Error("the part outlived its lab")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Attach(dir); err == nil {
		t.Error("a broken state was read")
	}
}

func TestFixedPortHolderIsNamed(t *testing.T) {
	t.Parallel()
	p := sleeper(t, "exec sleep 600")
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	other := &state{Name: "other", Dir: t.TempDir(), Parts: []*Part{p}}
	if err := other.save(); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(t.TempDir(), "note")
	if err := os.WriteFile(note, []byte(`{"dir":"`+other.Dir+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := fixedPortHolder(note, "/mine"); got != "lab other in "+other.Dir {
		t.Errorf("holder %q", got)
	}
	if err := p.stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fixedPortHolder(note, "/mine"); strings.HasPrefix(got, "lab other") {
		t.Errorf("a lab that has ended holds ports: %q", got)
	}
}

func TestEveryFamilyHasItsVersions(t *testing.T) {
	t.Parallel()
	source, err := sourceDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families() {
		if _, err := f.key(filepath.Join(source, "tools", f.name)); err != nil {
			t.Error(err)
		}
	}
}
