package offline

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRemoteNames holds what kustomize downloads and what it clones.
func TestRemoteNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ isURL, isClone, isSource bool }{
		"a.yaml":                     {},
		"../base":                    {},
		"a=b.yaml":                   {},
		"http:a.yaml":                {isURL: true, isSource: true},
		"https://h.example/a.yaml":   {isURL: true, isClone: false, isSource: true},
		"HTTPS://h.example/a.yaml":   {isURL: true, isSource: true},
		"k=https://h.example/a.yaml": {isSource: true},
		"https://github.com/a/b":     {isURL: true, isClone: true, isSource: true},
		"github.com/a/b":             {isClone: true},
		"git@h.example:a/b":          {isClone: true},
		"ssh://h.example/a/b":        {isClone: true},
		"file:///a//b?ref=c":         {isClone: true},
		"git::github.com/a/b":        {isClone: true},
		"GIT::github.com/a/b":        {isClone: true},
		"git::a.yaml":                {},
	} {
		if isURL(name) != c.isURL || isClone(name) != c.isClone || isRemoteSource(name) != c.isSource {
			t.Errorf("%s: URL %t, clone %t, source %t", name, isURL(name), isClone(name), isRemoteSource(name))
		}
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"a.yaml": "k/a.yaml", "./a.yaml": "k/a.yaml", "../base": "base", "..": "/checkout", "../../etc": "/etc", "/etc/passwd": "/etc/passwd",
		"/checkout/base/../a": "a", "/checkoutx/a": "/checkoutx/a",
	} {
		if got := resolve("k", entry); got != want {
			t.Errorf("%s: %s, want %s", entry, got, want)
		}
	}
}

// cleanCase is a kustomization.yaml in the folder k, without its apiVersion and kind.
type cleanCase struct {
	text, want string
	removed    []string // values
	missing    []string // those of them that would have added objects
}

func checkClean(t *testing.T, others map[string]string, cases map[string]cleanCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"k": c.text}
			for name, text := range others {
				files[name] = text
			}
			var removed []string
			r := New(t.Context(), treeOf(files), false, func(r Removed) {
				if r.File != "k/kustomization.yaml" && r.File != "k/t.yaml" || !strings.Contains(r.Message, "not checked") {
					t.Errorf("%+v", r)
				}
				removed = append(removed, r.Value)
			})
			kustomization := path.Join(Root, "k/kustomization.yaml")
			text, err := r.FileSystem.ReadFile(kustomization)
			if err != nil {
				t.Fatal(err)
			}
			text = []byte(strings.NewReplacer("apiVersion: kustomize.config.k8s.io/v1beta1\n", "", "kind: Kustomization\n", "").Replace(string(text)))
			if diff := cmp.Diff(c.want, string(text)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.removed, removed); diff != "" {
				t.Errorf("removed (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(c.missing, r.kustomizations[kustomization].missing); diff != "" {
				t.Errorf("missing (-want +got)\n%s", diff)
			}
		})
	}
}

// TestClean covers each field with files. What is in the checkout stays.
func TestClean(t *testing.T) {
	t.Parallel()
	const remote, chart = "https://h.example/x.yaml", "charts.example"
	checkClean(t, map[string]string{"k/github.com/a/file.git": "", "k/github.com/a/folder/c.yaml": ""}, map[string]cleanCase{
		"NothingRemote":    {"resources: [a.yaml]\nnamePrefix: x\n", "resources: [a.yaml]\nnamePrefix: x\n", nil, nil},
		"Resources":        {"resources: [a.yaml, " + remote + ", github.com/a/b, ../base]\n", "resources:\n- a.yaml\n- ../base\n", []string{remote, "github.com/a/b"}, []string{remote, "github.com/a/b"}},
		"OnlyRemote":       {"resources: [" + remote + "]\n", "resources: []\n", []string{remote}, []string{remote}},
		"FileLikeAClone":   {"resources: [github.com/a/file.git]\n", "resources:\n- ./github.com/a/file.git\n", nil, nil},
		"FolderLikeAClone": {"resources: [github.com/a/folder]\n", "resources: []\n", []string{"github.com/a/folder"}, []string{"github.com/a/folder"}},
		"Components":       {"components: [../c, github.com/a/file.git]\n", "components:\n- ../c\nresources: []\n", []string{"github.com/a/file.git"}, []string{"github.com/a/file.git"}},
		"Configurations":   {"configurations: [a.yaml, " + remote + "]\n", "configurations:\n- a.yaml\nresources: []\n", []string{remote}, nil},
		"Crds":             {"crds: [a.yaml, " + remote + "]\n", "crds:\n- a.yaml\nresources: []\n", []string{remote}, nil},
		"OpenAPI":          {"openapi: {path: \"" + remote + "\", version: v1}\n", "openapi:\n  version: v1\nresources: []\n", []string{remote}, nil},
		"Patches":          {"patches: [{path: " + remote + "}, {path: a.yaml}]\n", "patches:\n- path: a.yaml\nresources: []\n", []string{remote}, nil},
		"PatchesMerge":     {"patchesStrategicMerge: [" + remote + ", a.yaml]\n", "patchesStrategicMerge:\n- a.yaml\nresources: []\n", []string{remote}, nil},
		"PatchesJSON6902": {
			"patchesJson6902: [{path: " + remote + ", target: {kind: A}}, {path: a.yaml, target: {kind: A}}]\n",
			"patchesJson6902:\n- path: a.yaml\n  target:\n    kind: A\nresources: []\n",
			[]string{remote},
			nil,
		},
		"Replacements":   {"replacements: [{path: " + remote + "}, {path: a.yaml}]\n", "replacements:\n- path: a.yaml\nresources: []\n", []string{remote}, nil},
		"ConfigMapFiles": {"configMapGenerator: [{name: a, files: [b=" + remote + ", c=d]}]\n", "configMapGenerator:\n- files:\n  - c=d\n  name: a\nresources: []\n", []string{"b=" + remote}, nil},
		"ConfigMapEnvs":  {"configMapGenerator: [{name: a, envs: [" + remote + ", b]}]\n", "configMapGenerator:\n- envs:\n  - b\n  name: a\nresources: []\n", []string{remote}, nil},
		"SecretEnv":      {"secretGenerator: [{name: a, env: " + remote + "}, {name: b, files: [c]}]\n", "secretGenerator:\n- name: a\n- files:\n  - c\n  name: b\nresources: []\n", []string{remote}, nil},
		"SecretFiles":    {"secretGenerator: [{name: a, files: [" + remote + "]}]\n", "secretGenerator:\n- name: a\nresources: []\n", []string{remote}, nil},
		"Charts": {
			"helmCharts: [{name: a, repo: https://" + chart + ", valuesFile: " + remote + ", additionalValuesFiles: [b, " + remote + "]}]\n",
			"helmCharts:\n- additionalValuesFiles:\n  - b\n  name: a\n  repo: https://" + chart + "\nresources: []\n",
			[]string{remote, remote},
			nil,
		},
		"ChartInflation": {
			"helmChartInflationGenerator: [{chartName: a, values: " + remote + "}]\n",
			"helmCharts:\n- name: a\nresources: []\n",
			[]string{remote},
			nil,
		},
	})
}

