package collect

import (
	"context"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// search asks for a list of large objects of which few are kept.
func (k *known) search(q facts.Query) {
	if k.List(q).Outcome == facts.NotAsked && !slices.Contains(k.open, question{search: q}) {
		k.open = append(k.open, question{search: q})
	}
}

// searched reports whether q was asked for a part of what it asks for, so that it does not say what is absent.
func (k *known) searched(q facts.Query) bool {
	return q == allKustomizations() && k.List(listedKustomizations()).Truncated
}

// find reads all objects of q, and holds those that keep wants. A Source that holds them anyway is asked for the list.
func find(ctx context.Context, src facts.Source, q facts.Query, keep keeper) (facts.List, []facts.Object) {
	if searcher, ok := src.(facts.Searcher); ok {
		return searcher.Search(ctx, q, keep)
	}
	return src.List(ctx, q)
}

// keeper returns what is kept of an object, and whether anything is.
type keeper = func(facts.Encoded) (facts.Object, bool)

// keeper keeps the Kustomizations that apply something of the subject, may have pruned it, or take their content from a source
// of it. Of their inventories the subject's entries stay.
func (k *known) keeper() keeper {
	own, sources := k.ownRefs(), k.knownSources()
	return func(e facts.Encoded) (facts.Object, bool) {
		all := gjson.Get(e.JSON, "status.inventory.entries")
		kept, n := ownEntries(all, k.ns, own)
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
		if of, ok := kinds.ParseInventoryID(entry.Get("id").String()); ok && (slices.Contains(own, engine.Ref(of)) || mayBeOurs(of, namespace, own)) {
			kept = append(kept, entry.Raw)
		}
		return true
	})
	return kept, n
}

// knownSources are those of the appliers that are known.
func (k *known) knownSources() []facts.Ref {
	var sources []facts.Ref
	for _, ref := range k.closure() {
		sources = append(sources, engines.All().Sources(k.Object(ref))...)
	}
	return sources
}
