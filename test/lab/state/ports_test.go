package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

func TestFixedPortHolderIsNamed(t *testing.T) {
	t.Parallel()
	p := &process.Part{Name: "sleeper", Path: "/bin/sh", Args: []string{"-c", "exec sleep 600"}, Log: filepath.Join(t.TempDir(), "log")}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	other := &State{Name: "other", Dir: t.TempDir(), Parts: []*process.Part{p}}
	if err := other.Save(); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(t.TempDir(), "note")
	if err := os.WriteFile(note, []byte(`{"dir":"`+other.Dir+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := fixedPortHolder(note, "/mine"); got != "lab other in "+other.Dir {
		t.Errorf("holder %q", got)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fixedPortHolder(note, "/mine"); strings.HasPrefix(got, "lab other") {
		t.Errorf("holder %q, but that lab has stopped", got)
	}
}
