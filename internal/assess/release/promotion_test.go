package release_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestNotPromoted: an environment is held against those that the pipeline promotes from, wherever they stand in a list.
func TestNotPromoted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paths map[string][]string
		order []string // of the sources, as written
		want  []string // of staging, which has release 1; development has release 2, and production is not bound
	}{
		"Straight":         {map[string][]string{"development": {"staging"}}, []string{"development"}, []string{"development has release-not-promoted-20261121-2"}},
		"Branched":         {map[string][]string{"development": {"production", "staging"}}, []string{"development"}, []string{"development has release-not-promoted-20261121-2"}},
		"BehindAnUnbound":  {map[string][]string{"development": {"production"}, "production": {"staging"}}, []string{"development", "production"}, nil},
		"SeveralSources":   {map[string][]string{"production": {"staging"}, "development": {"staging"}}, []string{"production", "development"}, []string{"development has release-not-promoted-20261121-2"}},
		"NamedByNoPath":    {map[string][]string{"development": {"production"}}, []string{"development"}, nil},
		"TheFirst":         {map[string][]string{"staging": {"development"}}, []string{"staging"}, nil},
		"ThereIsNoPathYet": {nil, nil, nil},
	} {
		w := assesstest.World{Snapshot: factstest.Scenario(t, "release-not-promoted"), T: t}
		pipeline(w, c.order, c.paths)
		if diff := cmp.Diff(c.want, notPromoted(assess.Assess(w.Snapshot, w.TakenAt), "staging")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	w := assesstest.World{Snapshot: factstest.Scenario(t, "release-not-promoted"), T: t}
	w.Answer(w.One("DeploymentPipeline", ""), facts.Absent)
	if got := notPromoted(assess.Assess(w.Snapshot, w.TakenAt), "staging"); got != nil {
		t.Errorf("without a pipeline nothing is known to be promoted from anywhere: %v", got)
	}
}

// TestPromotedFromOneOfSeveral: a release comes from one source; that the others have another one is no fault of the target.
func TestPromotedFromOneOfSeveral(t *testing.T) {
	t.Parallel()
	w := assesstest.World{Snapshot: factstest.Scenario(t, "release-not-promoted"), T: t}
	pipeline(w, []string{"development", "production"}, map[string][]string{"development": {"staging"}, "production": {"staging"}})
	staging := w.One("ReleaseBinding", "-staging")
	other := facts.Object{Ref: staging.Ref, Outcome: facts.Found, Body: staging.Body.DeepCopy()}
	other.Ref.Name = strings.Replace(other.Ref.Name, "staging", "production", 1)
	other.Body.SetName(other.Ref.Name)
	other.Body.SetUID("another")
	w.Set(other, "production", "spec", "environment")
	w.Put(other)
	if got := notPromoted(assess.Assess(w.Snapshot, w.TakenAt), "staging"); got != nil {
		t.Errorf("staging has the release of production: %v", got)
	}
}

// TestPromotableReleases: only what an earlier environment runs can be promoted, and nothing is promoted backwards.
func TestPromotableReleases(t *testing.T) {
	t.Parallel()
	const newer, older = "release-not-promoted-20261121-2", "release-not-promoted-20261121-1"
	dev := func(w assesstest.World) facts.Object { return w.One("ReleaseBinding", "-development") }
	release := func(w assesstest.World, name string) facts.Ref { return w.Component().Ref("ComponentRelease", name) }
	for name, c := range map[string]struct {
		change func(w assesstest.World)
		want   []string
	}{
		"Runs":          {func(assesstest.World) {}, []string{"development has " + newer}},
		"ReleaseUnread": {func(w assesstest.World) { w.Drop(release(w, newer)) }, []string{"development has " + newer}},
		"ReleaseAbsent": {func(w assesstest.World) { w.Answer(facts.Object{Ref: release(w, newer)}, facts.Absent) }, nil},
		"OfAnother": {func(w assesstest.World) {
			w.Condition(dev(w), time.Hour, "ReleaseSynced", "False", "InvalidReleaseConfiguration", "no")
		}, nil},
		"NotRenderedYet": {func(w assesstest.World) { w.Set(dev(w), int64(99), "metadata", "generation") }, nil},
		"Undeployed":     {func(w assesstest.World) { w.Set(dev(w), "Undeploy", "spec", "state") }, nil},
		"Deleted":        {func(w assesstest.World) { w.Deleted(dev(w), time.Minute) }, nil},
		"Older": {func(w assesstest.World) {
			w.Set(dev(w), older, "spec", "releaseName")
			w.Set(w.One("ReleaseBinding", "-staging"), newer, "spec", "releaseName")
		}, nil},
		"NamedOtherwise": {func(w assesstest.World) {
			w.Set(dev(w), "a-hash", "spec", "releaseName")
		}, []string{"development has a-hash"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := assesstest.World{Snapshot: factstest.Scenario(t, "release-not-promoted"), T: t}
			if o := dev(w); o.Body.GetGeneration() == 0 {
				t.Fatal("the binding has no generation")
			}
			c.change(w)
			if diff := cmp.Diff(c.want, notPromoted(assess.Assess(w.Snapshot, w.TakenAt), "staging")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestUnreadSources: with -e the bindings of other environments are not read.
func TestUnreadSources(t *testing.T) {
	t.Parallel()
	w := assesstest.World{Snapshot: factstest.Scenario(t, "release-not-promoted"), T: t}
	w.Subject.Environments = []string{"staging"}
	if got := assess.Assess(w.Snapshot, w.TakenAt).Environments[0].UnreadSources; len(got) > 0 {
		t.Errorf("the binding of development was read: %v", got)
	}
	w.Drop(w.One("ReleaseBinding", "-development").Ref)
	if diff := cmp.Diff([]string{"development"}, assess.Assess(w.Snapshot, w.TakenAt).Environments[0].UnreadSources); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// pipeline writes the promotion paths anew.
func pipeline(w assesstest.World, sources []string, targets map[string][]string) {
	w.T.Helper()
	paths := []any{}
	for _, source := range sources {
		refs := []any{}
		for _, name := range targets[source] {
			refs = append(refs, map[string]any{"kind": "Environment", "name": name})
		}
		paths = append(paths, map[string]any{"sourceEnvironmentRef": map[string]any{"name": source}, "targetEnvironmentRefs": refs})
	}
	w.Set(w.One("DeploymentPipeline", ""), paths, "spec", "promotionPaths")
}

func notPromoted(t *trace.Trace, environment string) []string {
	var messages []string
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			for _, f := range r.Findings {
				if f.Code == trace.CodeReleaseNotPromoted && e.Name == environment {
					messages = append(messages, f.Message)
				}
			}
		}
	}
	slices.Sort(messages)
	return messages
}
