package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// fake is an engine that returns what a test sets.
type fake struct {
	engine.None
	properties         engine.Properties
	appliedBy, sources []facts.Ref
	dependsOn          []facts.Ref
	contents           []engine.Content
	charts             []engine.Chart
	runTime            time.Duration
	applied            bool
}

func (f fake) Properties() engine.Properties                        { return f.properties }
func (f fake) AppliedBy(*unstructured.Unstructured) []facts.Ref     { return f.appliedBy }
func (f fake) Inventory(*unstructured.Unstructured) []facts.Ref     { return f.appliedBy }
func (f fake) Sources(*unstructured.Unstructured) []facts.Ref       { return f.sources }
func (f fake) DependsOn(*unstructured.Unstructured) []facts.Ref     { return f.dependsOn }
func (f fake) Contents(*unstructured.Unstructured) []engine.Content { return f.contents }
func (f fake) Charts(*unstructured.Unstructured) []engine.Chart     { return f.charts }
func (f fake) RunTime(*unstructured.Unstructured) time.Duration     { return f.runTime }
func (f fake) Interval(*unstructured.Unstructured) time.Duration    { return f.runTime }
func (f fake) Restores(*unstructured.Unstructured) bool             { return f.applied }
func (f fake) HasPrunedAll(*unstructured.Unstructured) bool         { return f.applied }
func (f fake) IsStatic(*unstructured.Unstructured) bool             { return f.applied }
func (f fake) Revision(*unstructured.Unstructured) string           { return "main@sha1:1" }
func (f fake) LastChange(*unstructured.Unstructured) time.Time      { return time.Unix(1, 0) }
func (f fake) History(*unstructured.Unstructured) []engine.Applied {
	return []engine.Applied{{Runs: 2}}
}
func (f fake) Runs(*unstructured.Unstructured) engine.Runs           { return engine.Runs{Total: 3} }
func (f fake) Phase(*unstructured.Unstructured) (string, bool)       { return "checks health", f.applied }
func (f fake) Request(token string) engine.Request                   { return engine.Request{Key: "k", Value: token} }
func (f fake) Judge(engine.Run) engine.Verdict                       { return engine.Is(engine.Done, "done") }
func (f fake) Has(*unstructured.Unstructured, []string) (bool, bool) { return true, f.applied }
func (f fake) Fetched(*unstructured.Unstructured) (engine.Fetched, bool) {
	return engine.Fetched{By: "fake"}, true
}

func (f fake) PausedBy(*unstructured.Unstructured) string {
	if f.applied {
		return "spec.paused: true"
	}
	return ""
}

const applyGroup, sourceGroup = "apply.example.com", "source.example.com"

func ref(group, kind, name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: "shop", Name: name}
}

func object(group, kind string) facts.Object {
	return facts.Object{Ref: ref(group, kind, "a"), Outcome: facts.Found, Body: &unstructured.Unstructured{Object: map[string]any{}}}
}

// pair are an engine that applies and is listed, and one that only fetches.
func pair() (applier, source fake, all engine.Registry) {
	applier = fake{
		properties: engine.Properties{
			Kinds: []schema.GroupKind{{Group: applyGroup, Kind: "Apply"}, {Group: applyGroup, Kind: "ApplySet"}}, Applies: true, IsListed: true, FieldManager: "apply-",
			Controller: kinds.Controller{Deployment: "apply-controller"},
		},
		appliedBy: []facts.Ref{ref(applyGroup, "Apply", "parent")}, sources: []facts.Ref{ref(sourceGroup, "Source", "one"), ref(sourceGroup, "Source", "two")},
		dependsOn: []facts.Ref{ref(sourceGroup, "Source", "one"), ref(applyGroup, "Apply", "before"), ref("", "ConfigMap", "c")},
		contents:  []engine.Content{{Path: "apps"}}, runTime: time.Minute, applied: true,
	}
	source = fake{properties: engine.Properties{Kinds: []schema.GroupKind{{Group: sourceGroup, Kind: "Source"}}, Fetches: true}, appliedBy: []facts.Ref{ref(sourceGroup, "Source", "copy")}}
	return applier, source, engine.Registry{applier, source}
}

