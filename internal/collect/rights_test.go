//go:build !race

package collect

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// watchman records the permission that each request needs.
type watchman struct {
	*cluster
	mu     sync.Mutex
	needed map[right]bool
}

type right struct{ verb, group, resource string }

func (w *watchman) need(verb, group, kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if k, ok := kinds.Lookup(group, kind); ok {
		w.needed[right{verb, group, k.Plural}] = true
	}
}

func (w *watchman) Get(ctx context.Context, ref facts.Ref) facts.Object {
	w.need("get", ref.Group, ref.Kind)
	return w.cluster.Get(ctx, ref)
}

func (w *watchman) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	w.need("list", q.Group, q.Kind)
	return w.cluster.List(ctx, q)
}

type clusterRole struct {
	Rules []struct{ APIGroups, Resources, Verbs []string }
}

func (c clusterRole) grants(r right) bool {
	for _, rule := range c.Rules {
		if slices.Contains(rule.APIGroups, r.group) && slices.Contains(rule.Resources, r.resource) && slices.Contains(rule.Verbs, r.verb) {
			return true
		}
	}
	return false
}

// TestDocumentedRights expects that docs/clusterrole.yaml grants every request of the recorded scenarios.
func TestDocumentedRights(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "clusterrole.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var role clusterRole
	if err := yaml.Unmarshal(text, &role); err != nil {
		t.Fatal(err)
	}
	scenarios, err := os.ReadDir(filepath.Join("..", "..", "testdata", "scenarios"))
	if err != nil {
		t.Fatal(err)
	}
	needed := map[right]bool{}
	for _, s := range scenarios {
		c, subject := recorded(t, s.Name())
		collect(t, &watchman{cluster: c, needed: needed}, subject)
	}
	for r := range needed {
		if !role.grants(r) {
			t.Errorf("docs/clusterrole.yaml does not grant %s %s.%s", r.verb, r.resource, r.group)
		}
	}
	for _, rule := range role.Rules {
		if slices.Contains(rule.Resources, "secrets") || slices.Contains(rule.Resources, "*") || slices.ContainsFunc(rule.Verbs, func(verb string) bool { return verb != "get" && verb != "list" }) {
			t.Errorf("docs/clusterrole.yaml grants too much: %v", rule)
		}
	}
}
