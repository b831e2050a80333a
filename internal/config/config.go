// Package config reads the user's settings: what somebody would otherwise type with every command.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

const (
	apiVersion = "kubectl-choreo.dev/v1alpha1"
	kind       = "Config"
)

// pathVariable names a file to read instead of the usual one.
const pathVariable = "KUBECTL_CHOREO_CONFIG"

// Settings are what the file says. The zero value says nothing.
type Settings struct {
	Path   string  `json:"-"` // of the file; "" when there is none
	Planes []Plane `json:"planes,omitempty"`
}

// Plane says which cluster a data plane is.
type Plane struct {
	Name    string `json:"name"`    // of a ClusterDataPlane, or namespace/name of a DataPlane
	Context string `json:"context"` // of the kubeconfig
}

// document is the file form. Its head is there so that a later form can be told from this one.
type document struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Settings
}

// Read reads the settings of the user whose environment getenv knows. A file that is not there says nothing.
func Read(getenv func(string) string) (Settings, error) {
	path := file(getenv)
	if path == "" {
		return Settings{}, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("read settings: %w; %s names another file", err, pathVariable)
	}
	s, err := parse(text)
	if err != nil {
		return Settings{}, fmt.Errorf("read settings %s: %w; docs/multi-cluster.md shows the form", path, err)
	}
	s.Path = path
	return s, nil
}

// file is where the settings are: the XDG Base Directory Specification, on every system alike.
func file(getenv func(string) string) string {
	if path := getenv(pathVariable); path != "" {
		return path
	}
	base := getenv("XDG_CONFIG_HOME")
	if base == "" {
		home := cmp.Or(getenv("HOME"), getenv("USERPROFILE"))
		if home == "" {
			return ""
		}
		base = filepath.Join(home, ".config")
	}
	return filepath.Join(base, "kubectl-choreo", "config.yaml")
}

// parse refuses what it does not know: a slip of the pen must not look like a setting that has no effect.
func parse(text []byte) (Settings, error) {
	if strings.TrimSpace(string(text)) == "" {
		return Settings{}, nil
	}
	var d document
	if err := yaml.UnmarshalStrict(text, &d); err != nil {
		return Settings{}, errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	if d.APIVersion != apiVersion || d.Kind != kind {
		return Settings{}, fmt.Errorf("apiVersion %q and kind %q are not %s and %s", d.APIVersion, d.Kind, apiVersion, kind)
	}
	return d.Settings, check(d.Planes)
}

func check(planes []Plane) error {
	seen := map[string]bool{}
	for i, p := range planes {
		switch {
		case p.Name == "" || p.Context == "":
			return fmt.Errorf("planes[%d] must have a name and a context", i)
		case seen[p.Name]:
			return fmt.Errorf("plane %s is there twice", p.Name)
		}
		seen[p.Name] = true
	}
	return nil
}
