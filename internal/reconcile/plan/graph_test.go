package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// plan prints the waves of a graph, one a line, each object with what it needs.
func plan(g *Graph) string {
	var lines []string
	for _, wave := range g.Waves() {
		var names []string
		for _, ref := range wave {
			var needs []string
			for _, n := range g.Needs(ref) {
				needs = append(needs, fmt.Sprintf("%s %s", n.Why, n.Ref.Name))
			}
			names = append(names, fmt.Sprintf("%s %s(%s)", ref.Kind, ref.Name, strings.Join(needs, ", ")))
		}
		lines = append(lines, strings.Join(names, "; "))
	}
	return strings.Join(lines, "\n")
}

type graphCase struct {
	objects    func(t *testing.T) []facts.Object
	targets    []facts.Ref
	downstream bool
	want       string
}

func chain(t *testing.T) []facts.Object {
	t.Helper()
	return []facts.Object{
		gitRepository(t, "git", oldRevision), kustomization(t, "namespaces", oldRevision),
		kustomization(t, "platform", oldRevision, "namespaces"), kustomization(t, "projects", oldRevision, "platform"),
		kustomization(t, "elsewhere", oldRevision),
	}
}

var graphCases = map[string]graphCase{
	"Chain": {chain, []facts.Ref{ks("projects")}, false, `GitRepository git()
Kustomization namespaces(source git)
Kustomization platform(dependsOn namespaces, source git)
Kustomization projects(dependsOn platform, source git)`},
	"NothingBelowTheTarget": {chain, []facts.Ref{ks("namespaces")}, false, `GitRepository git()
Kustomization namespaces(source git)`},
	"Downstream": {chain, []facts.Ref{ks("platform")}, true, `GitRepository git()
Kustomization elsewhere(source git); Kustomization namespaces(source git)
Kustomization platform(dependsOn namespaces, source git)
Kustomization projects(dependsOn platform, source git)`},
	"DownstreamTakesWhatThatNeeds": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{
			gitRepository(t, "git", oldRevision), gitRepository(t, "other", oldRevision), kustomization(t, "a", oldRevision),
			kustomization(t, "b", oldRevision, "a", "c"), set(t, kustomization(t, "c", oldRevision), "other", "spec", "sourceRef", "name"),
		}
	}, []facts.Ref{ks("a")}, true, `GitRepository git(); GitRepository other()
Kustomization a(source git); Kustomization c(source other)
Kustomization b(dependsOn a, dependsOn c, source git)`},
	// flux bootstrap: the root applies itself, its own source, and the rest.
	"Bootstrap": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{
			appliedBy(gitRepository(t, "git", oldRevision), "root"), appliedBy(kustomization(t, "root", oldRevision), "root"),
			appliedBy(kustomization(t, "apps", oldRevision), "root"),
		}
	}, []facts.Ref{ks("apps")}, false, `GitRepository git()
Kustomization root(source git)
Kustomization apps(parent root, source git)`},
	"SourceOfTheRootAlone": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{appliedBy(gitRepository(t, "git", oldRevision), "root"), appliedBy(kustomization(t, "root", oldRevision), "root")}
	}, []facts.Ref{git("git")}, false, `GitRepository git()`},
	"ParentOfAnotherSource": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{
			gitRepository(t, "git", oldRevision), kustomization(t, "root", oldRevision),
			appliedBy(gitRepository(t, "apps", oldRevision), "root"), set(t, kustomization(t, "apps", oldRevision), "apps", "spec", "sourceRef", "name"),
		}
	}, []facts.Ref{ks("apps")}, false, `GitRepository git()
Kustomization root(source git)
GitRepository apps(parent root)
Kustomization apps(source apps)`},
	"FluxInstanceInItsOwnRepository": {func(t *testing.T) []facts.Object {
		t.Helper()
		root := kustomization(t, "root", oldRevision)
		root.Body.SetLabels(map[string]string{kinds.FluxOperator + "/name": "flux", kinds.FluxOperator + "/namespace": "flux-system"})
		instance := object(t, `{apiVersion: fluxcd.controlplane.io/v1, kind: FluxInstance, metadata: {namespace: flux-system, name: flux}}`)
		return []facts.Object{gitRepository(t, "git", oldRevision), root, appliedBy(instance, "root")}
	}, []facts.Ref{ks("root")}, false, `FluxInstance flux(); GitRepository git()
Kustomization root(parent flux, source git)`},
	"Includes": {func(t *testing.T) []facts.Object {
		t.Helper()
		including := set(t, gitRepository(t, "git", oldRevision), []any{map[string]any{"repository": map[string]any{"name": "included"}}}, "spec", "include")
		return []facts.Object{including, gitRepository(t, "included", oldRevision), kustomization(t, "a", oldRevision)}
	}, []facts.Ref{ks("a")}, false, `GitRepository included()
GitRepository git(source included)
Kustomization a(source git)`},
	"Chart": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{
			object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {namespace: flux-system, name: charts}}`),
			// helm-controller labels the chart as its own, which is a cycle like that of a bootstrap.
			object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmChart, metadata: {namespace: flux-system, name: chart, labels: {helm.toolkit.fluxcd.io/name: app, helm.toolkit.fluxcd.io/namespace: flux-system}}, spec: {sourceRef: {kind: HelmRepository, name: charts}}}`),
			object(t, `{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {namespace: flux-system, name: app}, status: {helmChart: flux-system/chart}}`),
		}
	}, []facts.Ref{flux(kinds.FluxHelm, "HelmRelease", "app")}, false, `HelmRepository charts()
HelmChart chart(source charts)
HelmRelease app(source chart)`},
	"Generator": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{
			gitRepository(t, "git", oldRevision),
			object(t, `{apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, metadata: {namespace: flux-system, name: generator}, spec: {sources: [{alias: repo, kind: GitRepository, name: git}]}}`),
			object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: ExternalArtifact, metadata: {namespace: flux-system, name: artifact}, spec: {sourceRef: {apiVersion: source.extensions.fluxcd.io/v1beta1, kind: ArtifactGenerator, name: generator}}}`),
			set(t, kustomization(t, "a", oldRevision), map[string]any{"kind": "ExternalArtifact", "name": "artifact"}, "spec", "sourceRef"),
		}
	}, []facts.Ref{ks("a")}, false, `GitRepository git()
