package e2e

import (
	"context"
	"fmt"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

// edit changes the files for one commit.
type edit func(c *gitops.Checkout) error

// changes returns ten ordinary changes.
func (s *soak) changes() []change {
	return []change{
		{"release a new image to development", s.release(s.image("1.1.0"), "development")},
		{"promote it to staging", s.commit(s.promote)},
		{"run two replicas in development", s.commit(s.binding("development", int64(2), "spec", "componentTypeEnvironmentConfigs", "replicas"))},
		{"add a variable and release it", s.release(s.variable("LANGUAGE", "en"), "development", "staging")},
		{"add a component", s.addWorker},
		{"bind it to production, with a cell", s.commit(s.production)},
		{"undeploy staging and deploy it again", s.undeploy},
		{"write a README", s.commit(func(c *gitops.Checkout) error { return c.Write("README.md", "Greets.\n") })},
		{"two commits in quick succession", s.twice},
		{"rename an endpoint and release it", s.release(func(c *gitops.Checkout) error {
			return c.Set(s.workload(), map[string]any{"api": projectEndpoint()}, "spec", "endpoints")
		}, "development")},
	}
}

// projectEndpoint is an endpoint with project visibility, for which no route is rendered.
func projectEndpoint() map[string]any { return map[string]any{"type": "HTTP", "port": int64(9090)} }

func (s *soak) workload() string {
	return filepath.Join("namespaces", s.n.Namespace, "projects", s.n.Project, "components", s.component, "workload.yaml")
}

func (s *soak) image(tag string) edit {
	return func(c *gitops.Checkout) error { return c.SetImage(s.component, tag) }
}

func (s *soak) variable(key, value string) edit {
	return func(c *gitops.Checkout) error {
		return c.Set(s.workload(), []any{map[string]any{"key": key, "value": value}}, "spec", "container", "env")
	}
}

func (s *soak) binding(environment string, value any, field ...string) edit {
	return func(c *gitops.Checkout) error { return c.Set(c.BindingFile(s.component, environment), value, field...) }
}

// pushed pushes a commit for each edit, without delay.
func (s *soak) pushed(ctx context.Context, title string, edits ...edit) (sha string, err error) {
	for _, e := range edits {
		if sha, err = s.n.Commit(ctx, title, e); err != nil {
			return "", err
		}
	}
	return sha, nil
}

// commit pushes edits, and waits until the last is deployed.
func (s *soak) commit(edits ...edit) func(context.Context, string) error {
	return func(ctx context.Context, title string) error {
		sha, err := s.pushed(ctx, title, edits...)
		if err != nil {
			return err
		}
		return s.watch.until(ctx, s.component, sha)
	}
}

// release changes the Workload, generates a release and binds it. A separate Kustomization of bindings does not wait for the releases, and a
// binding that is applied first becomes stale, which is a true failure. So the release is pushed first.
func (s *soak) release(workload edit, environments ...string) func(context.Context, string) error {
	return func(ctx context.Context, title string) error {
		var name string
		cut := func(c *gitops.Checkout) (err error) {
			if err = workload(c); err == nil {
				name, err = c.CutRelease(s.component)
			}
			return err
		}
		bind := func(c *gitops.Checkout) error {
			for _, e := range environments {
				if err := s.binding(e, name, "spec", "releaseName")(c); err != nil {
					return err
				}
			}
			return nil
		}
		sha, err := s.ordered(ctx, title, cut, bind)
		if err != nil {
			return err
		}
		return s.watch.until(ctx, s.component, sha)
	}
}

// ordered pushes declarations before bindings, in one commit if one Kustomization applies both.
func (s *soak) ordered(ctx context.Context, title string, declare, bind edit) (string, error) {
	if !s.options.BindingsApart {
		return s.pushed(ctx, title, func(c *gitops.Checkout) error {
			if err := declare(c); err != nil {
				return err
			}
			return bind(c)
		})
	}
	sha, err := s.pushed(ctx, title, declare)
	if err != nil {
		return "", err
	}
	if err := shared.lab.WaitForApplied(ctx, s.n.Kustomization("projects"), sha); err != nil {
		return "", err
	}
	return s.pushed(ctx, title+": bind it", bind)
}

// pinned returns the release that is bound to an environment.
func (s *soak) pinned(c *gitops.Checkout, environment string) (release string, err error) {
	err = c.Edit(c.BindingFile(s.component, environment), func(binding map[string]any) error {
		release, _, err = unstructured.NestedString(binding, "spec", "releaseName")
		return err
	})
	return release, err
}

// promote binds the release of development to staging.
func (s *soak) promote(c *gitops.Checkout) error {
	release, err := s.pinned(c, "development")
	if err != nil {
		return err
	}
	return s.binding("staging", release, "spec", "releaseName")(c)
}

// addWorker adds a component, and waits until it is healthy at the commit. Then the other components have the commit, too.
func (s *soak) addWorker(ctx context.Context, title string) error {
	var release string
	declare := func(c *gitops.Checkout) (err error) {
		release, err = c.AddComponent("courier", "deployment/worker", "1.0.0")
		return err
	}
	bind := func(c *gitops.Checkout) error { return c.Bind("courier", "development", release) }
	sha, err := s.ordered(ctx, title, declare, bind)
	if err != nil {
		return err
	}
	return s.watch.until(ctx, "courier", sha)
}

// production adds the project's cell and the component's binding for production in one commit.
func (s *soak) production(c *gitops.Checkout) error {
	cell := fmt.Sprintf(`apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: %[2]s-production, namespace: %[1]s}
spec: {owner: {projectName: %[2]s}, environment: production}
`, c.Options.Namespace, c.Options.Project)
	if err := c.Write(filepath.Join(c.ProjectDir(), "project-release-bindings", "production.yaml"), cell); err != nil {
		return err
	}
	release, err := s.pinned(c, "staging")
	if err != nil {
		return err
	}
	return c.Bind(s.component, "production", release)
}

func (s *soak) undeploy(ctx context.Context, title string) error {
	for _, state := range []string{"Undeploy", "Active"} {
		if err := s.commit(s.binding("staging", state, "spec", "state"))(ctx, title+": "+state); err != nil {
			return err
		}
	}
	return nil
}

// twice pushes a second commit before the first is applied.
func (s *soak) twice(ctx context.Context, title string) error {
	replicas := []string{"spec", "componentTypeEnvironmentConfigs", "replicas"}
	return s.commit(s.binding("development", int64(0), replicas...), s.binding("development", int64(1), replicas...))(ctx, title)
}
