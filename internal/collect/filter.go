package collect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// listFilter keeps the Kustomizations that apply an object of the subject, may have pruned it, or have the same source as an applier
// of it. Of their inventories only the entries of the subject are kept.
func (k delivery) listFilter() request.Filter {
	own, sources := k.ownRefs(), k.knownSources()
	return func(e facts.Encoded) (facts.Object, bool) {
		all := gjson.Get(e.JSON, "status.inventory.entries")
		kept, n := ownEntries(all, k.Namespace, own)
		if n > 0 && len(kept) == 0 && len(sources) == 0 {
			return facts.Object{}, false
		}
		if n > 0 {
			e.JSON = e.JSON[:all.Index] + "[" + strings.Join(kept, ",") + "]" + e.JSON[all.Index+len(all.Raw):]
		}
		o := e.Object()
		if n > 0 && o.Outcome == facts.Found {
			noteEntries(o, n)
		}
		return o, n == 0 || len(kept) > 0 || slices.ContainsFunc(engines.All().Sources(o), func(ref facts.Ref) bool { return slices.Contains(sources, ref) })
	}
}

// ownEntries are the entries of an inventory that may be the subject's, and how many it has in all.
func ownEntries(all gjson.Result, namespace string, own []facts.Ref) (kept []string, n int) {
	mentioned := strings.Contains(all.Raw, `"`+namespace+"_")
	all.ForEach(func(_, entry gjson.Result) bool {
		n++
		if !mentioned {
			return true
		}
		if of, ok := kinds.ParseInventoryID(entry.Get("id").String()); ok && (slices.Contains(own, engine.Ref(of)) || mayBelong(of, namespace, own)) {
			kept = append(kept, entry.Raw)
		}
		return true
	})
	return kept, n
}

// mayBelong keeps the releases of the component, whose names are only known after the bindings are read, and the bindings and
// cells that were deleted since they were applied.
func mayBelong(e kinds.Reference, namespace string, own []facts.Ref) bool {
	component, project := own[0].Name, own[1].Name
	return e.Namespace == namespace && e.Group == kinds.OpenChoreo &&
		(strings.HasPrefix(e.Name, component) || (project != "" && e.Kind == "ProjectReleaseBinding" && strings.HasPrefix(e.Name, project)))
}

// trim drops what lists have and the subject does not need: the cells of other projects, and the inventory entries of other
// components. An inventory of 16,000 entries is 1.4 MB; its full length is kept as an annotation.
func trim(s *facts.Snapshot) {
	k := deliveryOf(s)
	if project := k.projectName(); project != "" {
		k.dropOtherCells(project)
	}
	own := k.ownRefs()
	for _, o := range k.listedAppliers() {
		trimInventory(o, k.Namespace, own)
	}
}

func (k delivery) dropOtherCells(project string) {
	for _, q := range []facts.Query{k.Listed("ProjectReleaseBinding"), k.All("ProjectReleaseBinding")} {
		k.filterList(q, func(o facts.Object) bool { return kinds.Text(o.Body, "spec", "owner", "projectName") == project })
	}
}

// dropUnrelated drops the Kustomizations of other teams, except those of the same source: a dependsOn cycle among these stops
// the events of all (kustomize-controller v1.9.3 internal/controller/kustomization_indexers.go).
func (k delivery) dropUnrelated() {
	closure := k.allAppliers()
	sources := k.knownSources()
	related := func(o facts.Object) bool {
		return slices.Contains(closure, o.Ref) ||
			slices.ContainsFunc(engines.All().Sources(o), func(r facts.Ref) bool { return slices.Contains(sources, r) })
	}
	k.filterList(request.ListedKustomizations(), related)
	k.filterList(request.AllKustomizations(), related)
}

// filterList drops what a list has and wanted refuses.
func (k delivery) filterList(query facts.Query, wanted func(facts.Object) bool) {
	l := k.List(query)
	kept := slices.DeleteFunc(slices.Clone(l.Items), func(ref facts.Ref) bool { return !wanted(k.Object(ref)) })
	if len(kept) == len(l.Items) {
		return
	}
	for _, ref := range l.Items {
		if !slices.Contains(kept, ref) {
			k.Drop(ref)
		}
	}
	l.Items = kept
	k.PutList(l, nil)
}

// trimInventory keeps the entries that may belong to the subject: kinds of its namespace that are requested by name, and what is
// already known.
func trimInventory(ks facts.Object, namespace string, own []facts.Ref) {
	field, _, _ := unstructured.NestedFieldNoCopy(ks.Body.Object, "status", "inventory", "entries")
	items, _ := field.([]any)
	if len(items) == 0 || kinds.Annotation(ks.Body, kinds.AnnotationInventoryEntries) != "" {
		return
	}
	kept := []any{}
	for _, item := range items {
		entry, _ := item.(map[string]any)
		if e, ok := kinds.ParseInventoryID(kinds.String(entry, "id")); ok && (slices.Contains(own, engine.Ref(e)) || mayBelong(e, namespace, own)) {
			kept = append(kept, item)
		}
	}
	noteEntries(ks, len(items))
	_ = unstructured.SetNestedSlice(ks.Body.Object, kept, "status", "inventory", "entries")
}

// noteEntries notes how many entries an inventory had.
func noteEntries(ks facts.Object, n int) {
	annotations := ks.Body.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[kinds.AnnotationInventoryEntries] = strconv.Itoa(n)
	ks.Body.SetAnnotations(annotations)
}