ArtifactGenerator generator(source git)
ExternalArtifact artifact(source generator)
Kustomization a(source artifact)`},
	"ParentThatIsGone": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{gitRepository(t, "git", oldRevision), appliedBy(kustomization(t, "a", oldRevision), "gone"), {Ref: ks("gone"), Outcome: facts.Absent}}
	}, []facts.Ref{ks("a")}, false, `GitRepository git()
Kustomization a(source git)`},
	"AppOfApps": {func(t *testing.T) []facts.Object {
		t.Helper()
		return []facts.Object{
			object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: root}}`),
			object(t, `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {namespace: argocd, name: app, annotations: {argocd.argoproj.io/tracking-id: "root:argoproj.io/Application:argocd/app"}}}`),
		}
	}, []facts.Ref{{Plane: facts.Control, Group: kinds.ArgoCD, Kind: "Application", Namespace: "argocd", Name: "app"}}, false, `Application root()
Application app(parent root)`},
	"TwoTargets": {chain, []facts.Ref{ks("namespaces"), ks("elsewhere")}, false, `GitRepository git()
Kustomization elsewhere(source git); Kustomization namespaces(source git)`},
}

func TestGraph(t *testing.T) {
	t.Parallel()
	for name, c := range graphCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := New(snapshot(c.objects(t)...), c.targets, c.downstream)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, plan(g)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestGraphRefusesCycles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		objects []facts.Object
		want    string
	}{
		"DependsOn": {
			[]facts.Object{gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision, "b"), kustomization(t, "b", oldRevision, "c"), kustomization(t, "c", oldRevision, "b")},
			"Kustomizations of namespace flux-system wait for each other: b -> c -> b; take one of these out of spec.dependsOn or spec.include",
		},
		"Itself": {
			[]facts.Object{gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision, "a")},
			"Kustomizations of namespace flux-system wait for each other: a -> a; take one of these out of spec.dependsOn or spec.include",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := New(snapshot(c.objects...), []facts.Ref{ks("a")}, false)
			var cycle *CycleError
			if !errors.As(err, &cycle) || err.Error() != c.want {
				t.Errorf("graph %v, error %v\nwant %s", g, err, c.want)
			}
		})
	}
}

func TestCycleOfSeveralNamespacesNamesThem(t *testing.T) {
	t.Parallel()
	other := ks("b")
	other.Namespace = "apps"
	err := &CycleError{Cycle: []facts.Ref{ks("a"), other, ks("a")}}
	want := "objects wait for each other: Kustomization flux-system/a -> Kustomization apps/b -> Kustomization flux-system/a; take one of these out of spec.dependsOn or spec.include"
	if err.Error() != want {
		t.Errorf("%s\nwant %s", err, want)
	}
}

func TestGraphRefusesWhatDeliversNothing(t *testing.T) {
	t.Parallel()
	for _, ref := range []facts.Ref{
		{Plane: facts.Control, Kind: "Pod", Namespace: "default", Name: "p"},
		{Plane: facts.Control, Group: kinds.ArgoCD, Kind: "Rollout", Namespace: "default", Name: "r"},
	} {
		if _, err := New(snapshot(), []facts.Ref{ref}, false); err == nil {
			t.Errorf("%s was accepted", ref)
		}
	}
}

func TestOnlyLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	g := Only(ks("a"))
	if got := plan(g); got != "Kustomization a()" || !g.Has(ks("a")) || g.Has(ks("b")) {
		t.Errorf("%s", got)
	}
}

func TestUnreadIsWhatACollectorStillHasToAsk(t *testing.T) {
	t.Parallel()
	s := snapshot(appliedBy(kustomization(t, "a", oldRevision, "b"), "root"), facts.Object{Ref: ks("b"), Outcome: facts.Absent})
	if diff := cmp.Diff([]facts.Ref{git("git"), ks("root")}, Unread(s, []facts.Ref{ks("a")}, false)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
