package e2e

import (
	"fmt"
	"path/filepath"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// writeFleet writes the files of all components.
func writeFleet(c *gitops.Checkout, all []fleetCase) error {
	for name, text := range fleetTypes() {
		if err := c.Write(filepath.Join("platform-shared", "types", name+".yaml"), text); err != nil {
			return err
		}
	}
	if err := writeEnvironments(c); err != nil {
		return err
	}
	for _, b := range all {
		if b.component != "" {
			continue // another case writes it
		}
		if err := b.write(c); err != nil {
			return fmt.Errorf("write %s: %w", b.name, err)
		}
	}
	return nil
}

func (b fleetCase) write(c *gitops.Checkout) error {
	kind, tag, environments := b.kind, b.tag, b.environments
	if kind == "" {
		kind = "deployment/worker"
	}
	if tag == "" {
		tag = "1.0.0"
	}
	if environments == nil {
		environments = []string{"development"}
	}
	if err := c.Declare(b.name, kind, tag); err != nil {
		return err
	}
	if b.declare != nil {
		if err := b.declare(c, b.name); err != nil {
			return err
		}
	}
	if b.noRelease {
		return nil
	}
	release, err := c.CutRelease(b.name)
	if err != nil {
		return err
	}
	for _, e := range environments {
		if err := c.Bind(b.name, e, release); err != nil {
			return err
		}
	}
	if b.bound != nil {
		return b.bound(c, b.name, release)
	}
	return nil
}

// setField changes one field in a file of the component.
func setField(file string, value any, field ...string) func(*gitops.Checkout, string) error {
	return func(c *gitops.Checkout, name string) error {
		return c.Set(filepath.Join(c.ComponentDir(name), file), value, field...)
	}
}

// setBindingField changes one field of the ReleaseBinding for development.
func setBindingField(value any, field ...string) func(*gitops.Checkout, string, string) error {
	return func(c *gitops.Checkout, name, _ string) error {
		return c.Set(c.BindingFile(name, "development"), value, field...)
	}
}
