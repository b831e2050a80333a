package checkout

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/konfig"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// listing collects the objects of kustomization.yaml files that only list resources. Kustomize leaves such objects unchanged, but
// compares each one with all others (kustomize api/resmap/reswrangler.go:Append), which takes minutes for thousands.
type listing struct {
	loader  *loader
	objects []manifest.Object
	read    map[string]bool
	ids     map[facts.Ref]bool
}

// listed returns what kustomize would build, and the files that it would read. It returns false if only kustomize can tell: other
// fields than resources, resources from elsewhere, and all that kustomize may reject.
func (b *builder) listed(around kustomize.Kustomization) (*listing, bool) {
	l := &listing{loader: b.loader, read: map[string]bool{}, ids: map[facts.Ref]bool{}}
	if !reflect.DeepEqual(around, kustomize.Kustomization{Resources: around.Resources}) || b.followsLinks && len(b.loader.tree.Links) > 0 {
		return nil, false
	}
	for _, entry := range around.Resources {
		if !l.take(cleanPath(strings.TrimPrefix(path.Join("/x", entry), offline.Root))) {
			return nil, false
		}
	}
	return l, true
}

// list is a kustomization file without other fields than these.
type list struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Resources  []string `json:"resources"`
}

// listOf decodes a kustomization file; nil if it has other fields, or is invalid.
func listOf(text []byte) *list {
	var k list
	if yaml.UnmarshalStrict(text, &k) != nil {
		return nil
	}
	return &k
}

// take collects the objects of a file or folder. Kustomize rejects a file or folder that is taken twice.
func (l *listing) take(name string) bool {
	file := l.loader.tree.KustomizationFile(name)
	if file == "" {
		return l.takeFile(name)
	}
	if l.read[file] || countKustomizations(l.loader.tree, name) > 1 {
		return false
	}
	l.read[file] = true
	k, isList := l.loader.lists[file]
	if !isList || k.Kind != "" && k.Kind != kustomize.KustomizationKind || len(k.Resources) == 0 {
		return false
	}
	for _, entry := range k.Resources {
		if path.IsAbs(entry) || !l.take(path.Join(name, entry)) {
			return false
		}
	}
	return true
}

func countKustomizations(t *tree.Tree, folder string) int {
	count := 0
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if _, ok := t.Files[path.Join(folder, name)]; ok {
			count++
		}
	}
	return count
}

func (l *listing) takeFile(name string) bool {
	documents := l.loader.documents[name] // none of a kustomization.yaml, and of a file that is not in the tree
	if len(documents) == 0 || l.read[name] || l.loader.broken[name] != nil || len(l.loader.strays[name]) > 0 {
		return false
	}
	l.read[name] = true
	for _, d := range documents {
		id := d.Ref
		if id.Namespace == "" {
			id.Namespace = "default" // the same to kustomize
		}
		if l.ids[id] || !isPlain(d.Body) {
			return false
		}
		l.ids[id] = true
		l.objects = append(l.objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: name})
	}
	return true
}

// isPlain reports whether kustomize accepts the metadata of an object, and has no instruction in its annotations.
func isPlain(body *unstructured.Unstructured) bool {
	_, _, errNamespace := unstructured.NestedString(body.Object, "metadata", "namespace")
	_, _, errLabels := unstructured.NestedStringMap(body.Object, "metadata", "labels")
	annotations, _, errAnnotations := unstructured.NestedStringMap(body.Object, "metadata", "annotations")
	if errNamespace != nil || errLabels != nil || errAnnotations != nil {
		return false
	}
	return !slices.ContainsFunc(tree.Sorted(annotations), func(key string) bool {
		group, _, _ := strings.Cut(key, "/")
		return strings.HasSuffix(group, "config.kubernetes.io") || strings.HasSuffix(group, "kustomize.config.k8s.io")
	})
}
