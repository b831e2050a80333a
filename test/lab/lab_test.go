package lab

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/state"
)

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
			t.Errorf("missing %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "service:") {
		t.Errorf("a webhook still references a Service:\n%s", got)
	}
}

func TestStateSurvivesTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if s, err := state.Load(dir); s != nil || err != nil {
		t.Errorf("state of an empty folder: %v, %v", s, err)
	}
	p := &process.Part{Name: "sleeper", Path: "/bin/sh", Args: []string{"-c", "exec sleep 600"}, Log: filepath.Join(t.TempDir(), "log")}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	s := &state.State{Name: "x", Dir: dir, Parts: []*process.Part{p}}
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	found, err := Attach(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !found.state.AllAlive() {
		t.Error("Attach does not find the running part")
	}
	if err := found.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.Alive() {
		t.Error("the part is still running after Down")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder still exists: %v", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Attach(dir); err == nil {
		t.Error("Attach accepted an invalid state file")
	}
}
