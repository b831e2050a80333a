package result

import (
	"slices"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestGrant(t *testing.T) {
	t.Parallel()
	kustomization := facts.Ref{Plane: facts.Control, Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}
	pod := facts.Ref{Plane: "default", Kind: "Pod", Namespace: "cell", Name: "x"}
	for name, c := range map[string]struct {
		ref    facts.Ref
		reason string
		want   []string
	}{
		"EverywhereNeedsAClusterRole": {
			kustomization, `kustomizations.kustomize.toolkit.fluxcd.io is forbidden: User "dora" cannot list resource "kustomizations" in API group "kustomize.toolkit.fluxcd.io" at the cluster scope`,
			[]string{"kubectl create clusterrole choreo-kustomization --verb=list --resource=kustomizations.kustomize.toolkit.fluxcd.io"},
		},
		"OneNamespaceNeedsARole": {
			pod, `pods "x" is forbidden: User "dora" cannot get resource "pods" in API group "" in the namespace "cell"`,
			[]string{"kubectl -n cell create role choreo-pod --verb=get --resource=pods"},
		},
		"AnotherServersWords": {pod, "access denied", []string{"kubectl -n cell create role choreo-pod --verb=get,list --resource=pods"}},
		"WordsAboutAnotherKind": {
			pod, `User "dora" cannot get resource "*" in API group "*"`,
			[]string{"kubectl -n cell create role choreo-pod --verb=get,list --resource=pods"},
		},
		"WordsAboutMoreThanReading": {
			pod, `User "dora" cannot delete resource "pods" in API group "" in the namespace "cell"`,
			[]string{"kubectl -n cell create role choreo-pod --verb=get,list --resource=pods"},
		},
		"WordsThatNameAnotherNamespace": {
			pod, `User "dora" cannot get resource "pods" in API group "" in the namespace "x; touch y"`,
			[]string{"kubectl -n cell create role choreo-pod --verb=get,list --resource=pods"},
		},
		"KindThatIsNotKnown": {facts.Ref{Kind: "Gizmo"}, "access denied", nil},
	} {
		if got := Grant(c.ref, c.reason); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
