package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// applyEngine creates the engine's objects and writes their statuses.
func (a *engineCase) applyEngine(ctx context.Context, placeholders *strings.Replacer) error {
	for _, step := range []struct {
		text string
		args []string
	}{{a.objects, nil}, {a.status, []string{"--subresource=status"}}} {
		if step.text == "" {
			continue
		}
		if err := a.kubectlApply(ctx, placeholders.Replace(step.text), step.args...); err != nil {
			return err
		}
	}
	return nil
}

func (a *engineCase) kubectlApply(ctx context.Context, text string, args ...string) error {
	manager := a.manager
	if manager == "" {
		manager = "kubectl"
	}
	_, err := shared.lab.Kubectl(ctx, "", text, append([]string{"apply", "--server-side", "--force-conflicts", "--field-manager=" + manager, "--filename=-"}, args...)...)
	return err
}

// applyComponent applies the component's objects with the labels of all engines, releases before bindings.
func (a *engineCase) applyComponent(ctx context.Context, c *gitops.Checkout, placeholders *strings.Replacer) error {
	var texts []string
	for _, pattern := range []string{"*.yaml", "releases/*.yaml", "release-bindings/*.yaml"} {
		files, err := filepath.Glob(filepath.Join(c.Dir, c.ComponentDir(a.name), pattern))
		if err != nil {
			return err
		}
		slices.Sort(files)
		for _, file := range files {
			text, err := a.labelledManifest(file)
			if err != nil {
				return err
			}
			texts = append(texts, placeholders.Replace(text))
		}
	}
	return a.kubectlApply(ctx, strings.Join(texts, "---\n"))
}

func (a *engineCase) labelledManifest(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(text, &u.Object); err != nil {
		return "", fmt.Errorf("parse %s: %w", file, err)
	}
	for _, engine := range append([]*engineCase{a}, a.others...) {
		if engine.label != nil {
			engine.label(u)
		}
	}
	out, err := yaml.Marshal(u.Object)
	return string(out), err
}

// ownerLabels adds the labels by which Flux's engines recognize the objects that they applied.
func ownerLabels(prefix, namespace, name string) func(u *unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		labels := map[string]string{prefix + "/namespace": namespace, prefix + "/name": name}
		for key, value := range u.GetLabels() {
			labels[key] = value
		}
		u.SetLabels(labels)
	}
}

// condition returns one condition of a status.
func condition(name, status, reason, message string) string {
	return fmt.Sprintf("{type: %s, status: %q, reason: %s, message: %q, observedGeneration: 1, lastTransitionTime: NOW}", name, status, reason, message)
}
