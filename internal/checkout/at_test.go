package checkout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// parsed returns an object of a cluster.
func parsedObject(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &u.Object); err != nil {
		t.Fatal(err)
	}
	return u
}

const kustomizationOfCluster = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system, uid: u}
spec: {path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}, targetNamespace: shop}
status: {conditions: []}
`

// TestLoadAt builds a commit, whatever is checked out, from any folder of the clone. What only the cluster has is built as well.
func TestLoadAt(t *testing.T) {
	t.Parallel()
	file := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for name, c := range map[string]struct {
		before, now map[string]string
		applied     []*unstructured.Unstructured
		want        []string
	}{
		"DeclaredInTheRepository": {
			map[string]string{"flux/apps.yaml": kustomizationOfCluster, "apps/a.yaml": file}, map[string]string{"apps/b.yaml": strings.ReplaceAll(file, "name: a", "name: b")},
			[]*unstructured.Unstructured{parsedObject(t, strings.ReplaceAll(kustomizationOfCluster, "./apps", "./other"))},
			[]string{"apps/a.yaml:1 ConfigMap shop/a by apps"},
		},
		"OnlyInTheCluster": {
			map[string]string{"apps/a.yaml": file, "other/b.yaml": file}, map[string]string{"apps/a.yaml": "changed"},
			[]*unstructured.Unstructured{parsedObject(t, kustomizationOfCluster)},
			[]string{"apps/a.yaml:1 ConfigMap shop/a by apps"},
		},
		"AppliesTheRoot": {
			map[string]string{"a.yaml": file}, nil,
			[]*unstructured.Unstructured{parsedObject(t, strings.ReplaceAll(kustomizationOfCluster, "./apps", "./"))},
			[]string{"a.yaml:1 ConfigMap shop/a by apps"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := cloned(t, c.before, c.now)
			for _, from := range []string{dir, dir + "/" + strings.Split(firstFile(c.before), "/")[0]} {
				if strings.HasSuffix(from, ".yaml") {
					continue
				}
				r, commit, err := LoadAt(t.Context(), Options{Dir: from}, "main", c.applied)
				if err != nil || len(commit) != 40 {
					t.Fatal(commit, err)
				}
				var lines []string
				for _, line := range shown(&manifest.Repository{Objects: r.Objects}) {
					line, _, _ = strings.Cut(line, " in ")
					if !strings.Contains(line, "Kustomization ") {
						lines = append(lines, line)
					}
				}
				if diff := cmp.Diff(c.want, lines); diff != "" {
					t.Errorf("%s (-want +got)\n%s", from, diff)
				}
			}
		})
	}
	if _, _, err := LoadAt(t.Context(), Options{Dir: cloned(t, map[string]string{"a.yaml": file}, nil)}, "nowhere", nil); err == nil || !strings.Contains(err.Error(), "fetch it first") {
		t.Errorf("an unknown revision: %v", err)
	}
	if _, _, err := LoadAt(t.Context(), Options{Dir: t.TempDir()}, "HEAD", nil); err == nil || !strings.Contains(err.Error(), "no clone") {
		t.Errorf("no clone: %v", err)
	}
}

// firstFile is the first name of a file.
func firstFile(files map[string]string) string {
	first := "~"
	for name := range files {
		first = min(first, name)
	}
	return first
}
