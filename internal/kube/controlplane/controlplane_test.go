package controlplane

import (
	"path/filepath"
	"testing"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"https://u:s3cret@host:6443": "https://host:6443", "https://t0ken@host/path": "https://host/path",
		"u:s3cret@host:6443": "host:6443", "https://host:6443": "https://host:6443", "host": "host",
	} {
		if got := Address(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}

// TestMissing: the error names the kubeconfig that names no cluster.
func TestMissing(t *testing.T) {
	t.Parallel()
	gone := filepath.Join(t.TempDir(), "gone")
	if got, want := problemOf([]string{gone}), "kubeconfig "+gone+" does not exist"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestReplacement: its client sends no request.
func TestReplacement(t *testing.T) {
	t.Parallel()
	if _, err := Replacement("https://api.example", 0).Transport.RoundTrip(nil); err == nil {
		t.Error("a request was sent")
	}
}
