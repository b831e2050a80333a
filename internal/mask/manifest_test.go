package mask

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// manifestOf is a Secret and a ConfigMap in YAML, as somebody writes them into the text of another object.
const manifestOf = `# kept
apiVersion: v1
kind: ConfigMap
metadata: {name: kept}
data:
  k: kept
---
apiVersion: v1
kind: Secret
metadata:
  name: db # kept
type: Opaque
# was hunter2 before
data:
  k: aHVudGVyMg==
stringData:
  l: hunter2 # hunter2
  m: |
    hunter2
    hunter2
  5432: 5432
`

// TestSecretsInTexts: the data of a Secret does not leave by the text of another object, whatever the options are. With values, the
// rest of the text stays.
func TestSecretsInTexts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Manifests":       manifestOf,
		"ItemsOfAList":    "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(strings.TrimSpace(strings.Split(manifestOf, "---\n")[1]), "\n", "\n  ") + "\n- metadata: {name: kept}\n",
		"HelmValues":      "image: kept\nextraObjects:\n  - " + strings.ReplaceAll(strings.TrimSpace(strings.Split(manifestOf, "---\n")[1]), "\n", "\n    ") + "\n",
		"TextInText":      "image: kept\nextra: |\n  " + strings.ReplaceAll(manifestOf, "\n", "\n  "),
		"TemplateInText":  "image: kept\nextra: |\n  {{ if .x }}\n  kind: Secret\n  data:\n    l: hunter2\n",
		"FlowStyle":       "note: kept\nsecret: {apiVersion: v1, kind: Secret, stringData: {l: hunter2}}",
		"JSON":            `{"env": [{"name": "A", "value": "kept"}], "secret": {"apiVersion": "v1", "kind": "Secret", "stringData": {"l": "hunter2"}}}`,
		"JSONInALine":     "note: kept\nlast: '{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"stringData\": {\"l\": \"hunter2\"}}'\nthen: |\n  {\"apiVersion\": \"v1\", \"kind\": \"Secret\",\n   \"stringData\": {\"l\": \"hunter2\"}}\n",
		"QuotedAndSpaced": "note: kept\nobject:\n  \"kind\" : \"Secret\"\n  'apiVersion': \"v1\"\n  stringData: {list: [hunter2, {deep: hunter2}]}\n",
	} {
		hidden, open := New(false, false).Text(text), New(true, false).Text(text)
		for option, got := range map[string]string{"hidden": hidden, "with values": open} {
			if strings.Contains(got, "hunter2") || strings.Contains(got, "aHVudGVyMg") || strings.Contains(got, "5432: 5432") {
				t.Errorf("%s, %s:\n%s", name, option, got)
			}
		}
		if name != "JSON" && hidden != "masked-1" {
			t.Errorf("%s: a part is shown although values are hidden:\n%s", name, hidden)
		}
		if !strings.Contains(open, "kept") {
			t.Errorf("%s: the rest is masked although values are shown:\n%s", name, open)
		}
	}
}

// TestUnclearManifests: a text that declares a Secret, but cannot be taken apart, is masked as a whole.
func TestUnclearManifests(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Template":     "<<- range $i := inputs.names >>\n---\napiVersion: v1\nkind: Secret\nstringData:\n  l: hunter2\n<<- end >>\n",
		"ListTemplate": "{{ if .x }}\n- kind: 'Secret' # of the database\n  data:\n    l: hunter2\n{{ end }}\n",
		"Alias":        "x: &x {l: hunter2}\nsecret: {apiVersion: v1, kind: Secret, stringData: *x}\n",
		"AliasOfValue": "x: &x hunter2\nsecret: {apiVersion: v1, kind: Secret, stringData: {l: *x}}\n",
		"AliasInAList": "x: &x hunter2\nsecret: {apiVersion: v1, kind: Secret, stringData: {l: [*x]}}\n",
		"Merge":        "x: &x {stringData: {l: hunter2}}\nsecret: {apiVersion: v1, kind: Secret, <<: *x}\n",
		"MergeOfData":  "x: &x {l: hunter2}\nsecret: {apiVersion: v1, kind: Secret, stringData: {<<: *x}}\n",
	} {
		for _, off := range []bool{false, true} {
			if got := New(off, false).Text(text); got != "masked-1" {
				t.Errorf("%s, with values %t: %s", name, off, got)
			}
		}
	}
}

