package checkout

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEntryPoints checks that only what the named clusters begin with is applied, in files or not.
func TestEntryPoints(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"clusters/east/apps.yaml":          ks("apps", "./apps", ""),
		"clusters/west/kustomization.yaml": kustomization("apps.yaml"), "clusters/west/apps.yaml": ks("apps", "./apps", ""), "clusters/west/off.yaml": ks("off", "./off", ""),
		"clusters/north/sync.yaml": ks("flux-system", "./clusters/north", "") + "---\n" + ks("apps", "./apps", ""),
		"samples/demo.yaml":        ks("demo", "./demo", ""),
		"apps/a.yaml":              configMap("a"), "off/o.yaml": configMap("o"), "demo/d.yaml": configMap("d"),
	}
	loose := []string{"off/o.yaml:1 ConfigMap o loose", "demo/d.yaml:1 ConfigMap d loose"}
	for _, c := range []struct {
		clusters []string
		want     []string
	}{
		{[]string{"clusters/east", "clusters/west/kustomization.yaml"}, append([]string{
			"clusters/east/apps.yaml:1 Kustomization flux-system/apps by flux-system in clusters/east", "apps/a.yaml:1 ConfigMap a by apps in clusters/east",
			"clusters/west/apps.yaml:1 Kustomization flux-system/apps by flux-system in clusters/west", "apps/a.yaml:1 ConfigMap a by apps in clusters/west",
		}, loose...)},
		{[]string{"clusters/north"}, append([]string{
			"clusters/north/sync.yaml:1 Kustomization flux-system/flux-system by flux-system in clusters/north",
			"clusters/north/sync.yaml:6 Kustomization flux-system/apps by flux-system in clusters/north", "apps/a.yaml:1 ConfigMap a by apps in clusters/north",
		}, loose...)},
		{[]string{"apps"}, append([]string{"apps/a.yaml:1 ConfigMap a by flux-system in apps"}, loose...)},
	} {
		r, err := Load(t.Context(), Options{Dir: lay(t, files), Clusters: c.clusters})
		if err != nil {
			t.Errorf("%v: %v", c.clusters, err)
			continue
		}
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, shown(r)); diff != "" {
			t.Errorf("%v: (-want +got)\n%s", c.clusters, diff)
		}
	}
	for _, name := range []string{"clusters/south", "clusters/east/kustomization.yaml", "apps/a.yaml"} {
		if _, err := Load(t.Context(), Options{Dir: lay(t, files), Clusters: []string{"apps", name}}); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "clusters[1]") {
			t.Errorf("%s: %v, want an error that names it", name, err)
		}
	}
}
