package build

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMissing: kustomize stops at the first file that does not exist. All are reported, of all fields and of the folders that the build would have
// included, each at its line and once.
func TestMissing(t *testing.T) {
	t.Parallel()
	const gone = ", which does not exist"
	names := func(line int, file, entry string) string {
		return fmt.Sprintf("%s:%d 2 k: it names '%s'%s", file, line, entry, gone)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"Several": {map[string]string{"k/kustomization.yaml": kustomization("gone.yaml", "a.yaml", "also-gone.yaml", "../b/gone.yaml")}, []string{
			names(2, "k/kustomization.yaml", "gone.yaml"), names(4, "k/kustomization.yaml", "also-gone.yaml"), names(5, "k/kustomization.yaml", "../b/gone.yaml"),
		}},
		"OneLine": {map[string]string{"k/kustomization.yaml": "resources: [gone.yaml, also-gone.yaml]\n"}, []string{
			names(1, "k/kustomization.yaml", "also-gone.yaml"), names(1, "k/kustomization.yaml", "gone.yaml"),
		}},
		"Twice": {map[string]string{"k/kustomization.yaml": kustomization("gone.yaml", "gone.yaml")}, []string{names(2, "k/kustomization.yaml", "gone.yaml")}},
		"InAFolderThatIsNotReached": {map[string]string{
			"k/kustomization.yaml": kustomization("gone.yaml", "../b"), "b/kustomization.yaml": kustomization("../c", "gone.yaml"), "c/kustomization.yaml": "components: [gone]\n",
		}, []string{
			names(3, "b/kustomization.yaml", "gone.yaml"), names(1, "c/kustomization.yaml", "gone"), names(2, "k/kustomization.yaml", "gone.yaml"),
		}},
		"Circle": {map[string]string{"k/kustomization.yaml": kustomization("gone.yaml", "../b"), "b/kustomization.yaml": kustomization("../k")}, []string{names(2, "k/kustomization.yaml", "gone.yaml")}},
		"OtherFields": {map[string]string{"k/kustomization.yaml": kustomization("gone.yaml") + `patches:
- path: p.yaml
- patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
patchesStrategicMerge:
- s.yaml
- |-
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: a}
patchesJson6902:
- path: j.yaml
  target: {version: v1, kind: ConfigMap, name: a}
replacements:
- path: r.yaml
configMapGenerator:
- name: g
  files:
  - c.txt
  - key=d.txt
  envs:
  - e.env
secretGenerator:
- name: s
  env: f.env
crds:
- crd.yaml
configurations:
- conf.yaml
openapi:
  path: schema.json
transformers:
- t.yaml
generators:
- g.yaml
validators:
- v.yaml
`}, []string{
			names(2, "k/kustomization.yaml", "gone.yaml"), names(4, "k/kustomization.yaml", "p.yaml"), names(7, "k/kustomization.yaml", "s.yaml"),
			names(13, "k/kustomization.yaml", "j.yaml"), names(16, "k/kustomization.yaml", "r.yaml"), names(20, "k/kustomization.yaml", "c.txt"),
			names(21, "k/kustomization.yaml", "d.txt"), names(23, "k/kustomization.yaml", "e.env"), names(26, "k/kustomization.yaml", "f.env"),
			names(28, "k/kustomization.yaml", "crd.yaml"), names(30, "k/kustomization.yaml", "conf.yaml"), "k/kustomization.yaml:32 2 k: ", names(34, "k/kustomization.yaml", "t.yaml"),
			names(36, "k/kustomization.yaml", "g.yaml"), names(38, "k/kustomization.yaml", "v.yaml"),
		}},
		"LeftOut": {map[string]string{"k/kustomization.yaml": kustomization("gone.yaml", "b.yaml"), "k/b.yaml": configMap("b"), ".sourceignore": "k/b.yaml\n"}, []string{
			names(2, "k/kustomization.yaml", "gone.yaml"), names(3, "k/kustomization.yaml", "b.yaml") + "; source-controller leaves k/b.yaml out of the artifact: to include it, add !/k/b.yaml to .sourceignore",
		}},
		"Generator":       {map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "configMapGenerator:\n- name: g\n  files: [key=gone.txt]\n"}, []string{"k/kustomization.yaml:5 2 k: "}},
		"BesideAnInvalid": {map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "b", "gone.yaml"), "k/b/kustomization.yaml": "x: [\n"}, []string{"k/b/kustomization.yaml:1 2 k: ", names(4, "k/kustomization.yaml", "gone.yaml")}},
		"None":            {map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "a.yaml")}, []string{"k/kustomization.yaml:2 2 k: "}},
	} {
		c.files["k/a.yaml"] = configMap("a")
		b, _ := builderOf(t, c.files)
		got := shownProblems(b.Build(delivery("k", nil)).Problems)
		slices.Sort(got)
		slices.Sort(c.want)
		if len(got) == len(c.want) {
			for i, want := range c.want { // the message of kustomize is its own
				if strings.HasSuffix(want, ": ") && strings.HasPrefix(got[i], want) {
					got[i] = want
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestMissingIsBounded: a file with many names of missing files is no burden.
func TestMissingIsBounded(t *testing.T) {
	t.Parallel()
	var entries []string
	for i := range 5_000 {
		entries = append(entries, fmt.Sprintf("gone-%d.yaml", i))
	}
	b, _ := builderOf(t, map[string]string{"k/kustomization.yaml": kustomization(entries...)})
	if got := len(b.Build(delivery("k", nil)).Problems); got != maxMissing {
		t.Errorf("%d problems, want %d", got, maxMissing)
	}
	if got := len(b.Unapplied("k/kustomization.yaml")); got != maxMissing {
		t.Errorf("%d problems of a folder that nothing applies, want %d", got, maxMissing)
	}
}
