package fleet

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// inventory holds the OpenChoreo objects in the inventory of a Kustomization. Lookups are by name, because one Kustomization may
// apply thousands of components.
type inventory struct {
	items     []any
	shared    []inventoryEntry // of kinds that components share
	sorted    []inventoryEntry // of the other kinds, by namespace and name
	positions map[kinds.Reference]int
}

// inventoryEntry is a parsed inventory entry.
type inventoryEntry struct {
	reference kinds.Reference
	position  int
}

// trimmed returns the Kustomizations with only those inventory entries that may belong to the subject. One Kustomization may
// apply thousands of components. Otherwise collect would copy and parse all entries for each of them.
func (v *view) trimmed(ctx context.Context, m *caches, a listResult) []facts.Object {
	objects := make([]facts.Object, 0, len(a.objects))
	var owned map[kinds.Reference]bool
	if v.options.Whole {
		owned = v.owned(ctx, m)
	}
	for _, o := range a.objects {
		if !v.options.Whole {
			objects = append(objects, ownCopy(o))
			continue
		}
		all := m.inventories.get(ctx, o.Ref, func() inventory { return inventoryOf(o) })
		objects = append(objects, v.trim(o, all, owned))
	}
	return objects
}

func inventoryOf(o facts.Object) inventory {
	field, _, _ := unstructured.NestedFieldNoCopy(o.Body.Object, "status", "inventory", "entries")
	items, _ := field.([]any)
	all := inventory{items: items, positions: map[kinds.Reference]int{}}
	for i, item := range items {
		one, _ := item.(map[string]any)
		of, _ := kinds.ParseInventoryID(kinds.String(one, "id"))
		switch {
		case of.Group != kinds.OpenChoreo: // not part of the delivery path
		case isPerComponent(of.Group, of.Kind):
			all.sorted = append(all.sorted, inventoryEntry{of, i})
			all.positions[of] = i
		default:
			all.shared = append(all.shared, inventoryEntry{of, i})
		}
	}
	slices.SortFunc(all.sorted, func(a, b inventoryEntry) int { return compareNames(a.reference, b.reference) })
	return all
}

func compareNames(a, b kinds.Reference) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}

// owned returns the objects of the subject whose names may not begin with the subject's name.
func (v *view) owned(ctx context.Context, m *caches) map[kinds.Reference]bool {
	owned := map[kinds.Reference]bool{}
	for _, kind := range []string{"Workload", "ReleaseBinding"} {
		q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: v.subject.Namespace}
		x := v.index(ctx, m, q)
		if x == nil {
			continue
		}
		for _, ref := range x.owners[v.subject.Component] {
			owned[kinds.Reference{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}] = true
			if release := x.byRef[ref].text("spec", "releaseName"); release != "" {
				owned[kinds.Reference{Group: ref.Group, Kind: "ComponentRelease", Namespace: ref.Namespace, Name: release}] = true
			}
		}
	}
	return owned
}

// trim shares all data with the original except the path to the removed entries. It sets the annotation with which collect
// records the original number of entries.
func (v *view) trim(o facts.Object, all inventory, owned map[kinds.Reference]bool) facts.Object {
	if len(all.items) == 0 || kinds.Annotation(o.Body, kinds.AnnotationInventoryEntries) != "" {
		return ownCopy(o)
	}
	kept := []any{}
	for _, at := range v.entries(all, owned) {
		kept = append(kept, all.items[at])
	}
	body := &unstructured.Unstructured{Object: maps.Clone(o.Body.Object)}
	copyField(copyField(body.Object, "status"), "inventory")["entries"] = kept
	copyField(copyField(body.Object, "metadata"), "annotations")[kinds.AnnotationInventoryEntries] = fmt.Sprint(len(all.items))
	o.Body = body
	return o
}

// entries returns the positions of the entries that may belong to the subject. These are entries whose names begin with the
// subject's name, entries that the subject owns, and shared kinds.
func (v *view) entries(all inventory, owned map[kinds.Reference]bool) []int {
	var found []int
	for _, e := range all.shared {
		if e.reference.Namespace == "" || e.reference.Namespace == v.subject.Namespace {
			found = append(found, e.position)
		}
	}
	first := kinds.Reference{Namespace: v.subject.Namespace, Name: v.subject.Component}
	from, _ := slices.BinarySearchFunc(all.sorted, first, func(e inventoryEntry, of kinds.Reference) int { return compareNames(e.reference, of) })
	for _, e := range all.sorted[from:] {
		if e.reference.Namespace != first.Namespace || !strings.HasPrefix(e.reference.Name, first.Name) {
			break
		}
		found = append(found, e.position)
	}
	for of := range owned {
		if at, applied := all.positions[of]; applied {
			found = append(found, at)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// copyField replaces an object field with a copy, or with an empty object, and returns it.
func copyField(object map[string]any, field string) map[string]any {
	inner, _ := object[field].(map[string]any)
	inner = maps.Clone(inner)
	if inner == nil {
		inner = map[string]any{}
	}
	object[field] = inner
	return inner
}
