package gitops

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// Write writes one file of the checkout, and creates its folders.
func (c *Checkout) Write(path, text string) error {
	full := filepath.Join(c.Dir, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return fmt.Errorf("create folder of %s: %w", path, err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// Remove deletes files or folders of the checkout.
func (c *Checkout) Remove(paths ...string) error {
	for _, path := range paths {
		full := filepath.Join(c.Dir, path)
		if _, err := os.Stat(full); err != nil {
			return fmt.Errorf("remove %s: %w", path, err)
		}
		if err := os.RemoveAll(full); err != nil {
			return fmt.Errorf("remove %s: %w", path, err)
		}
	}
	return nil
}

// Edit changes the only object of a file.
func (c *Checkout) Edit(path string, change func(object map[string]any) error) error {
	full := filepath.Join(c.Dir, path)
	text, err := os.ReadFile(full)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	object := map[string]any{}
	if err := yaml.Unmarshal(text, &object); err != nil {
		return fmt.Errorf("parse %s: %w", path, err)
	}
	if err := change(object); err != nil {
		return fmt.Errorf("change %s: %w", path, err)
	}
	out, err := yaml.Marshal(object)
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	return c.Write(path, string(out))
}

// Set changes one field of the only object of a file.
func (c *Checkout) Set(path string, value any, field ...string) error {
	return c.Edit(path, func(object map[string]any) error {
		return unstructured.SetNestedField(object, value, field...)
	})
}

// ProjectDir returns the folder of the project.
func (c *Checkout) ProjectDir() string {
	return filepath.Join("namespaces", c.Options.Namespace, "projects", c.Options.Project)
}

// ComponentDir returns the folder of a component.
func (c *Checkout) ComponentDir(component string) string {
	return filepath.Join(c.ProjectDir(), "components", component)
}

// BindingFile returns the file of the ReleaseBinding of a component and environment.
func (c *Checkout) BindingFile(component, environment string) string {
	name := component + "-" + environment + ".yaml"
	if c.Options.BindingsApart {
		return filepath.Join("bindings", c.Options.Project, name)
	}
	return filepath.Join(c.ComponentDir(component), "release-bindings", name)
}

// SetImage changes the image of a component's Workload.
func (c *Checkout) SetImage(component, tag string) error {
	image := fmt.Sprintf("registry.example.com/acme/%s:%s", component, tag)
	return c.Set(filepath.Join(c.ComponentDir(component), "workload.yaml"), image, "spec", "container", "image")
}

// Bind pins a release in an environment.
func (c *Checkout) Bind(component, environment, release string) error {
	binding := map[string]any{
		"apiVersion": "openchoreo.dev/v1alpha1",
		"kind":       "ReleaseBinding",
		"metadata":   map[string]any{"name": component + "-" + environment, "namespace": c.Options.Namespace},
		"spec": map[string]any{
			"owner":       map[string]any{"projectName": c.Options.Project, "componentName": component},
			"environment": environment,
			"releaseName": release,
		},
	}
	text, err := yaml.Marshal(binding)
	if err != nil {
		return fmt.Errorf("encode binding of %s: %w", component, err)
	}
	return c.Write(c.BindingFile(component, environment), string(text))
}

// CutRelease generates a ComponentRelease with OpenChoreo's occ, and returns its name.
func (c *Checkout) CutRelease(component string) (string, error) {
	cmd := exec.Command(c.Options.Occ, "componentrelease", "generate", "--mode", "file-system",
		"--root-dir", c.Dir, "--namespace", c.Options.Namespace, "--project", c.Options.Project, "--component", component)
	cmd.Env = append(os.Environ(), "HOME="+filepath.Join(c.Dir, ".git", "occ-home"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("generate a release of %s with occ: %w: %s", component, err, out)
	}
	made := regexp.MustCompile(`releases/([a-z0-9-]+)\.yaml`).FindSubmatch(out)
	if made == nil {
		return "", fmt.Errorf("generate a release of %s with occ: no file was written: %s", component, out)
	}
	return string(made[1]), nil
}

// Release sets the tag of a component's image, generates a release and pins it in the environments.
func (c *Checkout) Release(component, tag string, environments ...string) (string, error) {
	if err := c.SetImage(component, tag); err != nil {
		return "", err
	}
	release, err := c.CutRelease(component)
	if err != nil {
		return "", err
	}
	for _, e := range environments {
		if err := c.Bind(component, e, release); err != nil {
			return "", err
		}
	}
	return release, nil
}

// AddComponent adds a component of a ClusterComponentType, such as "deployment/worker", with its Workload, and generates its
// first release.
func (c *Checkout) AddComponent(name, componentType, tag string) (release string, err error) {
	if err := c.Declare(name, componentType, tag); err != nil {
		return "", err
	}
	return c.CutRelease(name)
}

// Declare adds a component and its Workload, without a release.
func (c *Checkout) Declare(name, componentType, tag string) error {
	owner := map[string]any{"projectName": c.Options.Project}
	component := map[string]any{
		"apiVersion": "openchoreo.dev/v1alpha1", "kind": "Component",
		"metadata": map[string]any{"name": name, "namespace": c.Options.Namespace},
		"spec": map[string]any{
			"owner":         owner,
			"componentType": map[string]any{"kind": "ClusterComponentType", "name": componentType},
			"autoDeploy":    false,
		},
	}
	workload := map[string]any{
		"apiVersion": "openchoreo.dev/v1alpha1", "kind": "Workload",
		"metadata": map[string]any{"name": name + "-workload", "namespace": c.Options.Namespace},
		"spec": map[string]any{
			"owner":     map[string]any{"projectName": c.Options.Project, "componentName": name},
			"container": map[string]any{"image": fmt.Sprintf("registry.example.com/acme/%s:%s", name, tag)},
		},
	}
	for file, object := range map[string]any{"component.yaml": component, "workload.yaml": workload} {
		text, err := yaml.Marshal(object)
		if err != nil {
			return fmt.Errorf("encode %s of %s: %w", file, name, err)
		}
		if err := c.Write(filepath.Join(c.ComponentDir(name), file), string(text)); err != nil {
			return err
		}
	}
	return nil
}