// TestPlugins covers generators, transformers and validators, whose configurations name files as well.
func TestPlugins(t *testing.T) {
	t.Parallel()
	const remote = "https://h.example/x.yaml"
	const local = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\npath: a.yaml\n"
	others := map[string]string{
		"k/t.yaml":     local + "---\n" + strings.Replace(local, "a.yaml", remote, 1),
		"k/local.yaml": local,
		"plain":        "resources: [t.yaml]", "plain/t.yaml": local,
		"patched": "resources: [t.yaml]\nnamePrefix: x", "patched/t.yaml": local,
		"nested": "resources: [../patched]",
	}
	checkClean(t, others, map[string]cleanCase{
		"File":          {"transformers: [local.yaml]\n", "transformers: [local.yaml]\n", nil, nil},
		"OneOfTwo":      {"transformers: [t.yaml]\n", "transformers:\n- |\n  ---\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: x}\n  path: a.yaml\nresources: []\n", []string{remote}, nil},
		"Generator":     {"generators: [t.yaml]\n", "generators:\n- |\n  ---\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: x}\n  path: a.yaml\nresources: []\n", []string{remote}, []string{remote}},
		"Validator":     {"validators: [" + remote + ", local.yaml]\n", "validators:\n- local.yaml\nresources: []\n", []string{remote}, nil},
		"Clone":         {"generators: [github.com/a/b]\n", "resources: []\n", []string{"github.com/a/b"}, []string{"github.com/a/b"}},
		"Folder":        {"transformers: [../plain]\n", "transformers: [../plain]\n", nil, nil},
		"PatchedFolder": {"transformers: [../patched]\n", "resources: []\n", []string{"../patched"}, nil},
		"Nested":        {"generators: [../nested]\n", "resources: []\n", []string{"../nested"}, []string{"../nested"}},
		"Inline":        {"transformers: [\"{kind: PatchTransformer, path: " + remote + "}\"]\n", "resources: []\n", []string{remote}, nil},
	})
}

// TestRemoteInAPlugin: a file counts in each spelling that kustomize decodes, and a URL that is no file does not.
func TestRemoteInAPlugin(t *testing.T) {
	t.Parallel()
	const remote = "https://h.example/x"
	for text, want := range map[string]string{
		"path: a.yaml":                                "",
		"path: " + remote:                             remote,
		"PATH: " + remote:                             remote,
		"paths: [a.yaml, " + remote + "]":             remote,
		"files: [a=" + remote + "]":                   "a=" + remote,
		"envs: [" + remote + "]":                      remote,
		"env: " + remote:                              remote,
		"valuesFile: " + remote:                       remote,
		"additionalValuesFiles: [" + remote + "]":     remote,
		"targetFilePath: " + remote:                   remote,
		"a: {b: [{path: " + remote + "}]}":            remote,
		"a: &a " + remote + "\npath: *a":              remote,
		"path: !!binary aHR0cHM6Ly9oLmV4YW1wbGUveA==": remote,
		"repo: " + remote:                             "",
		"patch: 'see " + remote + "'":                 "",
		"path: " + remote + "\npath: a.yaml":          remote,
		"path: a.yaml\npath: " + remote:               remote,
	} {
		documents, known := pluginDocuments("t.yaml", []byte(text))
		if !known || len(documents) != 1 {
			t.Errorf("%s: %d documents, known %t", text, len(documents), known)
			continue
		}
		if got, found := remoteIn(documents[0].node); got != want || found != (want != "") {
			t.Errorf("%s: %q, %t, want %q", text, got, found, want)
		}
	}
}

func TestPluginDocuments(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "a: b": 1, "a: b\n---\nc: d": 2, "a: b\n---\nc: [": 1, "[": 0} {
		if got, known := pluginDocuments("t.yaml", []byte(text)); len(got) != want || !known {
			t.Errorf("%q: %d documents, want %d", text, len(got), want)
		}
	}
}

func TestRemovedEntryMessage(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]removedEntry{
		"https://h.example/a is not in this repository and was not checked":                         {value: "https://u:secret@h.example/a?token=x"},
		"../t was not checked: it changes the configuration of a plugin before the plugin reads it": {value: "../t", built: true},
		"the configuration of a plugin was not checked: it cannot be decoded":                       {},
	} {
		if got := e.message(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
