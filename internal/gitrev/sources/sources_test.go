package sources

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// delivered are a source and appliers of some commits, each a letter forty times.
func delivered(commits ...string) *facts.Snapshot {
	s := facts.New(facts.Subject{Namespace: "shop", Component: "cart"}, time.Time{})
	put := func(group, kind, name string, body map[string]any) {
		s.Put(facts.Object{
			Ref:     facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: "flux-system", Name: name},
			Outcome: facts.Found, Body: &unstructured.Unstructured{Object: body},
		})
	}
	put(kinds.FluxSource, "GitRepository", "apps", map[string]any{
		"spec":   map[string]any{"url": "https://git.example.com/apps"},
		"status": map[string]any{"artifact": map[string]any{"revision": "main@sha1:" + strings.Repeat("b", 40)}},
	})
	put(kinds.FluxSource, "OCIRepository", "charts", map[string]any{
		"spec": map[string]any{"url": "oci://charts"}, "status": map[string]any{"artifact": map[string]any{"revision": "1.2.3"}},
	})
	for _, commit := range commits {
		put(kinds.FluxKustomize, "Kustomization", commit, map[string]any{"status": map[string]any{"lastAppliedRevision": "main@sha1:" + strings.Repeat(commit[:1], 40)}})
	}
	return s
}

func TestDistinctCommits(t *testing.T) {
	t.Parallel()
	want := []string{strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("c", 40)}
	if diff := cmp.Diff(want, DistinctCommits(delivered("c", "a", "a-again", "b"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := Commits(delivered("a", "a-again")); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"https://git.example.com/apps"}, URLs(delivered())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
