package snapshotfile

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestItems expects the compact form for an item of its query's kind, and the full form for an ambiguous one. Both are read back
// unchanged.
func TestItems(t *testing.T) {
	t.Parallel()
	q := facts.Query{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: "shop"}
	of := func(namespace, name string) facts.Ref {
		return facts.Ref{Plane: "eu", Group: "apps", Kind: "Deployment", Namespace: namespace, Name: name}
	}
	for name, c := range map[string]struct {
		item    facts.Ref
		short   string
		compact bool
	}{
		"Namespaced":   {of("shop", "a"), "shop/a", true},
		"Clustered":    {of("", "a"), "a", true},
		"OtherKind":    {facts.Ref{Plane: "eu", Group: "apps", Kind: "ReplicaSet", Name: "a"}, "a", false},
		"OtherGroup":   {facts.Ref{Plane: "eu", Kind: "Deployment", Name: "a"}, "a", false},
		"OtherPlane":   {facts.Ref{Plane: "us", Group: "apps", Kind: "Deployment", Name: "a"}, "a", false},
		"SlashInAName": {of("", "a/b"), "a/b", false},
		"NoName":       {of("shop", ""), "shop/", false},
	} {
		short, ok := compactItem(c.item, q)
		if short != c.short || ok != c.compact {
			t.Errorf("%s: %q, %v; want %q, %v", name, short, ok, c.short, c.compact)
		}
		if !c.compact {
			continue
		}
		if read, err := expandItem(short, q); err != nil || read != c.item {
			t.Errorf("%s: %+v, %v", name, read, err)
		}
	}
	whole, err := expandItem(map[string]any{"kind": "Pod", "name": "a"}, q)
	if want := (facts.Ref{Kind: "Pod", Name: "a"}); err != nil || whole != want {
		t.Errorf("%+v, %v; want %+v", whole, err, want)
	}
	for _, item := range []any{"", "shop/", 7, map[string]any{"nickname": "a"}} {
		if read, err := expandItem(item, q); err == nil {
			t.Errorf("%v is %+v, want an error", item, read)
		}
	}
}
