package delivery_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func TestKustomizationsWait(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	linttest.Delivered(t, r, "a", "{name: b}")
	linttest.Delivered(t, r, "b", "{name: c}")
	linttest.Delivered(t, r, "c", "{name: a}")
	linttest.Delivered(t, r, "d", "{name: a}, {name: gone}")
	linttest.Delivered(t, r, "e", "{name: e}")
	linttest.Delivered(t, r, "f", "{name: d}, {name: '${X}'}, {name: y, namespace: '${Y}'}")
	want := []string{"a.yaml error DependencyCycle", "b.yaml error DependencyCycle", "c.yaml error DependencyCycle", "d.yaml warning KustomizationNotFound", "e.yaml error DependencyCycle"}
	if diff := cmp.Diff(want, linttest.Lines(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDependenciesOfOtherSources: what a Kustomization of another source, or a HelmRelease, depends on must be in the same cluster.
func TestDependenciesOfOtherSources(t *testing.T) {
	t.Parallel()
	kustomization := func(name, dependsOn string) string {
		return linttest.Flux("Kustomization", name, "prune: true, path: ./, sourceRef: {kind: OCIRepository, name: theirs}, dependsOn: ["+dependsOn+"]")
	}
	release := func(name, dependsOn string) string {
		return linttest.Flux("HelmRelease", name, "chartRef: {kind: OCIRepository, name: chart}, dependsOn: ["+dependsOn+"]")
	}
	const missing = "two.yaml warning KustomizationNotFound Kustomization flux-system/two depends on Kustomization flux-system/gone, which is not in this repository"
	const missingRelease = "two.yaml warning ApplierNotFound HelmRelease flux-system/two depends on HelmRelease flux-system/gone, which is not in this repository"
	for name, c := range map[string]struct {
		objects, roots string
		want           []string
	}{
		"Declared":       {kustomization("one", "") + kustomization("two", "{name: one}, {name: ours}"), "", nil},
		"Missing":        {kustomization("two", "{name: gone}"), "", []string{missing}},
		"OtherNamespace": {kustomization("gone", "") + kustomization("two", "{name: gone, namespace: web}"), "", []string{"two.yaml warning KustomizationNotFound Kustomization flux-system/two depends on Kustomization web/gone, which is not in this repository"}},
		"Variable":       {kustomization("two", "{name: 'a-${CLUSTER}'}"), "", nil},
		"Cycle":          {kustomization("one", "{name: two}") + kustomization("two", "{name: one}"), "", []string{"one.yaml error DependencyCycle Kustomization flux-system/one depends on Kustomization flux-system/two, which depends on it in turn", "two.yaml error DependencyCycle Kustomization flux-system/two depends on Kustomization flux-system/one, which depends on it in turn"}},
		"Release":        {release("one", "") + release("two", "{name: one}"), "", nil},
		"ReleaseMissing": {release("one", "") + release("two", "{name: gone}"), "", []string{missingRelease}},
		"OfAnotherKind":  {kustomization("gone", "") + release("two", "{name: gone}"), "", []string{missingRelease}},
		"Root":           {"", kustomization("two", "{name: gone}"), []string{missing}},
		"RootDeclared":   {kustomization("gone", ""), kustomization("two", "{name: gone}, {name: ours}"), nil},
		"RootOfNeither":  {"", kustomization("gone", "") + kustomization("two", "{name: gone}"), nil},
	} {
		r := linttest.Repository(t, linttest.Shop+c.objects)
		linttest.Delivered(t, r, "ours", "")
		if c.roots != "" {
			for _, d := range linttest.Documents(t, c.roots) {
				r.Roots, r.Declared = append(r.Roots, *d), append(r.Declared, d.Ref)
			}
		}
		got := linttest.Messages(t, r, "")
		if diff := cmp.Diff(append(c.want, "checked as 1.2"), got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestDependencyInAnotherCluster: a Kustomization cannot wait for one of another cluster.
func TestDependencyInAnotherCluster(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Flux("Kustomization", "one", "prune: true, path: ./, sourceRef: {kind: OCIRepository, name: theirs}")+
		linttest.Flux("Kustomization", "two", "prune: true, path: ./, sourceRef: {kind: OCIRepository, name: theirs}, dependsOn: [{name: one}]"))
	set := func(clusters ...string) *manifest.Repository {
		for i, c := range clusters {
			r.Objects[i].Cluster = c
		}
		return r
	}
	if got := linttest.Of(t, set("east", "east"), "KustomizationNotFound"); got != "" {
		t.Errorf("in one cluster: %s", got)
	}
	if got := linttest.Of(t, set("east", "west"), "KustomizationNotFound"); got == "" {
		t.Error("in two clusters: not found")
	}
}

// TestManyDependencies: the time is that of the number of dependencies.
func TestManyDependencies(t *testing.T) {
	t.Parallel()
	r := &manifest.Repository{}
	const many = 300
	text := ""
	for i := range many {
		text += linttest.Flux("HelmRelease", name(i), "chartRef: {kind: OCIRepository, name: chart}, dependsOn: [{name: "+name((i+1)%many)+"}]")
	}
	r = linttest.Repository(t, text)
	if got := len(linttest.Lines(t, r)); got != many {
		t.Errorf("%d findings, want %d", got, many)
	}
}

func name(i int) string {
	return "r" + string(rune('a'+i/676%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i%26))
}
