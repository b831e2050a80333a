package dryrun

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const (
	configMapA = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {k: \"1\"}\n---\n"
	configMapB = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: shop}\n---\n"
	pathA      = "kustomize-controller: /api/v1/namespaces/shop/configmaps/a"
	definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: gadgets.example.com}\nspec: {group: example.com, names: {kind: Gadget, plural: gadgets}, scope: Namespaced}\n---\n"
	gadget     = "apiVersion: example.com/v1beta1\nkind: Gadget\nmetadata: {name: g, namespace: shop}\n---\n"
)

type selectCase struct {
	before, now string
	change      func(*manifest.Repository)
	sent        []string
	notChecked  map[manifest.NotChecked]int
}

func selectCases() map[string]selectCase {
	none := map[manifest.NotChecked]int{}
	one := func(reason manifest.NotChecked) map[manifest.NotChecked]int {
		return map[manifest.NotChecked]int{reason: 1}
	}
	all := func(f func(o *manifest.Object)) func(*manifest.Repository) {
		return func(r *manifest.Repository) {
			for i := range r.Objects {
				f(&r.Objects[i])
			}
		}
	}
	return map[string]selectCase{
		"Unchanged":      {configMapA + configMapB, configMapB + configMapA, nil, nil, none},
		"Changed":        {strings.Replace(configMapA, "1", "2", 1) + configMapB, configMapA + configMapB, nil, []string{pathA}, none},
		"Added":          {configMapB, configMapA + configMapB, nil, []string{pathA}, none},
		"Deleted":        {configMapA + configMapB, configMapB, nil, nil, none},
		"Renamed":        {configMapB, strings.Replace(configMapB, "name: b", "name: a", 1), nil, []string{pathA}, none},
		"CommonMetadata": {configMapA, configMapA, func(r *manifest.Repository) { r.Kustomizations[0].Body.Object["spec"] = map[string]any{} }, []string{pathA}, none},
		"OfArgoCD": {"", configMapA, all(func(o *manifest.Object) {
			o.AppliedBy = []facts.Ref{{Group: "argoproj.io", Kind: "Application", Name: "x"}}
		}), []string{strings.Replace(pathA, "kustomize-controller", "argocd-controller", 1)}, none},
		"OfNobody":       {"", configMapA, all(func(o *manifest.Object) { o.AppliedBy = nil }), []string{strings.Replace(pathA, "kustomize-controller", "choreo-lint", 1)}, none},
		"Secret":         {"", "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {k: v}\n", nil, nil, one(manifest.IsSecret)},
		"Encrypted":      {"", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e, namespace: shop}\ndata: {k: v}\nsops: {mac: x}\n", nil, nil, one(manifest.IsEncrypted)},
		"EncryptedValue": {"", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e, namespace: shop}\ndata: {k: \"ENC[AES256_GCM,data:x]\"}\n", nil, nil, one(manifest.IsEncrypted)},
		"IfNotPresent":   {"", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: i, namespace: shop, annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}}\n", nil, nil, one(manifest.LeftAlone)},
		"Variable":       {"", configMapA, all(func(o *manifest.Object) { o.Unresolved = true }), nil, one(manifest.UnknownVariable)},
		"OtherCluster": {"", configMapA, func(r *manifest.Repository) {
			r.Objects[0].Cluster, r.Remote = "flux-system/east", []string{"flux-system/east"}
		}, nil, one(manifest.OtherCluster)},
		"UnknownKind":      {"", gadget, nil, nil, one(manifest.UnknownKind)},
		"KindOfRepository": {definition, definition + gadget, nil, []string{"kustomize-controller: /apis/example.com/v1beta1/namespaces/shop/gadgets/g"}, none},
		"NewDefinition":    {"", definition + gadget, nil, []string{"kustomize-controller: /apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.example.com"}, one(manifest.DefinitionChanges)},
		"HostilePlural":    {strings.Replace(definition, "plural: gadgets", "plural: ../../secrets", 1), strings.Replace(definition, "plural: gadgets", "plural: ../../secrets", 1) + gadget, nil, nil, one(manifest.InvalidReference)},
		"HostileName":      {"", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../secrets/a, namespace: shop}\n", nil, nil, one(manifest.InvalidReference)},
		"HostileNamespace": {"", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ../../x}\n", nil, nil, one(manifest.InvalidReference)},
		"HostileVersion":   {"", "apiVersion: apps/../v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\n", nil, nil, map[manifest.NotChecked]int{manifest.UnknownKind: 1}},
		"NoNamespace":      {"", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", nil, nil, one(manifest.InvalidReference)},
	}
}

// TestSelect: what has changed is sent, unless it must not be, or another cluster has it.
func TestSelect(t *testing.T) {
	t.Parallel()
	for name, c := range selectCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := repository(t, c.now)
			if c.change != nil {
				c.change(now)
			}
			got, _, _ := checked(t, now, repository(t, c.before), nil)
			if diff := cmp.Diff(c.sent, got.Sent); diff != "" {
				t.Errorf("sent (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.notChecked, got.Counts.NotChecked); diff != "" || len(got.Findings) > 0 || got.Counts.Accepted != len(c.sent) {
				t.Errorf("%+v, not checked (-want +got)\n%s", got, diff)
			}
		})
	}
}

// TestSentAsFluxSendsIt: a policy may require what only the Kustomization adds.
func TestSentAsFluxSendsIt(t *testing.T) {
	t.Parallel()
	_, _, a := checked(t, repository(t, configMapA), repository(t, ""), nil)
	want := `{"apiVersion":"v1","data":{"k":"1"},"kind":"ConfigMap","metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"apps","kustomize.toolkit.fluxcd.io/namespace":"flux-system","team":"shop"},"name":"a","namespace":"shop"}}`
	if diff := cmp.Diff(want, a.sent[pathA]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestClusters: a repository for several clusters needs the name of one.
func TestClusters(t *testing.T) {
	t.Parallel()
	two := repository(t, configMapA+configMapB+gadget, func(r *manifest.Repository) {
		r.Objects[0].Cluster, r.Objects[1].Cluster = "clusters/east", "clusters/west"
		r.Remote = []string{"clusters/east → x"}
	})
	for cluster, want := range map[string]string{
		"":              "add --against-cluster with one of clusters/east, clusters/west",
		"clusters/nort": `cannot find cluster "clusters/nort" of --against-cluster: use one of clusters/east, clusters/west`,
		"clusters/west": "",
	} {
		changes, err := Select(two, &manifest.Repository{}, cluster)
		if want == "" && (err != nil || len(changes) != 3 || changes[0].NotChecked != manifest.OtherCluster || changes[1].NotChecked != "" || changes[2].NotChecked != manifest.UnknownKind) {
			t.Errorf("%q: %+v, %v", cluster, changes, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", cluster, err, want)
		}
	}
	if _, err := Select(repository(t, configMapA), &manifest.Repository{}, "x"); err == nil || !strings.Contains(err.Error(), "is for one cluster") {
		t.Errorf("%v", err)
	}
}
