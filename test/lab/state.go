package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// state is the lab's state on disk, with which another command can find and stop it.
type state struct {
	Name       string           `json:"name"`
	Dir        string           `json:"dir"`
	Parts      []*Part          `json:"parts"` // in start order
	GitURL     string           `json:"gitURL"`
	GitDir     string           `json:"gitDir"`
	Gateway    string           `json:"gateway"`   // host:port where agents connect
	Admission  string           `json:"admission"` // host:port of the mutating admission webhook
	Planes     map[string]plane `json:"planes"`    // by name; "" is the control plane's own cluster
	Binaries   Binaries         `json:"binaries"`
	SamplesDir string           `json:"samplesDir"`
	Complete   bool             `json:"complete"` // every part has started
}

// plane is one Kubernetes cluster of the lab.
type plane struct {
	Kubeconfig     string `json:"kubeconfig"`     // of the lab's own parts
	UserKubeconfig string `json:"userKubeconfig"` // of users; the audit log holds their requests
	Server         string `json:"server"`
	EtcdURL        string `json:"etcdURL"`
}

// DefaultDir returns the state folder of a lab with that name.
func DefaultDir(name string) (string, error) {
	if base := os.Getenv("XDG_STATE_HOME"); base != "" {
		return filepath.Join(base, "kubectl-choreo", "lab", name), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a state folder: %w; set XDG_STATE_HOME", err)
	}
	return filepath.Join(home, ".local", "state", "kubectl-choreo", "lab", name), nil
}

func (s *state) path() string { return filepath.Join(s.Dir, "state.json") }

func (s *state) makeFolders() error {
	for _, dir := range []string{"logs", "tmp", "certs"} {
		if err := os.MkdirAll(filepath.Join(s.Dir, dir), 0o700); err != nil {
			return fmt.Errorf("make the lab's folder: %w", err)
		}
	}
	return nil
}

func (s *state) save() error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the lab's state: %w", err)
	}
	if err := os.WriteFile(s.path()+".new", text, 0o600); err != nil {
		return fmt.Errorf("write the lab's state: %w", err)
	}
	if err := os.Rename(s.path()+".new", s.path()); err != nil {
		return fmt.Errorf("write the lab's state: %w", err)
	}
	return nil
}

// load reads the state of a lab; nil without an error if there is none.
func load(dir string) (*state, error) {
	text, err := os.ReadFile(filepath.Join(dir, "state.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the lab's state: %w", err)
	}
	s := &state{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("read the lab's state %s: %w; remove the folder if it is of no use", dir, err)
	}
	return s, nil
}

func (s *state) part(name string) *Part {
	for _, p := range s.Parts {
		if p.Name == name {
			return p
		}
	}
	return nil
}
