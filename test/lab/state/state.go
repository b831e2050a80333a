// Package state stores the parts of a lab in a file, so that another command can find and stop it.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// State is the content of the state file.
type State struct {
	Name       string            `json:"name"`
	Dir        string            `json:"dir"`
	Parts      []*process.Part   `json:"parts"` // in start order
	GitURL     string            `json:"gitURL"`
	GitDir     string            `json:"gitDir"`
	Gateway    string            `json:"gateway"`    // host:port where agents connect
	GatewayAPI string            `json:"gatewayAPI"` // URL of cluster-gateway's internal API
	Admission  string            `json:"admission"`  // host:port of the mutating admission webhook
	Planes     map[string]Plane  `json:"planes"`     // by name; "" is the control plane's own cluster
	Binaries   build.Binaries    `json:"binaries"`
	SamplesDir string            `json:"samplesDir"`
	Operators  map[string]string `json:"operators"` // the versions of the operators that run, by system
	Complete   bool              `json:"complete"`  // every part has started
}

// Plane is one Kubernetes cluster of the lab.
type Plane struct {
	Kubeconfig     string `json:"kubeconfig"`     // of the lab's own parts
	UserKubeconfig string `json:"userKubeconfig"` // of users, whose requests are audited
	Server         string `json:"server"`
	EtcdURL        string `json:"etcdURL"`
}

func (s *State) path() string { return filepath.Join(s.Dir, "state.json") }

// MakeFolders creates the folders of a lab.
func (s *State) MakeFolders() error {
	for _, dir := range []string{"logs", "tmp", "certs"} {
		if err := os.MkdirAll(filepath.Join(s.Dir, dir), 0o700); err != nil {
			return fmt.Errorf("create the lab's folder: %w", err)
		}
	}
	return nil
}

// Save writes the state file.
func (s *State) Save() error {
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

// Load reads the state file of a lab. It returns nil if there is none.
func Load(dir string) (*State, error) {
	text, err := os.ReadFile(filepath.Join(dir, "state.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the lab's state: %w", err)
	}
	s := &State{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("read the lab's state in %s: %w; delete the folder if the lab is not running", dir, err)
	}
	return s, nil
}

// Part returns the part of that name, or an error if the lab has none.
func (s *State) Part(name string) (*process.Part, error) {
	for _, p := range s.Parts {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("the lab has no part %s", name)
}

// AllAlive reports whether each part runs.
func (s *State) AllAlive() bool {
	return len(s.Parts) > 0 && !slices.ContainsFunc(s.Parts, func(p *process.Part) bool { return !p.Alive() })
}

// AnyAlive reports whether a part runs.
func (s *State) AnyAlive() bool {
	return slices.ContainsFunc(s.Parts, (*process.Part).Alive)
}