// TestNoManifests: what only speaks of Secrets stays as it is, to the byte.
func TestNoManifests(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Message":        `cannot patch "db" with kind Secret: the data: of it is immutable`,
		"MessageOfKind":  `no match for kind: Secret, in data: there is none`,
		"ExternalSecret": "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nspec:\n    data: [{remoteRef: {key: a}}]\n",
		"SecretStore":    "apiVersion: v1\nkind: SecretStore\ndata: {k: v}\n",
		"OtherGroup":     "apiVersion: example.com/v1\nkind: Secret\ndata: {k: v}\n",
		"ConfigMap":      "apiVersion: v1\nkind:   ConfigMap\nmetadata: {name: Secret}\ndata: {k: v}\n",
		"Reference":      "data:\n    from: {kind: Secret, name: db}\n",
		"Unparsed":       "{{ x }}\nkind: ConfigMap # and no Secret\ndata:\n  k: v\n",
		"UnparsedNoData": "{{ x }}\nkind: Secret\nmetadata:\n  name: db\n",
	} {
		if diff := cmp.Diff(text, New(true, false).Text(text)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestManifestsAreEqualToObjects: a value has the same token in a text as in an object, so that a comparison has the same result.
func TestManifestsAreEqualToObjects(t *testing.T) {
	t.Parallel()
	m := New(true, false)
	body, err := m.Body(parsed(t, `{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, spec: {
	  resources: [{apiVersion: v1, kind: Secret, data: {k: aHVudGVyMg==}, stringData: {l: other}}],
	  resourcesTemplate: "apiVersion: v1\nkind: Secret\ndata:\n  k: aHVudGVyMg==\nstringData:\n  l: other\n  m: hunter2\n"}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := parsed(t, `{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, spec: {
	  resources: [{apiVersion: v1, kind: Secret, data: {k: bWFza2VkLTE=}, stringData: {l: masked-2}}],
	  resourcesTemplate: "apiVersion: v1\nkind: Secret\ndata:\n  k: bWFza2VkLTE=\nstringData:\n  l: masked-2\n  m: masked-1\n"}}`)
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Secret data: 5"}, m.Sentences()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestPatches: the patch of a Secret is masked even if values are shown, and in every kind that patches.
func TestPatches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, masked, open string }{
		"OfASecret": {
			`{kind: Kustomization, apiVersion: a/v1, spec: {patches: [{target: {kind: Secret}, patch: "- {op: add, path: /stringData/l, value: x}"}]}}`,
			`{kind: Kustomization, apiVersion: a/v1, spec: {patches: [{target: {kind: Secret}, patch: masked-1}]}}`,
			`{kind: Kustomization, apiVersion: a/v1, spec: {patches: [{target: {kind: Secret}, patch: masked-1}]}}`,
		},
		"OfAnotherKind": {
			`{kind: Kustomization, apiVersion: a/v1, spec: {patches: [{target: {kind: Pod}, patch: "- {op: add, path: /a, value: x}"}]}}`,
			`{kind: Kustomization, apiVersion: a/v1, spec: {patches: [{target: {kind: Pod}, patch: masked-1}]}}`,
			`{kind: Kustomization, apiVersion: a/v1, spec: {patches: [{target: {kind: Pod}, patch: "- {op: add, path: /a, value: x}"}]}}`,
		},
		"OfAPostRenderer": {
			`{kind: HelmRelease, apiVersion: a/v1, spec: {postRenderers: [{kustomize: {patches: [{target: {kind: Pod}, patch: x}]}}]}}`,
			`{kind: HelmRelease, apiVersion: a/v1, spec: {postRenderers: [{kustomize: {patches: [{target: {kind: Pod}, patch: masked-1}]}}]}}`,
			`{kind: HelmRelease, apiVersion: a/v1, spec: {postRenderers: [{kustomize: {patches: [{target: {kind: Pod}, patch: x}]}}]}}`,
		},
	} {
		for off, want := range map[bool]string{false: c.masked, true: c.open} {
			got, err := New(off, false).Body(parsed(t, c.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parsed(t, want), got); diff != "" {
				t.Errorf("%s, with values %t (-want +got)\n%s", name, off, diff)
			}
		}
	}
}
