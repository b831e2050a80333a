package build

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// builderOf returns a Builder of a checkout with these files, and a kustomization around its root.
func builderOf(t *testing.T, contents map[string]string) (*Builder, kustomize.Kustomization) {
	t.Helper()
	text := map[string][]byte{}
	for name, content := range contents {
		text[name] = []byte(content)
	}
	b := New(t.Context(), files.Parse(t.Context(), tree.New(text)), func(p manifest.Problem) { t.Errorf("reported: %v", p) })
	b.Begin()
	return b, kustomize.Kustomization{Resources: []string{offline.Path(".")}}
}

func configMap(name string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"" + name + "\"}\n"
}

func kustomization(resources ...string) string {
	return "resources:\n  - " + strings.Join(resources, "\n  - ") + "\n"
}

// delivery returns a Kustomization of Flux that applies a folder. spec contains its other fields.
func delivery(folder string, spec map[string]any) Delivery {
	body := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": map[string]any{"name": "k", "namespace": "flux-system"}, "spec": spec,
	}}
	return Delivery{Ref: manifest.RefOf(body), Body: body, Content: engine.Content{Path: folder}, Folder: folder}
}

// names returns the names of the built objects, each with its namespace and file.
func names(r *Result) []string {
	var all []string
	for _, o := range r.Objects {
		all = append(all, strings.TrimPrefix(o.Ref.Namespace+"/"+o.Ref.Name+" "+o.File, "/"))
	}
	return all
}

// TestBuild: a folder is built with the fields of the spec, with or without a kustomization.yaml.
func TestBuild(t *testing.T) {
	t.Parallel()
	contents := map[string]string{
		"plain/a.yaml": configMap("a"), "plain/ci/b.yaml": configMap("b"), "plain/nested/kustomization.yaml": "namePrefix: n-\n" + kustomization("c.yaml"), "plain/nested/c.yaml": configMap("c"),
		"listed/kustomization.yaml": kustomization("a.yaml"), "listed/a.yaml": configMap("a"), "listed/b.yaml": configMap("b"),
	}
	for name, c := range map[string]struct {
		folder, ignore string
		spec           map[string]any
		want           []string
	}{
		"Plain":         {"plain", "", nil, []string{"a plain/a.yaml", "b plain/ci/b.yaml", "n-c plain/nested/c.yaml"}},
		"PlainIgnored":  {"plain", "ci/\n", nil, []string{"a plain/a.yaml", "n-c plain/nested/c.yaml"}},
		"PlainPrefixed": {"plain", "", map[string]any{"namePrefix": "p-"}, []string{"p-a plain/a.yaml", "p-b plain/ci/b.yaml", "p-n-c plain/nested/c.yaml"}},
		"Listed":        {"listed", "", nil, []string{"a listed/a.yaml"}},
		"Namespace":     {"listed", "", map[string]any{"targetNamespace": "shop"}, []string{"shop/a listed/a.yaml"}},
		"Absent":        {"gone", "", nil, nil},
	} {
		b, _ := builderOf(t, contents)
		d := delivery(c.folder, c.spec)
		d.Ignore = tree.Ignore{Patterns: c.ignore}
		result := b.Build(d)
		if diff := cmp.Diff(c.want, names(result)); diff != "" || len(result.Problems) > 0 {
			t.Errorf("%s (-want +got)\n%s\nproblems %v", name, diff, result.Problems)
		}
		if b.Build(d) != result {
			t.Errorf("%s is built again", name)
		}
		if d.Ignore = (tree.Ignore{Patterns: "*.txt\n"}); b.Build(d) == result {
			t.Errorf("%s is not built again for a source with another spec.ignore", name)
		}
	}
}

// TestBuildFailed: a failed build names the line, and leaves open what it may have included.
func TestBuildFailed(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{"a/kustomization.yaml": kustomization("a.yaml", "gone.yaml"), "a/a.yaml": configMap("a"), "b.yaml": configMap("b")})
	result := b.Build(delivery("a", nil))
	want := []manifest.Problem{{
		Kind: manifest.NotBuilt, Place: manifest.Place{File: "a/kustomization.yaml", Line: 3}, Object: delivery("a", nil).Ref,
		Message: "it names 'gone.yaml', which does not exist",
	}}
	if diff := cmp.Diff(want, result.Problems); diff != "" {
		t.Errorf("problems (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]bool{"a/kustomization.yaml": true, "a/a.yaml": true}, result.Undecided); diff != "" {
		t.Errorf("undecided (-want +got)\n%s", diff)
	}
}

