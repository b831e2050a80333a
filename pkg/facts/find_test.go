package facts

import (
	"testing"
	"time"
)

// TestListedIsTheBestAnswer expects a successful list before a failed one, whatever their scopes. Among failed lists the
// narrowest counts.
func TestListedIsTheBestAnswer(t *testing.T) {
	t.Parallel()
	all := Query{Plane: Control, Group: "g", Kind: "Thing"}
	here, selected, elsewhere, other := all, all, all, all
	here.Namespace, elsewhere.Namespace, other.Kind = "here", "elsewhere", "Other"
	selected.Namespace, selected.Labels = "here", "a=b"
	names := here
	names.Names = true
	for name, c := range map[string]struct {
		lists []List
		want  List
	}{
		"None":           {nil, List{}},
		"NotAsked":       {[]List{{Query: here}}, List{}},
		"OfAnotherPlace": {[]List{{Query: elsewhere, Outcome: Found}, {Query: other, Outcome: Found}}, List{}},
		"OneMay":         {[]List{{Query: all, Outcome: Forbidden}, {Query: here, Outcome: Found}, {Query: selected, Outcome: Unreachable}}, List{Query: here, Outcome: Found}},
		"AllMay":         {[]List{{Query: all, Outcome: Found}, {Query: here, Outcome: Forbidden}}, List{Query: all, Outcome: Found}},
		"TooLong":        {[]List{{Query: all, Outcome: Found, Truncated: true}, {Query: names, Outcome: Found}}, List{Query: names, Outcome: Found}},
		"OnlyTooLong":    {[]List{{Query: all, Outcome: Found, Truncated: true}, {Query: names, Outcome: Forbidden}}, List{Query: all, Outcome: Found}},
		"NobodyMay":      {[]List{{Query: here, Outcome: Unreachable}, {Query: all, Outcome: Forbidden}}, List{Query: here, Outcome: Unreachable}},
	} {
		s := New(Subject{}, time.Time{})
		for _, l := range c.lists {
			s.PutList(l, nil)
		}
		if got := s.Listed(Control, "g", "Thing", "here"); got.Outcome != c.want.Outcome || got.Query != c.want.Query {
			t.Errorf("%s: %s of %+v, want %s of %+v", name, got.Outcome, got.Query, c.want.Outcome, c.want.Query)
		}
	}
}
