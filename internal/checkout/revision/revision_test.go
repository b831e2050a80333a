package revision

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
)

// cloned commits files on main, and lays others over them.
func cloned(t *testing.T, before, now map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	lay := func(files map[string]string) {
		for name, text := range files {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	lay(before)
	for _, args := range [][]string{{"init", "--quiet", "--initial-branch=main"}, {"add", "--all"}, {"commit", "--quiet", "--message=base"}} {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	lay(now)
	return dir
}

// parsedObject returns an object of a cluster.
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

// TestLoad builds a commit, whatever is checked out, from any folder of the clone. What only the cluster has is built as well.
func TestLoad(t *testing.T) {
	t.Parallel()
	file := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	for name, c := range map[string]struct {
		before, now map[string]string
		applied     []*unstructured.Unstructured
		want        []string
	}{
		"DeclaredInTheRepository": {
			map[string]string{"flux/apps.yaml": kustomizationOfCluster, "apps/a.yaml": file},
			map[string]string{"apps/b.yaml": strings.ReplaceAll(file, "name: a", "name: b")},
			[]*unstructured.Unstructured{parsedObject(t, strings.ReplaceAll(kustomizationOfCluster, "./apps", "./other"))},
			[]string{"apps/a.yaml:1 ConfigMap shop/a by apps"},
		},
		"OnlyInTheCluster": {
			map[string]string{"apps/a.yaml": file, "other/b.yaml": file},
			map[string]string{"apps/a.yaml": "changed"},
			[]*unstructured.Unstructured{parsedObject(t, kustomizationOfCluster)},
			[]string{"apps/a.yaml:1 ConfigMap shop/a by apps"},
		},
		"AppliesTheRoot": {
			map[string]string{"a.yaml": file},
			nil,
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
				r, err := Load(t.Context(), checkout.Options{Dir: from}, "main", c.applied)
				if err != nil || len(r.Commit) != 40 {
					t.Fatal(r.Commit, err)
				}
				var lines []string
				for _, o := range r.Objects {
					lines = append(lines, fmt.Sprintf("%s %s by %s", o.At(""), o.Ref, o.AppliedBy[0].Name))
				}
				if diff := cmp.Diff(c.want, lines); diff != "" {
					t.Errorf("%s (-want +got)\n%s", from, diff)
				}
			}
		})
	}
	if _, err := Load(t.Context(), checkout.Options{Dir: cloned(t, map[string]string{"a.yaml": file}, nil)}, "nowhere", nil); err == nil || !strings.Contains(err.Error(), "fetch it first") {
		t.Errorf("an unknown revision: %v", err)
	}
	if _, err := Load(t.Context(), checkout.Options{Dir: t.TempDir()}, "HEAD", nil); err == nil || !strings.Contains(err.Error(), "no clone") {
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
