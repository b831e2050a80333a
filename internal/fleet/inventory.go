package fleet

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// entry is one of an inventory, taken apart.
type entry struct {
	item any
	of   kinds.Reference
}

// trimmed are Kustomizations with those entries of their inventories that may be the subject's. One Kustomization may apply
// thousands of components, and collect would copy and read all of its entries for each of them.
func (v *view) trimmed(ctx context.Context, m *memory, a answer) []facts.Object {
	objects := make([]facts.Object, 0, len(a.objects))
	var owned map[kinds.Reference]bool
	if v.options.Whole {
		owned = v.owned(ctx, m)
	}
	for _, o := range a.objects {
		if !v.options.Whole {
			objects = append(objects, own(o))
			continue
		}
		all := m.inventories.once(ctx, o.Ref, func() []entry { return entries(o) })
		objects = append(objects, v.trim(o, all, owned))
	}
	return objects
}

func entries(o facts.Object) []entry {
	items, _, _ := unstructured.NestedFieldNoCopy(o.Body.Object, "status", "inventory", "entries")
	list, _ := items.([]any)
	all := make([]entry, 0, len(list))
	for _, item := range list {
		one, _ := item.(map[string]any)
		of, _ := kinds.ParseInventoryID(kinds.String(one, "id"))
		all = append(all, entry{item, of})
	}
	return all
}

// owned are the objects of the subject whose names need not begin with its own.
func (v *view) owned(ctx context.Context, m *memory) map[kinds.Reference]bool {
	owned := map[kinds.Reference]bool{}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: v.subject.Namespace}
		w := v.whole(ctx, m, q)
		if w == nil {
			continue
		}
		for _, o := range w.owners[v.subject.Component] {
			owned[kinds.Reference{Group: o.Ref.Group, Kind: o.Ref.Kind, Namespace: o.Ref.Namespace, Name: o.Ref.Name}] = true
			if release := kinds.Text(o.Body, "spec", "releaseName"); release != "" {
				owned[kinds.Reference{Group: o.Ref.Group, Kind: "ComponentRelease", Namespace: o.Ref.Namespace, Name: release}] = true
			}
		}
	}
	return owned
}

// trim shares everything with the original but the way to what it leaves out. The annotation is that of collect, which then
// knows that there was more.
func (v *view) trim(o facts.Object, all []entry, owned map[kinds.Reference]bool) facts.Object {
	if len(all) == 0 || o.Body.GetAnnotations()[kinds.AnnotationInventoryEntries] != "" {
		return own(o)
	}
	kept := []any{}
	for _, e := range all {
		if v.maybe(e.of, owned) {
			kept = append(kept, e.item)
		}
	}
	body := &unstructured.Unstructured{Object: maps.Clone(o.Body.Object)}
	within(within(body.Object, "status"), "inventory")["entries"] = kept
	within(within(body.Object, "metadata"), "annotations")[kinds.AnnotationInventoryEntries] = fmt.Sprint(len(all))
	o.Body = body
	return o
}

// maybe reports whether an entry may be of the subject: one of its own, or one that components share. What is of other groups
// is nobody's on the ladder.
func (v *view) maybe(e kinds.Reference, owned map[kinds.Reference]bool) bool {
	if e.Group != kinds.OpenChoreo || (e.Namespace != "" && e.Namespace != v.subject.Namespace) {
		return false
	}
	return !perComponent(e.Group, e.Kind) || strings.HasPrefix(e.Name, v.subject.Component) || owned[e]
}

// within replaces a field that is an object by a copy of its own, or by an empty one, and returns it.
func within(object map[string]any, field string) map[string]any {
	inner, _ := object[field].(map[string]any)
	inner = maps.Clone(inner)
	if inner == nil {
		inner = map[string]any{}
	}
	object[field] = inner
	return inner
}
