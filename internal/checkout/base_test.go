package checkout

import (
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cloned lays files, commits them on main, and lays others over them on another branch.
func cloned(t *testing.T, before, now map[string]string) string {
	t.Helper()
	dir := lay(t, before)
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "--quiet", "--initial-branch=main")
	git("add", "--all")
	git("commit", "--quiet", "--message=base")
	git("checkout", "--quiet", "-b", "change")
	layIn(t, dir, now)
	return dir
}

const appsWithVariables = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}, postBuild: {substitute: {n: one}, substituteFrom: [{kind: Secret, name: elsewhere}]}}
`

// TestLoadBase: the objects of the merge base, built as those of now; and variables whose value is not known are marked.
func TestLoadBase(t *testing.T) {
	t.Parallel()
	file := func(value string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {k: \"" + value + "\"}\n"
	}
	dir := cloned(t, map[string]string{"flux/apps.yaml": appsWithVariables, "apps/a.yaml": file("${n}")}, map[string]string{"apps/a.yaml": file("${n} ${unknown}")})
	now, err := Load(t.Context(), Options{Dir: dir, Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	before, err := LoadBase(t.Context(), Options{Dir: dir, Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if len(now.Objects) != 1 || len(before.Objects) != 1 {
		t.Fatalf("%v and %v", shown(now), shown(before))
	}
	text := func(o map[string]any) any { return o["data"].(map[string]any)["k"] }
	if diff := cmp.Diff([]any{"one", false, "one ${unknown}", true}, []any{text(before.Objects[0].Body.Object), before.Objects[0].Unresolved, text(now.Objects[0].Body.Object), now.Objects[0].Unresolved}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// A cluster that the change adds has no entry point before.
	none, err := LoadBase(t.Context(), Options{Dir: dir, Base: "main", Clusters: []string{"clusters/new"}})
	if err != nil || len(none.Objects) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	if _, err := LoadBase(t.Context(), Options{Dir: dir, Base: "nowhere"}); err == nil {
		t.Error("no error for an unknown base")
	}
}

// TestRemoteClusters: a kubeConfig leads to another cluster.
func TestRemoteClusters(t *testing.T) {
	t.Parallel()
	r := load(t, map[string]string{
		"flux/apps.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec: {path: ./apps, sourceRef: {kind: GitRepository, name: flux-system}, kubeConfig: {secretRef: {name: east}}}\n",
		"apps/a.yaml":    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n",
	})
	if diff := cmp.Diff([]string{"flux-system/east"}, r.Remote); diff != "" || r.Objects[0].Cluster != "flux-system/east" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
