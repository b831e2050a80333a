package build

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/konfig"
	kustomize "sigs.k8s.io/kustomize/api/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// listing collects the objects of kustomization.yaml files that only list resources. Kustomize leaves such objects unchanged, but
// compares each one with all others (kustomize api/resmap/reswrangler.go:Append), which takes minutes for thousands.
type listing struct {
	parsed  *files.Parsed
	objects []manifest.Object
	read    map[string]bool
	ids     map[facts.Ref]bool
}

// listed returns what kustomize would build, and the files that it would read. It returns false if only kustomize can tell: other
// fields than resources, resources from elsewhere, and all that kustomize may reject.
func (b *Builder) listed(around kustomize.Kustomization) (*listing, bool) {
	l := &listing{parsed: b.parsed, read: map[string]bool{}, ids: map[facts.Ref]bool{}}
	if !reflect.DeepEqual(around, kustomize.Kustomization{Resources: around.Resources}) || b.followsLinks && len(b.parsed.Links) > 0 {
		return nil, false
	}
	for _, entry := range around.Resources {
		if !l.take(tree.Clean(strings.TrimPrefix(path.Join("/x", entry), offline.Root))) {
			return nil, false
		}
	}
	return l, true
}

// take collects the objects of a file or folder. Kustomize rejects a file or folder that is taken twice.
func (l *listing) take(name string) bool {
	file := l.parsed.KustomizationFile(name)
	if file == "" {
		return l.takeFile(name)
	}
	if l.read[file] || countKustomizations(l.parsed.Tree, name) > 1 {
		return false
	}
	l.read[file] = true
	k, isList := l.parsed.ListIn(file)
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
	documents := l.parsed.Documents[name] // none of a kustomization.yaml, and of a file that is not in the tree
	if len(documents) == 0 || l.read[name] || l.parsed.Broken[name] != nil || len(l.parsed.NonObjects[name]) > 0 {
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