// TestBuildFolder: the problems of folders that no delivery applies are those of one build.
func TestBuildFolder(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{"a/kustomization.yaml": kustomization("a.yaml"), "a/a.yaml": configMap("a"), "b/kustomization.yaml": kustomization("gone.yaml")})
	result := b.Begin()
	objects, read := b.BuildFolder("a")
	if len(objects) != 1 || !read["a/a.yaml"] || !result.Used["a/kustomization.yaml"] {
		t.Errorf("objects %v, read %v, used %v", objects, read, result.Used)
	}
	if objects, _ = b.BuildFolder("b"); len(objects) != 0 || len(result.Problems) != 1 || result.Problems[0].Place.File != "b/kustomization.yaml" {
		t.Errorf("objects %v, problems %v", objects, result.Problems)
	}
}

// TestRemoteIsReportedOnce: a remote entry is reported where it is, once, however many builds include it.
func TestRemoteIsReportedOnce(t *testing.T) {
	t.Parallel()
	var got []string
	b := New(t.Context(), files.Parse(t.Context(), tree.New(map[string][]byte{
		"k/kustomization.yaml": []byte(kustomization("a.yaml", "https://x.example/y//z?ref=v1")), "k/a.yaml": []byte(configMap("a")),
	})), func(p manifest.Problem) { got = append(got, fmt.Sprint(p.Place, " ", p.Kind, " ", p.Message != "")) })
	for _, spec := range []map[string]any{nil, {"namePrefix": "x-"}} {
		if result := b.Build(delivery("k", spec)); len(result.Objects) != 1 || len(result.Problems) > 0 {
			t.Errorf("objects %v, problems %v", names(result), result.Problems)
		}
	}
	if diff := cmp.Diff([]string{fmt.Sprint("k/kustomization.yaml:3 ", manifest.RemoteNotFetched, " true")}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLinks: Argo CD follows symbolic links, and so does whatever applies a folder that no delivery names. An artifact of Flux has no links,
// so a kustomization.yaml that names one cannot be built.
func TestLinks(t *testing.T) {
	t.Parallel()
	contents := map[string]string{"k/kustomization.yaml": kustomization("a.yaml", "link.yaml"), "k/a.yaml": configMap("a")}
	withLinks := func() *Builder {
		b, _ := builderOf(t, contents)
		b.parsed.Links = map[string][]byte{"k/link.yaml": []byte(configMap("linked"))}
		return b
	}
	both := []string{"a k/a.yaml", "linked k/link.yaml"}
	b := withLinks()
	for _, c := range []struct {
		d        Delivery
		want     []string
		problems int
	}{{delivery("k", nil), nil, 1}, {asIs("k", engine.Content{}), both, 0}, {delivery("k", map[string]any{"namePrefix": "p-"}), nil, 1}} {
		result := b.Build(c.d)
		if diff := cmp.Diff(c.want, names(result)); diff != "" || len(result.Problems) != c.problems {
			t.Errorf("(-want +got)\n%s\nproblems %v", diff, result.Problems)
		}
	}
	result := b.Begin()
	if result.Objects, _ = b.BuildFolder("k"); len(result.Problems) > 0 {
		t.Errorf("problems %v", result.Problems)
	}
	if diff := cmp.Diff(both, names(result)); diff != "" {
		t.Errorf("without a delivery (-want +got)\n%s", diff)
	}
}

// TestBegin: what the source of one build leaves out is part of a build that no delivery asks for. A failure whose message names no file is
// in the first line of the kustomization.yaml.
func TestBegin(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{"k/a.yaml": configMap("a"), "k/b.yaml": configMap("b"), "u/kustomization.yaml": "resourcez: []\n"})
	d := delivery("k", nil)
	d.Ignore = tree.Ignore{Patterns: "b.yaml\n"}
	if diff := cmp.Diff([]string{"a k/a.yaml"}, names(b.Build(d))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	result := b.Begin()
	if files, _ := b.Found("k"); len(files) != 2 {
		t.Errorf("found %v", files)
	}
	b.BuildFolder("u")
	for _, problems := range [][]manifest.Problem{result.Problems, b.Build(delivery(".", nil)).Problems} {
		if len(problems) != 1 || problems[0].Place != (manifest.Place{File: "u/kustomization.yaml", Line: 1}) {
			t.Errorf("problems %v", problems)
		}
	}
}

// TestPlaceOfValue checks that a value that is reported twice has two places, if it occurs twice.
func TestPlaceOfValue(t *testing.T) {
	t.Parallel()
	b, _ := builderOf(t, map[string]string{"k.yaml": "- base\n- other\n- base\n", "l.yaml": "\n- base\n"})
	for _, want := range []manifest.Place{{File: "k.yaml", Line: 1}, {File: "l.yaml", Line: 2}, {File: "k.yaml", Line: 3}, {File: "k.yaml", Line: 3}} {
		if got := b.placeOfValue(want.File, "base"); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
	if got := b.placeOfValue("k.yaml", "other").Line; got != 2 {
		t.Errorf("line %d, want 2", got)
	}
}
