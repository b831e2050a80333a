package clusters

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

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
