package delivery_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestSourceOfOneKustomization: one that alone names a source, which is not declared, but applies a folder of this repository.
func TestSourceOfOneKustomization(t *testing.T) {
	t.Parallel()
	const declared = "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: %s, namespace: flux-system}, spec: {interval: 1m, url: https://git.example.net/x}}"
	for name, c := range map[string]struct {
		sources  []string // of the Kustomizations
		declared string
		folder   string // of the last one; default its name
		want     string
	}{
		"AllTheSame":       {[]string{"fleet", "fleet"}, "", "", ""},
		"Mistyped":         {[]string{"fleet", "fleet", "flet"}, "", "", "its path is a folder of this repository: is GitRepository flux-system/fleet meant?"},
		"OtherDeclared":    {[]string{"fleet", "flet"}, "fleet", "", "its path is a folder of this repository: is GitRepository flux-system/fleet meant?"},
		"Declared":         {[]string{"fleet", "fleet", "flet"}, "flet", "", ""},
		"EachItsOwn":       {[]string{"fleet", "flet"}, "", "", ""},
		"OfBootstrap":      {[]string{"flux-systemx", "flux-system"}, "", "", "its path is a folder of this repository: is GitRepository flux-system/flux-system meant?"},
		"NotOfBootstrap":   {[]string{"fleet", "flux-system"}, "", "", ""},
		"NamedBySeveral":   {[]string{"fleet", "fleet", "flet", "flet"}, "", "", ""},
		"TheWholeOfTheirs": {[]string{"fleet", "fleet", "flet"}, "", ".", ""},
		"Variable":         {[]string{"fleet", "fleet", "${SOURCE}"}, "", "", ""},
	} {
		r := linttest.Repository(t, linttest.Shop)
		for i, source := range c.sources {
			linttest.Delivered(t, r, fmt.Sprint("k", i), "")
			last := &r.Kustomizations[len(r.Kustomizations)-1]
			if err := unstructured.SetNestedField(last.Body.Object, source, "spec", "sourceRef", "name"); err != nil {
				t.Fatal(err)
			}
			if i == len(c.sources)-1 && c.folder != "" {
				last.Folder = c.folder
			}
		}
		if c.declared != "" {
			d := linttest.Documents(t, fmt.Sprintf(declared, c.declared))[0]
			r.Objects = append(r.Objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d})
			r.Declared = append(r.Declared, d.Ref)
		}
		got := ""
		for _, f := range linttest.Findings(t, r) {
			if f.Code == "SourceNotFound" {
				got += f.Hint
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestMeantSources: one Kustomization of another source names what is nearly a declared source. Several that name it have theirs elsewhere.
func TestMeantSources(t *testing.T) {
	t.Parallel()
	ks := func(name, source string) string {
		return linttest.Flux("Kustomization", name, "prune: true, sourceRef: {kind: GitRepository, name: '"+source+"'}")
	}
	const missing = "b.yaml warning SourceNotFound Kustomization flux-system/b names GitRepository flux-system/tem, which is not in this repository"
	team := linttest.Flux("GitRepository", "team", "url: 'https://git.example.net/team'")
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Declared":  {team + ks("b", "team"), nil},
		"Mistyped":  {team + ks("a", "team") + ks("b", "tem"), []string{missing}},
		"Unnamed":   {team + ks("b", "other"), []string{strings.Replace(missing, "tem,", "other,", 1)}},
		"Elsewhere": {team + ks("a", "team") + ks("b", "other"), nil},
		"Several":   {team + ks("a", "tem") + ks("b", "tem"), nil},
		"Variable":  {team + ks("b", "${TEM}"), nil},
		"NoSource":  {ks("b", "tem"), nil},
	} {
		linttest.CompareMessages(t, name, c.text, c.want)
		r := linttest.Repository(t, linttest.Shop)
		for _, d := range linttest.Documents(t, c.text) {
			r.Roots, r.Declared = append(r.Roots, *d), append(r.Declared, d.Ref)
		}
		if got := linttest.Of(t, r, "SourceNotFound"); got != strings.Join(c.want, "") {
			t.Errorf("%s, which a bootstrap applies: %q, want %q", name, got, c.want)
		}
	}
}

func TestEncryptedSecrets(t *testing.T) {
	t.Parallel()
	load := func(annotation string, decryption any, applied bool) *manifest.Repository {
		r := linttest.Repository(t, "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop, annotations: {kustomize.toolkit.fluxcd.io/decrypt: '"+annotation+"'}}, stringData: {a: 'ENC[x]'}, sops: {mac: x}}\n")
		kinds := []string{}
		if applied {
			kinds = append(kinds, "Secret")
		}
		linttest.Delivered(t, r, "apps", "", kinds...)
		if decryption != nil {
			r.Kustomizations[0].Body.Object["spec"].(map[string]any)["decryption"] = decryption
		}
		return r
	}
	want := []string{"s.yaml error KustomizationApplyFailed Secret shop/s is encrypted with SOPS, and Kustomization flux-system/apps has no spec.decryption", "checked as 1.2"}
	for name, c := range map[string]struct {
		r    *manifest.Repository
		want []string
	}{
		"NotConfigured": {load("", nil, true), want},
		"Configured":    {load("", map[string]any{"provider": "sops"}, true), want[1:]},
		"Disabled":      {load("disabled", nil, true), want[1:]},
		"NotApplied":    {load("", nil, false), want[1:]},
	} {
		if diff := cmp.Diff(c.want, linttest.Messages(t, c.r, "")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
