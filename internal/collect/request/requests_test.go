package request

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func newSet() *Set {
	return New(facts.New(facts.Subject{Namespace: "shop", Component: "pay"}, time.Unix(0, 0)))
}

func kustomization(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// TestNames: an object of OpenChoreo is in the namespace of the component, unless its kind has no namespaces.
func TestNames(t *testing.T) {
	t.Parallel()
	k := newSet()
	of := func(kind string) facts.Query {
		return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "shop"}
	}
	owned, names, few := of("Workload"), of("Workload"), of("Workload")
	owned.Owner, names.Names, few.Limit = "pay", true, 100
	for name, c := range map[string]struct{ want, got any }{
		"Namespaced": {facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Environment", Namespace: "shop", Name: "dev"}, k.Ref("Environment", "dev")},
		"Cluster":    {facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ClusterDataPlane", Name: "default"}, k.Ref("ClusterDataPlane", "default")},
		"All":        {of("Workload"), k.All("Workload")},
		"Owned":      {owned, k.Owned("Workload", "pay")},
		"NamesOf":    {names, k.NamesOf("Workload")},
		"Listed":     {few, k.Listed("Workload")},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if all, few := AllKustomizations(), ListedKustomizations(); all.Limit != 0 || few.Limit != ListLimit || all.Namespace != "" {
		t.Errorf("%+v and %+v", all, few)
	}
}

// TestEachRequestOnce: what was read, and what is requested already, is not requested again.
func TestEachRequestOnce(t *testing.T) {
	t.Parallel()
	k := newSet()
	ref, list, log := kustomization("apps"), k.All("Workload"), facts.LogQuery{Pod: facts.Ref{Plane: "default", Kind: "Pod", Namespace: "dp", Name: "p"}, Container: "main"}
	requestAll := func() {
		k.RequestObject(ref)
		k.RequestObject(facts.Ref{Plane: facts.Control, Kind: "Secret"})
		k.RequestList(list)
		k.RequestSearch(AllKustomizations())
		k.RequestLog(log)
	}
	requestAll()
	requestAll()
	want := []Request{{get: ref}, {list: list}, {search: AllKustomizations()}, {log: log}}
	if diff := cmp.Diff(want, k.Pending, cmp.AllowUnexported(Request{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	k.Pending = nil
	k.Put(facts.Object{Ref: ref, Outcome: facts.Forbidden})
	k.PutList(facts.List{Query: list, Outcome: facts.Unreachable}, nil)
	k.PutList(facts.List{Query: AllKustomizations(), Outcome: facts.Found}, nil)
	k.PutLog(facts.Log{Query: log, Outcome: facts.Absent})
	if requestAll(); len(k.Pending) > 0 {
		t.Errorf("requested again: %+v", k.Pending)
	}
}

// TestAbsence: only a complete list proves that an object does not exist, and then no request is sent.
func TestAbsence(t *testing.T) {
	t.Parallel()
	of := func(change func(*facts.List)) facts.List {
		l := facts.List{Query: ListedKustomizations(), Outcome: facts.Found}
		change(&l)
		return l
	}
	binding := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ProjectReleaseBinding", Namespace: "shop", Name: "dev"}
	for name, c := range map[string]struct {
		ref   facts.Ref
		lists []facts.List
		want  bool
	}{
		"NoList":      {kustomization("apps"), nil, false},
		"Limited":     {kustomization("apps"), []facts.List{of(func(*facts.List) {})}, true},
		"All":         {kustomization("apps"), []facts.List{of(func(l *facts.List) { l.Query = AllKustomizations() })}, true},
		"OfNamespace": {kustomization("apps"), []facts.List{of(func(l *facts.List) { l.Query.Namespace = "flux-system" })}, true},
		"OfAnother":   {kustomization("apps"), []facts.List{of(func(l *facts.List) { l.Query.Namespace = "shop" })}, false},
		"ByLabel":     {kustomization("apps"), []facts.List{of(func(l *facts.List) { l.Query.Labels = "a=b" })}, false},
		"Truncated":   {kustomization("apps"), []facts.List{of(func(l *facts.List) { l.Truncated = true })}, false},
		"Forbidden":   {kustomization("apps"), []facts.List{of(func(l *facts.List) { l.Outcome = facts.Forbidden })}, false},
		// All are searched where there are too many to list; a search keeps a part of them.
		"Searched":      {kustomization("apps"), []facts.List{of(func(l *facts.List) { l.Truncated = true }), of(func(l *facts.List) { l.Query = AllKustomizations() })}, false},
		"InvalidName":   {kustomization("not a name"), []facts.List{of(func(*facts.List) {})}, false},
		"OtherProjects": {binding, []facts.List{of(func(l *facts.List) { l.Query = newSet().All("ProjectReleaseBinding") })}, false},
	} {
		k := newSet()
		for _, l := range c.lists {
			k.PutList(l, nil)
		}
		k.RequestObject(c.ref)
		if absent := k.Object(c.ref).Outcome == facts.Absent; absent != c.want || k.Inferred != c.want || (len(k.Pending) == 0) != c.want {
			t.Errorf("%s: absent is %v, inferred %v, requests %v, want %v", name, absent, k.Inferred, k.Pending, c.want)
		}
	}
}

// TestSelectors: a value can never become a further term of its selector.
func TestSelectors(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"app=pay":               HasLabel("app", "pay"),
		`app="a,b=c"`:           HasLabel("app", "a,b=c"),
		"app=":                  HasLabel("app", ""),
		"metadata.name=pay":     ByName("pay"),
		`metadata.name=a\,b\=c`: ByName("a,b=c"),
		"involvedObject.kind=Pod,involvedObject.name=p":               EventsOf("Pod", "p"),
		`involvedObject.kind=Pod,involvedObject.name=p\,type\=Normal`: EventsOf("Pod", "p,type=Normal"),
		"involvedObject.kind=Pod,involvedObject.name=p,type=Warning":  WarningsOf("Pod", "p"),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
