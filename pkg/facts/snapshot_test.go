package facts

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func pod(name string) Ref {
	return Ref{Plane: "eu", Kind: "Pod", Namespace: "shop", Name: name}
}

// TestPut expects that a newer result replaces an older one, unless only the older one has a body. The user may have permission
// to list but not to get.
func TestPut(t *testing.T) {
	t.Parallel()
	found := Object{Ref: pod("a"), Outcome: Found, Body: &unstructured.Unstructured{Object: map[string]any{}}}
	newer := Object{Ref: pod("a"), Outcome: Found, Body: &unstructured.Unstructured{Object: map[string]any{"kind": "Pod"}}}
	forbidden, absent := Object{Ref: pod("a"), Outcome: Forbidden, Reason: "denied"}, Object{Ref: pod("a"), Outcome: Absent}
	bodiless := Object{Ref: pod("a"), Outcome: Unreachable, Reason: "it was found without a body"}
	for name, c := range map[string]struct {
		answers []Object
		want    Object
	}{
		"None":            {nil, Object{Ref: pod("a")}},
		"OfAnother":       {[]Object{{Ref: pod("b"), Outcome: Found}}, Object{Ref: pod("a")}},
		"Found":           {[]Object{found}, found},
		"FoundAgain":      {[]Object{found, newer}, newer},
		"FoundThenNot":    {[]Object{found, forbidden, absent}, found},
		"FoundAfterwards": {[]Object{forbidden, found}, found},
		"OnlyFailures":    {[]Object{forbidden, absent}, absent},
		"NoBody":          {[]Object{{Ref: pod("a"), Outcome: Found}}, bodiless},
		"EmptyBody":       {[]Object{{Ref: pod("a"), Outcome: Found, Body: &unstructured.Unstructured{}}}, bodiless},
		"NoBodyAgain":     {[]Object{found, {Ref: pod("a"), Outcome: Found}}, found},
		"BodyOfAbsent":    {[]Object{{Ref: pod("a"), Outcome: Absent, Body: newer.Body}}, absent},
	} {
		s := New(Subject{}, time.Time{})
		for _, o := range c.answers {
			s.Put(o)
		}
		if diff := cmp.Diff(c.want, s.Object(pod("a"))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestAnswersOfASnapshot expects NotAsked for anything not requested, and the objects of each list. A dropped object is NotAsked
// again.
func TestAnswersOfASnapshot(t *testing.T) {
	t.Parallel()
	s := New(Subject{Component: "greeter"}, time.Time{})
	q, other := Query{Kind: "Pod"}, Query{Kind: "Node"}
	log := LogQuery{Pod: pod("a"), Container: "main"}
	if l, g := s.List(q), s.Log(log); l.Outcome != NotAsked || l.Query != q || g.Outcome != NotAsked || g.Query != log {
		t.Errorf("not asked: %+v, %+v", l, g)
	}
	s.PutList(List{Query: q, Outcome: Found, Items: []Ref{pod("b"), pod("a")}}, []Object{{Ref: pod("b"), Outcome: Found}, {Ref: pod("a"), Outcome: Found}})
	s.PutList(List{Query: other, Outcome: Forbidden}, nil)
	s.PutLog(Log{Query: LogQuery{Pod: pod("a"), Container: "main", Previous: true}, Outcome: Absent})
	s.PutLog(Log{Query: log, Outcome: Found, Lines: []string{"x"}})
	s.Put(Object{Ref: pod("c"), Outcome: Absent})

	names := func(s *Snapshot) (names []string) {
		for _, o := range s.Objects() {
			names = append(names, o.Ref.Name)
		}
		return names
	}
	if diff := cmp.Diff([]Ref{pod("a"), pod("b")}, s.List(q).Items); diff != "" {
		t.Errorf("items (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, names(s)); diff != "" {
		t.Errorf("objects (-want +got)\n%s", diff)
	}
	if all := s.Lists(); len(all) != 2 || all[0].Query != other || all[1].Query != q {
		t.Errorf("lists: %+v", all)
	}
	if all := s.Logs(); len(all) != 2 || all[0].Query != log || !all[1].Query.Previous {
		t.Errorf("logs: %+v", all)
	}
	if n, m := len(slices.Collect(s.Each())), len(slices.Collect(s.EachList())); n != 3 || m != 2 {
		t.Errorf("%d objects and %d lists, want 3 and 2", n, m)
	}
	less := s.Without(func(o Object) bool { return o.Ref == pod("a") })
	if diff := cmp.Diff([]string{"b", "c"}, names(less)); diff != "" || less.Subject.Component != "greeter" || less.List(q).Outcome != Found || less.Log(log).Outcome != Found {
		t.Errorf("without one: %+v (-want +got)\n%s", less, diff)
	}
	s.Drop(pod("b"))
	if diff := cmp.Diff([]string{"a", "c"}, names(s)); diff != "" || s.Object(pod("b")).Outcome != NotAsked {
		t.Errorf("dropped (-want +got)\n%s", diff)
	}
}

// TestOf: found objects of exactly that plane, group and kind, sorted.
func TestOf(t *testing.T) {
	t.Parallel()
	s := New(Subject{}, time.Time{})
	for _, ref := range []Ref{pod("b"), pod("a"), {Plane: "us", Kind: "Pod", Name: "c"}, {Plane: "eu", Group: "g", Kind: "Pod", Name: "d"}, {Plane: "eu", Kind: "Node", Name: "e"}} {
		s.Put(Object{Ref: ref, Outcome: Found, Body: &unstructured.Unstructured{Object: map[string]any{}}})
	}
	s.Put(Object{Ref: pod("absent"), Outcome: Absent})
	var got []Ref
	for _, o := range s.Of("eu", "", "Pod") {
		got = append(got, o.Ref)
	}
	if diff := cmp.Diff([]Ref{pod("a"), pod("b")}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
