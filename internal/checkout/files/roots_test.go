package files

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRoots: a folder that another one includes is no root, and neither is a Component or a chart. What is in use is left out, but what it
// includes is not taken by it.
func TestRoots(t *testing.T) {
	t.Parallel()
	f := parseAll(t, map[string]string{
		"base/kustomization.yaml":            "resources: [a.yaml]\n",
		"dev/kustomization.yaml":             "resources: [../base]\ncomponents: [../part]\n",
		"prod/kustomization.yaml":            "resources: [../base]\n",
		"part/kustomization.yaml":            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
		"alone/kustomization.yml":            "namePrefix: x-\n",
		"used/kustomization.yaml":            "resources: [../only]\n",
		"only/Kustomization":                 "namePrefix: x-\n",
		"plain/a.yaml":                       object,
		"chart/Chart.yaml":                   "name: c\nversion: 1.0.0\n",
		"chart/templates/kustomization.yaml": "namePrefix: x-\n",
	})
	for name, c := range map[string]struct {
		used map[string]bool
		want []string
	}{
		"None": {nil, []string{"alone", "dev", "prod", "used"}},
		"Some": {map[string]bool{"used/kustomization.yaml": true, "prod/kustomization.yaml": true}, []string{"alone", "dev", "only"}},
	} {
		if diff := cmp.Diff(c.want, f.Roots(c.used)); diff != "" {
			t.Errorf("%s in use (-want +got)\n%s", name, diff)
		}
	}
}
