package checkout

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// guard is the default transport of HTTP clients, which kustomize uses. No test of this package may make a request with it.
type guard struct {
	lock sync.Mutex
	urls []string
}

func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.urls = append(g.urls, r.URL.String())
	return nil, errors.New("no network")
}

func (g *guard) count() int {
	g.lock.Lock()
	defer g.lock.Unlock()
	return len(g.urls)
}

var network = &guard{}

func TestMain(m *testing.M) {
	http.DefaultTransport = network
	m.Run()
	if len(network.urls) > 0 {
		panic(fmt.Sprint("requests were made: ", network.urls))
	}
}

// remoteProblems returns the places and values of removed remote entries, and all other problems.
func remoteProblems(r *manifest.Repository) (remote, other []string) {
	for _, p := range r.Problems {
		line := fmt.Sprintf("%s:%d %s", p.Place.File, p.Place.Line, p.Message)
		if p.Kind == manifest.RemoteNotFetched {
			remote = append(remote, line)
		} else {
			other = append(other, line)
		}
	}
	return remote, other
}

// remoteField is a field of a kustomization.yaml with possible remote values.
type remoteField struct {
	entries []string
	text    string // %s is the entry
}

func remoteFields() map[string]remoteField {
	file := []string{"https://h.example/x", "http://h.example/x?a=b", "HTTPS://h.example/x", "hTTp://u:p@h.example/x#y"}
	root := append([]string{
		"file:///repo//dir?ref=main", "FILE:///repo", "ssh://git@h.example/a/b", "SSH://h.example/a/b", "git@h.example:a/b.git", "user@h.example:a/b", "git::https://h.example/a/b",
		"GIT::ssh://h.example/a/b", "github.com/a/b", "GitHub.com/a/b//c?ref=v1", "github.com:a/b", "git@github.com:a/b", "https://h.example/a/_git/b",
	}, file...)
	return map[string]remoteField{
		"resources":                   {root, "resources:\n  - a.yaml\n  - %s\n"},
		"Resources":                   {root, "Resources:\n  - a.yaml\n  - %s\n"},
		"bases":                       {root, "resources: [a.yaml]\nbases:\n  - %s\n"},
		"components":                  {root, "resources: [a.yaml]\ncomponents:\n  - %s\n"},
		"generators":                  {root, "resources: [a.yaml]\ngenerators:\n  - %s\n"},
		"transformers":                {root, "resources: [a.yaml]\ntransformers:\n  - %s\n"},
		"validators":                  {root, "resources: [a.yaml]\nvalidators:\n  - %s\n"},
		"patches":                     {file, "resources: [a.yaml]\npatches:\n  - path: %s\n"},
		"patches with target":         {file, "resources: [a.yaml]\npatches:\n  - target: {kind: ConfigMap}\n    path: %s\n"},
		"patchesJson6902":             {file, "resources: [a.yaml]\npatchesJson6902:\n  - target: {kind: ConfigMap, name: a}\n    path: %s\n"},
		"patchesStrategicMerge":       {file, "resources: [a.yaml]\npatchesStrategicMerge:\n  - %s\n"},
		"configMapGenerator files":    {file, "resources: [a.yaml]\nconfigMapGenerator:\n  - name: g\n    files:\n      - k=%s\n"},
		"configMapGenerator file":     {file[:1], "resources: [a.yaml]\nconfigMapGenerator:\n  - name: g\n    files:\n      - %s\n"},
		"configMapGenerator envs":     {file, "resources: [a.yaml]\nconfigMapGenerator:\n  - name: g\n    envs:\n      - %s\n"},
		"configMapGenerator env":      {file, "resources: [a.yaml]\nconfigMapGenerator:\n  - name: g\n    env: %s\n"},
		"secretGenerator files":       {file, "resources: [a.yaml]\nsecretGenerator:\n  - name: g\n    files:\n      - k=%s\n"},
		"secretGenerator envs":        {file, "resources: [a.yaml]\nsecretGenerator:\n  - name: g\n    envs:\n      - %s\n"},
		"configurations":              {file, "resources: [a.yaml]\nconfigurations:\n  - %s\n"},
		"crds":                        {file, "resources: [a.yaml]\ncrds:\n  - %s\n"},
		"openapi":                     {file, "resources: [a.yaml]\nopenapi:\n  path: %s\n"},
		"replacements":                {file, "resources: [a.yaml]\nreplacements:\n  - path: %s\n"},
		"anchor":                      {file, "resources: [a.yaml]\ncrds: &x\n  - %s\nconfigurations: *x\n"},
		"generators in place":         {file, "resources: [a.yaml]\ngenerators:\n  - |\n    {apiVersion: builtin, kind: ConfigMapGenerator, metadata: {name: g}, files: ['k=%s']}\n"},
		"transformers in place":       {file, "resources: [a.yaml]\ntransformers:\n  - |\n    {apiVersion: builtin, kind: PatchTransformer, metadata: {name: g}, PATH: '%s'}\n"},
		"merge transformer in place":  {file, "resources: [a.yaml]\ntransformers:\n  - |\n    {apiVersion: builtin, kind: PatchStrategicMergeTransformer, metadata: {name: g}, paths: ['%s']}\n"},
		"replacements in place":       {file, "resources: [a.yaml]\ntransformers:\n  - |\n    {apiVersion: builtin, kind: ReplacementTransformer, metadata: {name: g}, replacements: [{path: '%s'}]}\n"},
		"value added in place":        {file, "resources: [a.yaml]\ntransformers:\n  - |\n    {apiVersion: builtin, kind: ValueAddTransformer, metadata: {name: g}, targetFilePath: '%s'}\n"},
		"validators in place":         {file, "resources: [a.yaml]\nvalidators:\n  - |\n    {apiVersion: builtin, kind: PatchJson6902Transformer, metadata: {name: g}, target: {kind: ConfigMap, name: a}, path: '%s'}\n"},
		"transformer with an anchor":  {file, "resources: [a.yaml]\ntransformers:\n  - |\n    {apiVersion: builtin, kind: PatchTransformer, metadata: {name: g, annotations: {x: &u '%s'}}, path: *u}\n"},
		"transformer with two fields": {file, "resources: [a.yaml]\ntransformers:\n  - |\n    {apiVersion: builtin, kind: PatchTransformer, metadata: {name: g}, path: '%s', Path: b}\n"},
	}
}

