package checkout

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// TestLinksAreLeftOut checks that symbolic links are ignored, because Flux's artifacts contain none. A link may lead out of the
// repository. It may also replace a path that is a folder in git's index.
func TestLinksAreLeftOut(t *testing.T) {
	t.Parallel()
	for name, clone := range map[string]bool{"Clone": true, "Folder": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outside := lay(t, map[string]string{"c.yaml": configMap("outside")})
			dir := lay(t, map[string]string{"a.yaml": configMap("a"), "folder/c.yaml": configMap("c"), "b/b.yaml": configMap("b")})
			if clone {
				git(t, dir, "init", "--quiet")
				git(t, dir, "add", "--all")
			}
			if err := os.RemoveAll(filepath.Join(dir, "folder")); err != nil {
				t.Fatal(err)
			}
			for link, to := range map[string]string{"folder": outside, "link.yaml": filepath.Join(outside, "c.yaml"), "within": "b", "loop": "loop"} {
				if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
					t.Fatal(err)
				}
			}
			r, err := Load(t.Context(), Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"a.yaml:1 ConfigMap a", "b/b.yaml:1 ConfigMap b"}, shown(r)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestNothingOutsideIsRead covers every field that can name a file, and every form of such a name.
func TestNothingOutsideIsRead(t *testing.T) {
	t.Parallel()
	const secret = "not-for-lint"
	above := lay(t, map[string]string{"outside/s.yaml": configMap("a") + "data: {a: " + secret + "}\n", "outside/kustomization.yaml": kustomization("s.yaml"), "clone/a.yaml": configMap("a")})
	dir := filepath.Join(above, "clone")
	for link, to := range map[string]string{"file": filepath.Join(above, "outside", "s.yaml"), "folder": filepath.Join(above, "outside")} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	files := []string{"../../outside/s.yaml", filepath.Join(above, "outside/s.yaml"), "../file", "../folder/s.yaml", "../../../../../../../.." + filepath.Join(above, "outside/s.yaml")}
	folders := []string{"../../outside", filepath.Join(above, "outside"), "../folder"}
	n := 0
	for _, text := range []string{
		"resources: [%q]", "components: [%q]", "patches: [{path: %q}]", "patchesStrategicMerge: [%q]", "configMapGenerator: [{name: g, files: [%q]}]", "configMapGenerator: [{name: g, files: [k=%q]}]",
		"secretGenerator: [{name: g, envs: [%q]}]", "configurations: [%q]", "crds: [%q]", "openapi: {path: %q}", "replacements: [{path: %q}]", "generators: [%q]", "transformers: [%q]", "validators: [%q]",
		"helmCharts: [{name: c, valuesFile: %q}]", "helmGlobals: {chartHome: %q}\nhelmCharts: [{name: c}]",
	} {
		for _, entry := range append(files, folders...) {
			n++
			k := filepath.Join(dir, fmt.Sprintf("k%03d", n))
			if err := os.Mkdir(k, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(k, "kustomization.yaml"), []byte(strings.Replace(fmt.Sprintf(text, entry), "k=\"", "\"k=", 1)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := Load(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := json.Marshal(r)
	if err != nil || strings.Contains(string(seen), secret) || len(r.Problems) < n {
		t.Errorf("%v; %d problems of %d kustomizations\n%s", err, len(r.Problems), n, seen)
	}
}
