package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestOwnEngine: the registry passes an object to the engine of its kind, and to no other.
func TestOwnEngine(t *testing.T) {
	t.Parallel()
	_, _, all := pair()
	own, other, none := object(applyGroup, "Apply"), object(sourceGroup, "Source"), object("apps", "Deployment")
	for name, c := range map[string]struct{ want, got any }{
		"Contents":      {[]engine.Content{{Path: "apps"}}, all.Contents(own)},
		"NoContents":    {[]engine.Content(nil), all.Contents(other)},
		"HasPrunedAll":  {[]bool{true, false, false}, []bool{all.HasPrunedAll(own), all.HasPrunedAll(other), all.HasPrunedAll(none)}},
		"IsPaused":      {[]bool{true, false, false}, []bool{all.IsPaused(own), all.IsPaused(other), all.IsPaused(none)}},
		"IsStatic":      {[]bool{true, false, false}, []bool{all.IsStatic(own), all.IsStatic(other), all.IsStatic(none)}},
		"IsApplied":     {[]bool{true, false, false}, []bool{all.IsApplied(own), all.IsApplied(other), all.IsApplied(none)}},
		"PausedBy":      {"spec.paused: true", all.PausedBy(own)},
		"Properties":    {"apply-", all.Properties(own.Ref).FieldManager},
		"Revision":      {[]string{"main@sha1:1", ""}, []string{all.Revision(own), all.Revision(none)}},
		"LastChange":    {[]bool{false, true}, []bool{all.LastChange(own).IsZero(), all.LastChange(none).IsZero()}},
		"HistoryOf":     {[]engine.Applied{{Runs: 2}}, engine.HistoryOf(all, own)},
		"NoHistory":     {[]engine.Applied(nil), engine.HistoryOf(all, none)},
		"RunsOf":        {[]int64{3, 0}, []int64{engine.RunsOf(all, own).Total, engine.RunsOf(all, none).Total}},
		"RunTime":       {[]time.Duration{time.Minute, 5 * time.Minute}, []time.Duration{all.RunTime(own), all.RunTime(none)}},
		"Controller":    {"apply-controller", all.Controller(own.Ref).Deployment},
		"OfOpenChoreo":  {kinds.OpenChoreoController(), all.Controller(ref(kinds.OpenChoreo, "Component", "a"))},
		"OfNone":        {kinds.Controller{}, all.Controller(none.Ref)},
		"Phase":         {[]string{"checks health", "not reconciled yet"}, []string{all.Phase(own), all.Phase(none)}},
		"Request":       {engine.Request{Key: "k", Value: "now"}, all.Request(own.Ref, "now")},
		"NoRequest":     {engine.Request{}, all.Request(none.Ref, "now")},
		"Judge":         {engine.Verdict{Decision: engine.Done, Message: "done"}, all.Judge(engine.Run{Object: own})},
		"JudgeOfNoKind": {engine.Verdict{Decision: engine.Failed, Message: `objects of group "apps" are not supported`}, all.Judge(engine.Run{Object: none})},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	restores, interval := all.Restores(own)
	fetched, known := all.Fetched(own)
	attempted, applied := all.Has(own, nil)
	if !restores || interval != time.Minute || fetched.By != "fake" || !known || !attempted || !applied {
		t.Error("the engine of an object is not the one of its kind")
	}
	if attempted, applied := all.Has(none, nil); attempted || applied {
		t.Error("an object that delivers nothing has a revision")
	}
}

// TestFieldManagers: an engine's field managers begin with its own; an engine without one owns no field.
func TestFieldManagers(t *testing.T) {
	t.Parallel()
	_, _, all := pair()
	for name, want := range map[string]bool{"apply-controller": true, "apply-": true, "apply": false, "kubectl-apply-x": false, "": false} {
		if got := all.IsFieldManager(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

// TestNeverApplied: only the field managers prove it, and only those of listed engines count.
func TestNeverApplied(t *testing.T) {
	t.Parallel()
	applier, source, _ := pair()
	source.properties.FieldManager = "source-"
	all := engine.Registry{applier, source}
	for name, c := range map[string]struct {
		managers []string // nil: none are known
		want     bool
	}{
		"Unknown":      {nil, false},
		"Applied":      {[]string{"apply-controller"}, false},
		"AmongOthers":  {[]string{"kubectl", "apply-controller"}, false},
		"ByAnother":    {[]string{"kubectl"}, true},
		"ByAnUnlisted": {[]string{"source-controller"}, true},
	} {
		o := facts.Object{Ref: ref("apps", "Deployment", "a"), Outcome: facts.Found, Body: managedBy(c.managers)}
		if got := all.NeverApplied(o); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if all.NeverApplied(facts.Object{}) {
		t.Error("of an object that was not read nothing is proven")
	}
}

// managedBy is an object as a reader of a cluster keeps it, with its field managers.
func managedBy(managers []string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{Object: map[string]any{}}
	var entries []metav1.ManagedFieldsEntry
	for _, name := range managers {
		entries = append(entries, metav1.ManagedFieldsEntry{Manager: name, Operation: metav1.ManagedFieldsOperationApply})
	}
	u.SetManagedFields(entries)
	facts.KeepFieldManagers(u)
	return u
}
