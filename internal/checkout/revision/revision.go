// Package revision loads a clone as it was at a revision, with what only a cluster has.
package revision

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// ClusterFile represents the objects that only a cluster has. No repository has a folder of this name.
const ClusterFile = ".kubectl-choreo.dev/cluster.yaml"

// Clone is a clone as it was at a revision.
type Clone struct {
	*manifest.Repository
	Commit string
	Files  *tree.Tree
}

// Load loads the whole clone of o.Dir as it was at a revision. applied are deliveries and their sources in a cluster. Those that the
// repository does not declare count as if a file declared them: a bootstrap has applied them.
func Load(ctx context.Context, o checkout.Options, revision string, applied []*unstructured.Unstructured) (Clone, error) {
	t, commit, err := tree.ReadAt(ctx, o.Dir, revision)
	if err != nil {
		return Clone{}, err
	}
	if applied = undeclared(t, applied); len(applied) > 0 {
		if t, err = withFile(t, applied); err != nil {
			return Clone{}, err
		}
	}
	r, err := checkout.LoadTree(ctx, t, o)
	if err != nil {
		return Clone{}, err
	}
	r.Objects = slices.DeleteFunc(r.Objects, func(o manifest.Object) bool { return o.File == ClusterFile })
	return Clone{r, commit, t}, ctx.Err()
}

// undeclared are the objects that no file declares. Only files with the words of an object are parsed: the build parses all of them.
func undeclared(t *tree.Tree, applied []*unstructured.Unstructured) []*unstructured.Unstructured {
	return slices.DeleteFunc(slices.Clone(applied), func(u *unstructured.Unstructured) bool {
		return slices.ContainsFunc(t.Names, func(name string) bool { return tree.IsYAML(name) && declares(name, t.Files[name], u) })
	})
}

func declares(file string, text []byte, u *unstructured.Unstructured) bool {
	if !bytes.Contains(text, []byte(u.GetKind())) || !bytes.Contains(text, []byte(u.GetName())) {
		return false
	}
	parsed, _ := manifest.Parse(file, text) // up to a syntax error
	return slices.ContainsFunc(parsed.Documents, func(d manifest.Document) bool { return d.Ref == manifest.RefOf(u) })
}

// withFile is the tree with a file that declares some objects.
func withFile(t *tree.Tree, objects []*unstructured.Unstructured) (*tree.Tree, error) {
	var text bytes.Buffer
	for _, u := range objects {
		body := map[string]any{"apiVersion": u.GetAPIVersion(), "kind": u.GetKind(), "metadata": map[string]any{"name": u.GetName(), "namespace": u.GetNamespace()}, "spec": u.Object["spec"]}
		data, err := yaml.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encode %s %s: %w", u.GetKind(), u.GetName(), err)
		}
		text.WriteString("---\n")
		text.Write(data)
	}
	all := maps.Clone(t.Excluded) // a spec.ignore may include them
	maps.Copy(all, t.Files)
	all[ClusterFile] = text.Bytes()
	return tree.New(all), nil
}
