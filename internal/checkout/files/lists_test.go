package files

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestListedGroups: files of one name in several folders that one kustomization.yaml lists belong together. One listed file counts if other
// files of that name do.
func TestListedGroups(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files  map[string]string
		wanted []string
		want   []ListedGroup
	}{
		"Group": {
			map[string]string{"apps/kustomization.yaml": "resources: [a/sync.yaml, b/sync.yaml, a/other.yaml]\n"},
			[]string{"apps/a/sync.yaml", "apps/b/sync.yaml"},
			[]ListedGroup{{"apps/", "sync.yaml"}},
		},
		"NotWanted":  {map[string]string{"apps/kustomization.yaml": "resources: [a/sync.yaml, b/sync.yaml]\n"}, []string{"apps/a/sync.yaml"}, nil},
		"OtherNames": {map[string]string{"apps/kustomization.yaml": "resources: [a/one.yaml, b/two.yaml]\n"}, []string{"apps/a/one.yaml", "apps/b/two.yaml"}, nil},
		"SingleBesideAGroup": {
			map[string]string{"apps/kustomization.yaml": "resources: [a/sync.yaml, b/sync.yaml]\n", "infra/kustomization.yaml": "resources: [x/sync.yaml]\n"},
			[]string{"apps/a/sync.yaml", "apps/b/sync.yaml", "infra/x/sync.yaml"},
			[]ListedGroup{{"apps/", "sync.yaml"}, {"infra/", "sync.yaml"}},
		},
		"Single":        {map[string]string{"infra/kustomization.yaml": "resources: [x/sync.yaml]\n"}, []string{"infra/x/sync.yaml"}, nil},
		"SingleTooDeep": {map[string]string{"apps/kustomization.yaml": "resources: [a/sync.yaml, b/sync.yaml]\n", "infra/kustomization.yaml": "resources: [x/y/sync.yaml]\n"}, []string{"apps/a/sync.yaml", "apps/b/sync.yaml", "infra/x/y/sync.yaml"}, []ListedGroup{{"apps/", "sync.yaml"}}},
		"Invalid":       {map[string]string{"apps/kustomization.yaml": "resources: [\n"}, []string{"apps/a/sync.yaml"}, nil},
	} {
		wanted := map[string]bool{}
		for _, file := range c.wanted {
			wanted[file], c.files[file] = true, object
		}
		got := parseAll(t, c.files).ListedGroups(wanted)
		if len(got) == 0 {
			got = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestCommonParent(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"apps/": {"apps/a/x.yaml", "apps/b/x.yaml", "apps/c/d/x.yaml"}, "a/b/": {"a/b/c/x.yaml", "a/b/d/x.yaml"},
	} {
		if got := commonParent(names); got != want {
			t.Errorf("%q: %q, want %q", names, got, want)
		}
	}
	for _, names := range [][]string{{"apps/a/x.yaml"}, {"apps/x.yaml", "apps/y.yaml"}, {"a/x.yaml", "b/x.yaml"}} {
		if got := commonParent(names); got != "" {
			t.Errorf("%q: %q", names, got)
		}
	}
}

// TestLineOfGeneratorByName: kustomize adds a prefix and a hash to the name of a generator's entry.
func TestLineOfGeneratorByName(t *testing.T) {
	t.Parallel()
	f := parseAll(t, map[string]string{
		"kustomization.yaml": "configMapGenerator:\n- name: app\n- name: app-config\nsecretGenerator: none\n", "broken.yaml": "a: [\n",
	})
	for _, c := range []struct {
		file, list, built string
		want              int
	}{
		{"kustomization.yaml", "configMapGenerator", "dev-app-config-5k8f", 3},
		{"kustomization.yaml", "configMapGenerator", "app-5k8f", 2},
		{"kustomization.yaml", "configMapGenerator", "other", 0},
		{"kustomization.yaml", "secretGenerator", "app", 0},
		{"kustomization.yaml", "generators", "app", 0},
		{"broken.yaml", "configMapGenerator", "app", 0},
		{"gone.yaml", "configMapGenerator", "app", 0},
	} {
		if got := f.LineOfGenerator(c.file, c.list, c.built); got != c.want {
			t.Errorf("%s of %s in %s: line %d, want %d", c.built, c.list, c.file, got, c.want)
		}
	}
}
