package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// release is a set of definitions that belong together. The name is "" where only the newest is kept.
type release struct {
	name      string
	sources   []source
	installed func() ([]installed, error)
}

// source is a Go module with definitions in files, or packages whose types controller-gen turns into definitions.
type source struct {
	module, version string
	pattern         string   // of files with definitions
	packages        []string // of tools/schemas
}

// families are the files to write. Within a release of OpenChoreo, no patch has changed a definition so far.
func families() map[string][]release {
	return map[string][]release{
		"openchoreo": {openChoreo("1.0", "v1.0.0"), openChoreo("1.1", "v1.1.6"), openChoreo("1.2", "v1.2.3")},
		"flux": {{sources: []source{
			{module: "github.com/fluxcd/kustomize-controller", version: "v1.10.1", pattern: "config/crd/bases/*.yaml"},
			{module: "github.com/fluxcd/source-controller", version: "v1.10.1", pattern: "config/crd/bases/*.yaml"},
			{module: "github.com/controlplaneio-fluxcd/flux-operator", version: "v0.59.0", pattern: "config/crd/bases/*.yaml"},
			{packages: []string{"github.com/fluxcd/helm-controller/api/v2"}},
			{packages: []string{"github.com/fluxcd/notification-controller/api/v1", "github.com/fluxcd/notification-controller/api/v1beta3"}},
			{packages: []string{"github.com/fluxcd/image-automation-controller/api/v1"}},
			{packages: []string{"github.com/fluxcd/image-reflector-controller/api/v1"}},
			{packages: []string{"github.com/fluxcd/source-watcher/api/v2/v1beta1"}},
		}}},
		"argocd": {{sources: []source{{module: "github.com/argoproj/argo-cd/v3", version: "v3.6.1", pattern: "manifests/crds/*-crd.yaml"}}}},
	}
}

func openChoreo(name, version string) release {
	s := source{module: "github.com/openchoreo/openchoreo", version: version, pattern: "config/crd/bases/*.yaml"}
	return release{name, []source{s}, func() ([]installed, error) {
		dir, err := s.download()
		if err != nil {
			return nil, err
		}
		return gettingStarted(filepath.Join(dir, "samples/getting-started/all.yaml"))
	}}
}

// files returns the files with definitions, which it generates first if there are none.
func (s source) files() ([]string, error) {
	dir, pattern := "", s.pattern
	var err error
	if s.module != "" {
		dir, err = s.download()
	} else {
		dir, err = s.generate()
		pattern = "*.yaml"
	}
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("find %s in %s: there is no such file", pattern, dir)
	}
	return files, err
}

// download returns the folder of the module. The go command verifies it by the checksum database.
func (s source) download() (string, error) {
	out, err := run("go", "mod", "download", "-json", s.module+"@"+s.version)
	if err != nil {
		return "", err
	}
	var m struct{ Dir string }
	return m.Dir, json.Unmarshal(out, &m)
}

func (s source) generate() (string, error) {
	dir, err := os.MkdirTemp("", "definitions-")
	if err != nil {
		return "", err
	}
	args := []string{"tool", "controller-gen", "crd", "output:crd:dir=" + dir}
	for _, p := range s.packages {
		args = append(args, "paths="+p)
	}
	_, err = run("go", args...)
	return dir, err
}

func run(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run %v: %w", cmd.Args, err)
	}
	return out, nil
}
