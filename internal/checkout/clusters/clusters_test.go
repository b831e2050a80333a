package clusters

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/build"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// deliveries returns a delivery for each "FILE NAME FOLDER"; one with the file - has no document, and one whose name is app is an
// Application, which applies its folder as it is.
func deliveries(texts ...string) (all []build.Delivery) {
	for _, text := range texts {
		words := strings.Fields(text)
		d := build.Delivery{Ref: facts.Ref{Kind: "Kustomization", Name: words[1]}, Folder: words[2], Content: engine.Content{AsIs: words[1] == "app"}}
		if words[0] != "-" {
			d.Document = &manifest.Document{Place: manifest.Place{File: words[0]}}
		}
		all = append(all, d)
	}
	return all
}

// TestOf: the clusters of layouts.
func TestOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ roots, want []string }{
		"None":      {nil, []string{}},
		"SameNames": {[]string{"fleet/a/apps.yaml apps apps/a", "fleet/b/apps.yaml apps apps/b", "fleet/b/more.yaml more more", "else/x.yaml x x"}, []string{"fleet/a", "fleet/b", "fleet/b", ""}},
		"SameNamesAtSeveralDepths": {
			[]string{"fleet/eu/a/apps.yaml apps apps", "fleet/eu/b/apps.yaml apps apps", "fleet/us/c/apps.yaml apps apps"},
			[]string{"fleet/eu", "fleet/eu", "fleet/us"},
		},
		"SameNameInOneFolder": {[]string{"fleet/a/apps.yaml apps apps", "fleet/a/again.yaml apps apps"}, []string{"", ""}},
		"Bootstraps":          {[]string{"k8s/a/sync.yaml one k8s/a", "k8s/b/flux/sync.yaml two k8s/b", "k8s/c.yaml three apps"}, []string{"k8s/a", "k8s/b", ""}},
		"BootstrapTwice":      {[]string{"k8s/a/sync.yaml one k8s/a", "k8s/a/again.yaml two k8s/a"}, []string{"", ""}},
		"OneBootstrap":        {[]string{"k8s/a/sync.yaml one k8s/a", "k8s/b/x.yaml two apps"}, []string{"", ""}},
		"BootstrapInAnother":  {[]string{"k8s/a/sync.yaml one k8s/a", "k8s/a/b/sync.yaml two k8s/a/b"}, []string{"", ""}},
		"BootstrapAroundOne":  {[]string{"k8s/a/b/sync.yaml two k8s/a/b", "k8s/a/sync.yaml one k8s/a"}, []string{"", ""}},
		"BootstrapOfTheRoot":  {[]string{"a/sync.yaml one .", "k8s/b/sync.yaml two k8s/b"}, []string{"", ""}},
		"NamedClusters":       {[]string{"x/clusters/a/one.yaml one apps", "x/clusters/b/two.yaml two apps", "y/z.yaml three z"}, []string{"x/clusters/a", "x/clusters/b", ""}},
		"NamedAtTheRoot":      {[]string{"clusters/a/one.yaml one apps", "clusters/b/two.yaml two apps"}, []string{"clusters/a", "clusters/b"}},
		"OneNamedCluster":     {[]string{"clusters/a/one.yaml one apps", "clusters/a/two.yaml two apps"}, []string{"", ""}},
		"FileAmongClusters":   {[]string{"clusters/a/one.yaml one apps", "clusters/two.yaml two apps"}, []string{"", ""}},
		"WithoutDocument":     {[]string{"- one apps", "fleet/a/x.yaml x x", "fleet/b/x.yaml x x"}, []string{"", "fleet/a", "fleet/b"}},
	} {
		if diff := cmp.Diff(c.want, Of(deliveries(c.roots...))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestFolder: Applications of one name are no two clusters' bootstraps.
func TestFolder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		all  []string
		want string
	}{
		"None":         {nil, tree.NoFolder},
		"Applications": {[]string{"fleet/a/x.yaml app x", "fleet/b/x.yaml app x"}, tree.NoFolder},
		"Root":         {[]string{"a/x.yaml x x", "b/x.yaml x x"}, ""},
		"Outermost":    {[]string{"f/a/b/x.yaml x x", "f/a/c/x.yaml x x", "f/d/y.yaml y y", "f/e/y.yaml y y"}, "f/"},
	} {
		if got := Folder(deliveries(c.all...)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestOfFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, prefix, want string }{
		{"clusters/dev/flux.yaml", "clusters/", "clusters/dev"},
		{"clusters/dev/deep/flux.yaml", "clusters/", "clusters/dev"},
		{"clusters/all.yaml", "clusters/", ""},
		{"apps/dev/a.yaml", "clusters/", ""},
		{"dev/flux.yaml", "", "dev"},
		{"flux.yaml", "", ""},
		{"dev/flux.yaml", tree.NoFolder, ""},
	} {
		if got := OfFile(c.file, c.prefix); got != c.want {
			t.Errorf("%s below %q: %q, want %q", c.file, c.prefix, got, c.want)
		}
	}
}