// TestRemoteEntries covers every field of a kustomization.yaml that can name something remote. The entry is removed and reported
// at its line, and the rest is built.
func TestRemoteEntries(t *testing.T) {
	t.Parallel()
	for field, c := range remoteFields() {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			files, texts := map[string]string{}, map[string]string{}
			for i, entry := range c.entries {
				folder := fmt.Sprintf("k%02d", i)
				texts[entry] = fmt.Sprintf(c.text, entry)
				files[folder+"/kustomization.yaml"], files[folder+"/a.yaml"] = texts[entry], configMap("a")
			}
			r := load(t, files)
			remote, other := remoteProblems(r)
			if len(other) > 0 || len(r.Objects) < len(c.entries) {
				t.Errorf("%d objects of %d kustomizations; other problems %q", len(r.Objects), len(c.entries), other)
			}
			for i, entry := range c.entries {
				line := slices.IndexFunc(strings.Split(texts[entry], "\n"), func(l string) bool { return strings.Contains(l, entry) }) + 1
				prefix := fmt.Sprintf("k%02d/kustomization.yaml:%d ", i, line)
				if !slices.ContainsFunc(remote, func(s string) bool {
					return strings.HasPrefix(s, prefix) && strings.Contains(s, offline.WithoutCredentials(entry))
				}) {
					t.Errorf("%s: want %q, got\n%s", entry, prefix, strings.Join(remote, "\n"))
				}
			}
		})
	}
}

