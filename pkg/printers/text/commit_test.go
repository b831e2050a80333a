package text

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestCommitAddress: each host has its own path for a commit, and only a web address becomes a page.
func TestCommitAddress(t *testing.T) {
	t.Parallel()
	for repository, want := range map[string]string{
		"https://github.com/acme/fleet":            "https://github.com/acme/fleet/commit/7040926",
		"https://github.com/acme/fleet.git":        "https://github.com/acme/fleet/commit/7040926",
		"https://git.example.com/acme/fleet/":      "https://git.example.com/acme/fleet/commit/7040926",
		"https://gitlab.example.com/acme/fleet":    "https://gitlab.example.com/acme/fleet/-/commit/7040926",
		"https://bitbucket.org/acme/fleet.git":     "https://bitbucket.org/acme/fleet/commits/7040926",
		"ssh://git@github.com/acme/fleet":          "",
		"https://token@github.com/acme/fleet":      "",
		"http://git.flux-system.svc.cluster.local": "",
		"": "",
	} {
		if got := commitAddress(repository, "7040926"); got != want {
			t.Errorf("%q: %q, want %q", repository, got, want)
		}
	}
	if got := commitAddress("https://github.com/acme/fleet", ""); got != "" {
		t.Errorf("without a commit: %q", got)
	}
}

// TestCommitPage: a commit has a page if all GitRepositories that have fetched it have one address.
func TestCommitPage(t *testing.T) {
	t.Parallel()
	type source struct{ url, revision string }
	const revision, github = "main@sha1:7040926aaaaaaaaa", "https://github.com/acme/fleet"
	for name, c := range map[string]struct {
		sources []source
		want    string
	}{
		"None":           {nil, ""},
		"One":            {[]source{{github, revision}}, github + "/commit/7040926aaaaaaaaa"},
		"OtherBranch":    {[]source{{github, "release@sha1:7040926aaaaaaaaa"}}, github + "/commit/7040926aaaaaaaaa"},
		"OtherCommit":    {[]source{{github, "main@sha1:21cf1bcaaaaaaaaa"}}, ""},
		"BesideAnother":  {[]source{{"https://github.com/acme/other", "main@sha1:21cf1bcaaaaaaaaa"}, {github, revision}}, github + "/commit/7040926aaaaaaaaa"},
		"SameAddress":    {[]source{{github, revision}, {github, revision}}, github + "/commit/7040926aaaaaaaaa"},
		"OtherAddress":   {[]source{{github, revision}, {"https://github.com/acme/fork", revision}}, ""},
		"WithoutAddress": {[]source{{"", revision}}, ""},
	} {
		s := facts.New(facts.Subject{}, printerstest.Now)
		for i, one := range c.sources {
			s.Put(facts.Object{
				Ref:     facts.Ref{Plane: facts.Control, Group: "source.toolkit.fluxcd.io", Kind: "GitRepository", Namespace: "flux-system", Name: string(rune('a' + i))},
				Outcome: facts.Found,
				Body: &unstructured.Unstructured{Object: map[string]any{
					"spec": map[string]any{"url": one.url}, "status": map[string]any{"artifact": map[string]any{"revision": one.revision}},
				}},
			})
		}
		s.Put(facts.Object{Ref: facts.Ref{Plane: facts.Control, Group: "source.toolkit.fluxcd.io", Kind: "GitRepository", Name: "missing"}, Outcome: facts.Absent})
		if got := newTree(style.Options{Snapshot: s}).commitPage(revision); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := newTree(style.Options{}).commitPage(revision); got != "" {
		t.Errorf("without a Snapshot: %q", got)
	}
}
