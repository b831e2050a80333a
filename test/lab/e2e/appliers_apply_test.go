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

// speak makes the engine's objects, with what the engine says of them.
func (a *applied) speak(ctx context.Context, words *strings.Replacer) error {
	for _, step := range []struct {
		text string
		args []string
	}{{a.objects, nil}, {a.status, []string{"--subresource=status"}}} {
		if step.text == "" {
			continue
		}
		if err := a.kubectlApply(ctx, words.Replace(step.text), step.args...); err != nil {
			return err
		}
	}
	return nil
}

func (a *applied) kubectlApply(ctx context.Context, text string, args ...string) error {
	manager := a.manager
	if manager == "" {
		manager = "kubectl"
	}
	_, err := shared.lab.Kubectl(ctx, "", text, append([]string{"apply", "--server-side", "--force-conflicts", "--field-manager=" + manager, "--filename=-"}, args...)...)
	return err
}

// apply gives the component's own objects to the cluster, the release before what binds it, with the marks of all engines.
func (a *applied) apply(ctx context.Context, c *gitops.Checkout, words *strings.Replacer) error {
	var texts []string
	for _, pattern := range []string{"*.yaml", "releases/*.yaml", "release-bindings/*.yaml"} {
		files, err := filepath.Glob(filepath.Join(c.Dir, c.ComponentDir(a.name), pattern))
		if err != nil {
			return err
		}
		slices.Sort(files)
		for _, file := range files {
			text, err := a.marked(file)
			if err != nil {
				return err
			}
			texts = append(texts, words.Replace(text))
		}
	}
	return a.kubectlApply(ctx, strings.Join(texts, "---\n"))
}

func (a *applied) marked(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(text, &u.Object); err != nil {
		return "", fmt.Errorf("parse %s: %w", file, err)
	}
	for _, engine := range append([]*applied{a}, a.also...) {
		if engine.mark != nil {
			engine.mark(u)
		}
	}
	out, err := yaml.Marshal(u.Object)
	return string(out), err
}

// labelled puts on the two labels by which Flux's engines know what they apply.
func labelled(prefix, namespace, name string) func(u *unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		labels := map[string]string{prefix + "/namespace": namespace, prefix + "/name": name}
		for key, value := range u.GetLabels() {
			labels[key] = value
		}
		u.SetLabels(labels)
	}
}

// condition is one entry of a status.
func condition(name, status, reason, message string) string {
	return fmt.Sprintf("{type: %s, status: %q, reason: %s, message: %q, observedGeneration: 1, lastTransitionTime: NOW}", name, status, reason, message)
}
