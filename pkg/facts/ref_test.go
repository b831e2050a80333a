package facts

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestRefText(t *testing.T) {
	t.Parallel()
	for want, ref := range map[string]Ref{
		"Pod shop/a":            {Plane: "eu", Kind: "Pod", Namespace: "shop", Name: "a"},
		"Node a":                {Kind: "Node", Name: "a"},
		"Pod in namespace shop": {Kind: "Pod", Namespace: "shop"},
		"Node":                  {Group: "g", Kind: "Node"},
		"":                      {},
	} {
		if got := ref.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if ref.IsZero() != (want == "") {
			t.Errorf("%q names nothing: %v", want, ref.IsZero())
		}
	}
}

// sortedAs checks an order: each item equals itself and precedes all that follow.
func sortedAs[T any](t *testing.T, compare func(a, b T) int, all ...T) {
	t.Helper()
	for i, a := range all {
		for j, b := range all {
			want := 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			if got := compare(a, b); got != want {
				t.Errorf("%+v and %+v: %d, want %d", a, b, got, want)
			}
		}
	}
}

// TestOrder checks refs by plane, group, kind, namespace, name; queries by their fields in turn; the log of the current run
// before that of the previous one.
func TestOrder(t *testing.T) {
	t.Parallel()
	sortedAs(t, Ref.Compare,
		Ref{}, Ref{Name: "z"}, Ref{Namespace: "a", Name: "a"}, Ref{Namespace: "b"}, Ref{Kind: "A", Name: "z"}, Ref{Kind: "A", Namespace: "a"}, Ref{Kind: "B"},
		Ref{Group: "a", Kind: "A", Namespace: "z"}, Ref{Group: "b", Kind: "A"}, Ref{Plane: "a"}, Ref{Plane: "a", Group: "z"}, Ref{Plane: "b", Group: "a"})
	sortedAs(t, Query.Compare,
		Query{}, Query{Limit: 1}, Query{Limit: 2}, Query{Names: true}, Query{Owner: "a", Limit: 1}, Query{Owner: "b"}, Query{Fields: "a", Owner: "z"}, Query{Labels: "a", Fields: "z"},
		Query{Namespace: "a", Labels: "z"}, Query{Kind: "A", Namespace: "z"}, Query{Group: "a", Kind: "Z"}, Query{Plane: "a", Group: "z"}, Query{Plane: "b"})
	sortedAs(t, LogQuery.Compare,
		LogQuery{}, LogQuery{Previous: true}, LogQuery{Container: "a"}, LogQuery{Container: "a", Previous: true}, LogQuery{Container: "b"}, LogQuery{Pod: Ref{Name: "a"}}, LogQuery{Pod: Ref{Name: "b"}, Container: "a"})
}

// TestOutcomeWords expects the words of the file form. Another word is an error, not a silent NotAsked.
func TestOutcomeWords(t *testing.T) {
	t.Parallel()
	all := []Outcome{NotAsked, Found, Absent, Forbidden, NoKind, Unreachable, Invalid}
	text, err := json.Marshal(append(slices.Clone(all), 7))
	if want := `["NotAsked","Found","Absent","Forbidden","NoKind","Unreachable","Invalid","Outcome(7)"]`; err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
	for _, o := range all {
		var read Outcome
		if err := read.UnmarshalText([]byte(o.String())); err != nil || read != o {
			t.Errorf("%s is read as %s, %v", o, read, err)
		}
	}
	for _, word := range []string{"", "found", "Outcome(7)"} {
		read := Forbidden
		if err := read.UnmarshalText([]byte(word)); err == nil || read != Forbidden {
			t.Errorf("%q is read as %s", word, read)
		}
	}
}

// TestIncludes covers the wanted commit, a descendant, an older commit, and one that the clone does not have.
func TestIncludes(t *testing.T) {
	t.Parallel()
	wanted := Revision{Commit: "aaa", Contains: map[string]bool{"child": true, "parent": false, "aaa": false}}
	for name, c := range map[string]struct {
		revision        Revision
		commit          string
		included, known bool
	}{
		"Itself":       {wanted, "aaa", true, true},
		"Descendant":   {wanted, "child", true, true},
		"Ancestor":     {wanted, "parent", false, true},
		"Unrelated":    {wanted, "bbb", false, false},
		"NoCommit":     {wanted, "", false, false},
		"NothingAsked": {Revision{Contains: map[string]bool{"child": true}}, "child", false, false},
		"Nothing":      {Revision{}, "", false, false},
		"NoClone":      {Revision{Commit: "aaa"}, "child", false, false},
	} {
		if included, known := c.revision.Includes(c.commit); included != c.included || known != c.known {
			t.Errorf("%s: %v, %v; want %v, %v", name, included, known, c.included, c.known)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	for commit, want := range map[string]string{"0123456789abcdef": "0123456", "0123456": "0123456", "012": "012", "": ""} {
		if got := Short(commit); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
