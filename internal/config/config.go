// Package config reads the user's settings, which replace flags on every command.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/strictyaml"
)

const (
	apiVersion = "kubectl-choreo.dev/v1alpha1"
	kind       = "Config"
)

// pathVariable names a file to read instead of the default one.
const pathVariable = "KUBECTL_CHOREO_CONFIG"

// Settings holds the content of the file. The zero value means no settings.
type Settings struct {
	Path   string  `yaml:"-"` // of the file; "" if there is none
	Planes []Plane `yaml:"planes"`
	// Environments are the default environments of a command.
	Environments []string `yaml:"environments"`
	Color        string   `yaml:"color"` // auto, always, never; "" if not set
}

// Plane maps a data plane to a cluster.
type Plane struct {
	Name    string `yaml:"name"`    // of a ClusterDataPlane, or namespace/name of a DataPlane
	Context string `yaml:"context"` // in the kubeconfig
}

// document is the file format. apiVersion and kind distinguish it from later formats.
type document struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Settings   `yaml:",inline"`
}

// Read reads the settings of the user with the environment getenv. A missing file is no error, unless the user named it.
func Read(getenv func(string) string) (Settings, error) {
	path := file(getenv)
	if path == "" {
		return Settings{}, nil
	}
	text, err := os.ReadFile(path)
	named := getenv(pathVariable) != ""
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return Settings{}, nil
	case err != nil && named:
		return Settings{}, fmt.Errorf("read settings: %w; correct or unset %s", err, pathVariable)
	case err != nil:
		return Settings{}, fmt.Errorf("read settings: %w; make it readable, or name another file with %s", err, pathVariable)
	}
	s, err := parse(text)
	if err != nil {
		return Settings{}, fmt.Errorf("read settings %s: %w; docs/config.md shows the form", path, err)
	}
	s.Path = path
	return s, nil
}

// file returns the path of the settings, according to the XDG Base Directory Specification on every system. It ignores relative
// paths, as the specification requires: settings must not depend on the current folder.
func file(getenv func(string) string) string {
	if path := getenv(pathVariable); path != "" {
		return path
	}
	base := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(base) {
		home := cmp.Or(getenv("HOME"), getenv("USERPROFILE"))
		if home == "" {
			return ""
		}
		base = filepath.Join(home, ".config")
	}
	return filepath.Join(base, "kubectl-choreo", "config.yaml")
}

// parse rejects unknown fields: a misspelled field must not look like a setting without effect.
func parse(text []byte) (Settings, error) {
	var d document
	if found, err := strictyaml.Decode(text, &d); err != nil || !found { // only white space and comments
		return Settings{}, err
	}
	if d.APIVersion != apiVersion || d.Kind != kind {
		return Settings{}, fmt.Errorf("apiVersion %q and kind %q are not %s and %s", d.APIVersion, d.Kind, apiVersion, kind)
	}
	if !slices.Contains([]string{"", "auto", "always", "never"}, d.Color) {
		return Settings{}, fmt.Errorf("unknown value %q of color; use auto, always or never", d.Color)
	}
	if slices.Contains(d.Environments, "") {
		return Settings{}, errors.New("environments must have names")
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