// TestPluginFiles checks plugin configurations in every place from which kustomize loads them.
func TestPluginFiles(t *testing.T) {
	t.Parallel()
	evil := "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: https://h.example/x\n"
	fine := "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: n, namespace: moved}\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"File": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "transformers: [p.txt]\n", "k/p.txt": fine + "---\n" + evil},
			[]string{"k/p.txt:8 https://h.example/x is not in this repository and was not checked"},
		},
		"Folder": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "transformers: [../p]\n", "p/kustomization.yaml": kustomization("q"), "p/q/kustomization.yaml": kustomization("p.yaml", "n.yaml"), "p/q/p.yaml": evil, "p/q/n.yaml": fine},
			[]string{"p/q/p.yaml:4 https://h.example/x is not in this repository and was not checked"},
		},
		"ByTheRootOfTheMemory": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "transformers: [../../checkout/p.yaml]\n", "p.yaml": fine + "---\n" + evil},
			[]string{"p.yaml:8 https://h.example/x is not in this repository and was not checked"},
		},
		"ByAnAbsolutePath": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "transformers: [/checkout/p.yaml]\n", "p.yaml": fine + "---\n" + evil},
			[]string{"p.yaml:8 https://h.example/x is not in this repository and was not checked"},
		},
		"Composed": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "namespace: moved\ntransformers: [../p]\n", "p/kustomization.yaml": kustomization("p.yaml") + "patches: [{target: {kind: PatchTransformer}, patch: '[{\"op\": \"replace\", \"path\": \"/path\", \"value\": \"https://h.example/x\"}]'}]\n", "p/p.yaml": strings.Replace(evil, "https://h.example/x", "x", 1)},
			[]string{"k/kustomization.yaml:4 ../p was not checked: it changes the configuration of a plugin before the plugin reads it"},
		},
		"Binary": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "transformers: [p.yaml, n.yaml]\n", "k/n.yaml": fine, "k/p.yaml": strings.Replace(evil, "https://h.example/x", "!!binary aHR0cHM6Ly9oLmV4YW1wbGUveA==", 1)},
			[]string{"k/p.yaml:1 https://h.example/x is not in this repository and was not checked"},
		},
		"List": {
			map[string]string{"k/kustomization.yaml": kustomization("a.yaml") + "namespace: moved\ntransformers: [p.yaml]\n", "k/p.yaml": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: builtin, kind: PatchTransformer, metadata: {name: p}, path: \"https://h.example/x\"}\n"},
			[]string{"k/p.yaml:4 https://h.example/x is not in this repository and was not checked"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.files["k/a.yaml"] = configMap("a")
			r := load(t, c.files)
			remote, other := remoteProblems(r)
			if diff := cmp.Diff(c.want, remote); diff != "" || len(other) > 0 {
				t.Errorf("%q (-want +got)\n%s", other, diff)
			}
			if !slices.ContainsFunc(r.Objects, func(o manifest.Object) bool { return o.Ref.Namespace == "moved" && o.Ref.Name == "a" }) {
				t.Errorf("what is fine was not built: %v", shown(r))
			}
		})
	}
}

// TestNamespaceOfAPlugin covers a transformer that many folders share, each of which sets its namespace.
func TestNamespaceOfAPlugin(t *testing.T) {
	t.Parallel()
	const (
		namespace = "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: n, namespace: .invalid}\nfieldSpecs: [{path: metadata/namespace, create: true}]\n"
		remote    = "---\napiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: https://h.example/x\n"
	)
	files := map[string]string{
		"f.yaml": ks("k", "./k", ""), "k/kustomization.yaml": kustomization("a.yaml") + "transformers: [../t]\n", "k/a.yaml": configMap("a"),
		"t/kustomization.yaml": "namespace: moved\n" + kustomization("../shared"), "shared/kustomization.yaml": kustomization("n.yaml"), "shared/n.yaml": namespace,
	}
	check(t, files, "k/a.yaml:1 ConfigMap moved/a by k")
	files["shared/n.yaml"] += remote
	check(t, files, "k/a.yaml:1 ConfigMap a by k", "shared/n.yaml:1 NamespaceTransformer .invalid/n loose", "shared/n.yaml:6 PatchTransformer p loose",
		fmt.Sprintf("k/kustomization.yaml:3 problem %d ", manifest.RemoteNotFetched))
}

// TestLocalNamesLikeHosts checks that names that exist in the checkout are built, and that other local names are missing.
func TestLocalNamesLikeHosts(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{
		"k/kustomization.yaml": kustomization("shop.base/app", "github.com/a/b.yaml", "shop.example/c.yaml"), "k/shop.base/app/kustomization.yaml": kustomization("d.yaml"),
		"k/shop.base/app/d.yaml": configMap("d"), "k/github.com/a/b.yaml": configMap("b"), "k/shop.example/c.yaml": configMap("c"),
	}, "k/shop.base/app/d.yaml:1 ConfigMap d", "k/github.com/a/b.yaml:1 ConfigMap b", "k/shop.example/c.yaml:1 ConfigMap c")
	check(t, map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "shop.base/app"), "k/a.yaml": configMap("a")},
		fmt.Sprintf("k/kustomization.yaml:3 problem %d ", manifest.NotBuilt))
	check(t, map[string]string{
		"k/kustomization.yaml": kustomization("a.yaml") + "commonAnnotations: {docs: \"https://h.example\"}\nimages: [{name: a, newName: \"git@github.com:a/b\"}]\nconfigMapGenerator: [{name: g, literals: [\"u=https://h.example\"], options: {disableNameSuffixHash: true}}]\n",
		"k/a.yaml":             configMap("a"),
	}, "k/a.yaml:1 ConfigMap a", "k/kustomization.yaml:5 ConfigMap g")
}