// TestOf: group and kind decide together, and the groups of Kubernetes, which have no domain, belong to no engine.
func TestOf(t *testing.T) {
	t.Parallel()
	applier, source, all := pair()
	core := append(engine.Registry{fake{properties: engine.Properties{Kinds: []schema.GroupKind{{Group: "apps", Kind: "Deployment"}}}}}, all...)
	for name, c := range map[string]struct {
		of   facts.Ref
		want engine.Engine // nil: none
	}{
		"First":       {ref(applyGroup, "Apply", "x"), applier},
		"SecondKind":  {ref(applyGroup, "ApplySet", "x"), applier},
		"Source":      {ref(sourceGroup, "Source", "x"), source},
		"OtherKind":   {ref(applyGroup, "Source", "x"), nil},
		"OtherGroup":  {ref("other.example.com", "Apply", "x"), nil},
		"NoDomain":    {ref("apps", "Deployment", "x"), nil},
		"NothingElse": {facts.Ref{}, nil},
	} {
		got, known := core.Of(c.of)
		if known != (c.want != nil) {
			t.Errorf("%s: known is %v", name, known)
		}
		if c.want == nil {
			c.want = engine.None{}
		}
		if diff := cmp.Diff(c.want.Properties(), got.Properties()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestDefines: a kind belongs to an engine by name, or with its whole group. lint then treats it as it treats Flux's.
func TestDefines(t *testing.T) {
	t.Parallel()
	one := fake{properties: engine.Properties{Kinds: []schema.GroupKind{{Group: applyGroup, Kind: "Apply"}}, OtherKinds: []schema.GroupKind{{Group: applyGroup, Kind: "Settings"}, {Group: "all.example.com", Kind: engine.AnyKind}}}}
	_, source, _ := pair()
	all := engine.Registry{source, one}
	for name, c := range map[string]struct {
		of   facts.Ref
		want bool
	}{
		"Delivers":   {ref(applyGroup, "Apply", "x"), true},
		"Other":      {ref(applyGroup, "Settings", "x"), true},
		"Any":        {ref("all.example.com", "Whatever", "x"), true},
		"OfAnother":  {ref(sourceGroup, "Source", "x"), true},
		"NoSuchKind": {ref(applyGroup, "Rollout", "x"), false},
		"NoGroup":    {ref("example.com", "Apply", "x"), false},
	} {
		if got := engine.Defines(all, c.of); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestCharts: each engine may know the charts of an object, whatever its kind is.
func TestCharts(t *testing.T) {
	t.Parallel()
	applier, source, _ := pair()
	applier.charts, source.charts = []engine.Chart{{Name: "a", Version: "1"}}, []engine.Chart{{Name: "b"}}
	all := engine.Registry{applier, fake{}, source}
	if diff := cmp.Diff([]engine.Chart{{Name: "a", Version: "1"}, {Name: "b"}}, engine.ChartsOf(all, object("apps", "Deployment"))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := engine.ChartsOf(all, facts.Object{}); got != nil {
		t.Errorf("nothing names the charts %v", got)
	}
}

// TestQueries: each kind of an engine is a list of its own, on the control plane.
func TestQueries(t *testing.T) {
	t.Parallel()
	query := func(group, kind string) facts.Query {
		return facts.Query{Plane: facts.Control, Group: group, Kind: kind}
	}
	unlisted := fake{properties: engine.Properties{Kinds: []schema.GroupKind{{Group: "x.example.com", Kind: "X"}}, Applies: true}}
	_, _, all := pair()
	all = append(all, unlisted)
	apply := []facts.Query{query(applyGroup, "Apply"), query(applyGroup, "ApplySet")}
	if diff := cmp.Diff(append(apply, query("x.example.com", "X")), all.Appliers()); diff != "" {
		t.Errorf("appliers (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(apply[:2], all.Listed()); diff != "" {
		t.Errorf("listed (-want +got)\n%s", diff)
	}
}

// TestRelations: every engine may have applied an object; its own engine alone knows the rest. A dependency counts if it applies something.
func TestRelations(t *testing.T) {
	t.Parallel()
	_, _, all := pair()
	o, appliers := object(applyGroup, "Apply"), []facts.Ref{ref(applyGroup, "Apply", "parent"), ref(sourceGroup, "Source", "copy")}
	for name, c := range map[string]struct{ want, got []facts.Ref }{
		"AppliedBy":     {appliers, all.AppliedBy(object("apps", "Deployment"))},
		"DependsOn":     {[]facts.Ref{ref(applyGroup, "Apply", "before")}, all.DependsOn(o)},
		"Prerequisites": {append(appliers[:2:2], ref(applyGroup, "Apply", "before")), all.Prerequisites(o)},
		"Sources":       {[]facts.Ref{ref(sourceGroup, "Source", "one"), ref(sourceGroup, "Source", "two")}, all.Sources(o)},
		"SourceOf":      {[]facts.Ref{ref(sourceGroup, "Source", "one")}, []facts.Ref{all.SourceOf(o)}},
		"NoSource":      {[]facts.Ref{{}}, []facts.Ref{all.SourceOf(object("apps", "Deployment"))}},
		"Inventory":     {appliers[:1], all.Inventory(o)},
		"NoInventory":   {nil, all.Inventory(object("apps", "Deployment"))},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestUnreadObject: of an object without a body nothing is known, whatever its engine would return.
func TestUnreadObject(t *testing.T) {
	t.Parallel()
	_, _, all := pair()
	o := facts.Object{Ref: ref(applyGroup, "Apply", "a"), Outcome: facts.Forbidden}
	for name, got := range map[string]int{
		"AppliedBy": len(all.AppliedBy(o)), "Sources": len(all.Sources(o)), "DependsOn": len(all.DependsOn(o)), "HistoryOf": len(engine.HistoryOf(all, o)), "PausedBy": len(all.PausedBy(o)),
	} {
		if got != 0 {
			t.Errorf("%s has %d results", name, got)
		}
	}
	_, fetched := all.Fetched(o)
	restores, interval := all.Restores(o)
	if fetched || restores || interval != 0 || all.HasPrunedAll(o) || all.IsPaused(o) || all.IsStatic(o) {
		t.Error("an object that was not read has properties")
	}
}
