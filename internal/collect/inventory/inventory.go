// Package inventory keeps of an inventory the entries that may be those of one component: an inventory of 16,000 entries is 1.4 MB.
package inventory

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Encoded is an applier that is not decoded yet, with the entries of its inventory that are kept.
type Encoded struct {
	encoded facts.Encoded
	entries gjson.Result
	kept    []string
	total   int
}

// Of finds the entries that may belong to a subject; own are its component and its project first, then what else is known of it.
func Of(e facts.Encoded, namespace string, own []facts.Ref) Encoded {
	i := Encoded{encoded: e, entries: gjson.Get(e.JSON, "status.inventory.entries")}
	i.kept, i.total = ownEntries(i.entries, namespace, own)
	return i
}

// IsForeign reports whether the applier has an inventory, and nothing in it may belong to the subject.
func (i Encoded) IsForeign() bool { return i.total > 0 && len(i.kept) == 0 }

// Object decodes the applier with the entries that are kept. How many it has in all is kept as an annotation.
func (i Encoded) Object() facts.Object {
	if i.total == 0 {
		return i.encoded.Object()
	}
	e := i.encoded
	e.JSON = e.JSON[:i.entries.Index] + "[" + strings.Join(i.kept, ",") + "]" + e.JSON[i.entries.Index+len(i.entries.Raw):]
	o := e.Object()
	if o.Outcome == facts.Found {
		noteEntries(o, i.total)
	}
	return o
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

// Trim keeps the entries that may belong to the subject: kinds of its namespace that are requested by name, and what is
// already known.
func Trim(ks facts.Object, namespace string, own []facts.Ref) {
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
