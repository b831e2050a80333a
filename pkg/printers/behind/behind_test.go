package behind

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// stale are rungs of which some are behind, by their ids.
func stale(behind ...trace.RungID) []trace.Rung {
	var rungs []trace.Rung
	for _, id := range trace.Rungs() {
		r := trace.Rung{ID: id, State: trace.OK, Current: trace.Current}
		if slices.Contains(behind, id) {
			r.Current, r.Revision = trace.Behind, "main@sha1:1111111"
		}
		rungs = append(rungs, r)
	}
	return rungs
}

// with sets the state of one rung.
func with(rungs []trace.Rung, id trace.RungID, state trace.State) []trace.Rung {
	rungs[slices.Index(trace.Rungs(), id)].State = state
	return rungs
}

func in(name string, verdict trace.Verdict, behind ...trace.RungID) trace.Environment {
	return trace.Environment{Name: name, Verdict: verdict, Rungs: stale(behind...)}
}

func released(e trace.Environment, name string) trace.Environment {
	e.Rungs[slices.Index(trace.Rungs(), trace.RungRelease)].Object = facts.Ref{Kind: "ComponentRelease", Namespace: "shop", Name: name}
	return e
}

// TestSentences: what is wanted and what runs is in the first sentence, and what has to happen in the second.
func TestSentences(t *testing.T) {
	t.Parallel()
	project := func(state trace.State) []trace.Rung {
		rungs := stale(trace.RungProject)
		rungs[slices.Index(trace.Rungs(), trace.RungDelivery)].Parts = []trace.Part{
			{Object: facts.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}, Current: trace.Current, Revision: "main@sha1:2222222"},
			{Object: facts.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "projects"}, State: state, Current: trace.Behind, Revision: "main@sha1:1111111"},
		}
		return rungs
	}
	const failed, progressing, ok = trace.VerdictFailed, trace.VerdictProgressing, trace.VerdictHealthy
	for name, c := range map[string]struct {
		rungs        []trace.Rung
		environments []trace.Environment
		want         []string
	}{
		"Nothing": {stale(), []trace.Environment{in("dev", ok)}, nil},
		"Failed": {
			with(stale(trace.RungDelivery), trace.RungDelivery, trace.Failed),
			[]trace.Environment{in("dev", ok, trace.RungPod)},
			[]string{"the wanted revision is main@2222222, but delivery has main@1111111, so the pods may be older too. The wanted revision is deployed after the fix."},
		},
		"FailedAbove": {
			with(stale(trace.RungDelivery), trace.RungSource, trace.Failed), nil,
			[]string{"the wanted revision is main@2222222, but delivery has main@1111111. The wanted revision is deployed after the fix."},
		},
		"BeingApplied": {
			with(stale(trace.RungDelivery), trace.RungDelivery, trace.Progressing),
			[]trace.Environment{in("dev", ok, trace.RungRendered)},
			[]string{"the wanted revision is main@2222222, but delivery has main@1111111. It is being applied."},
		},
		"NotFetched": {
			with(stale(trace.RungSource), trace.RungSource, trace.Progressing), nil,
			[]string{"the wanted revision is main@2222222, but source has main@1111111. It is deployed after the source has fetched it."},
		},
		"NotBegun": {stale(trace.RungDelivery), nil, []string{"the wanted revision is main@2222222, but delivery has main@1111111. The next reconciliation applies it."}},
		"Project": {
			project(trace.OK),
			[]trace.Environment{in("dev", ok, trace.RungPod)},
			[]string{"Kustomization flux-system/projects, which the project needs, has main@1111111, and its source has a newer revision. The next reconciliation applies it."},
		},
		"ProjectFailed": {
			project(trace.Failed), nil,
			[]string{"Kustomization flux-system/projects, which the project needs, has main@1111111, and its source has a newer revision. That revision is applied after the fix."},
		},
		"Rendered": {
			stale(),
			[]trace.Environment{released(in("dev", failed, trace.RungRendered, trace.RungPod), "cart-2")},
			[]string{"release cart-2 is wanted in dev, but its pods run what was applied before. They are replaced after the fix."},
		},
		"RenderedInTwo": {
			stale(),
			[]trace.Environment{in("dev", failed, trace.RungRendered, trace.RungPod), in("qa", failed, trace.RungRendered, trace.RungPod)},
			[]string{"the pods in dev, qa run what was applied before. They are replaced after the fix."},
		},
		"FailedInOne": {
			stale(),
			[]trace.Environment{in("dev", failed, trace.RungRendered, trace.RungPod), in("qa", progressing, trace.RungRendered, trace.RungPod)},
			[]string{"the pods in dev, qa run what was applied before."},
		},
		"Resource": {
			stale(),
			[]trace.Environment{released(in("dev", progressing, trace.RungResource, trace.RungPod), "cart-2")},
			[]string{"release cart-2 is wanted in dev, but its pods run an earlier revision. They are replaced when the new pods are ready."},
		},
		"NoPods":   {stale(), []trace.Environment{in("dev", failed, trace.RungRendered)}, nil},
		"PodAlone": {stale(), []trace.Environment{in("dev", failed, trace.RungPod)}, nil},
	} {
		got := Sentences(&trace.Trace{Rungs: c.rungs, Environments: c.environments, Wanted: trace.Wanted{Revision: "main@sha1:2222222"}})
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestTopmost: either revision may not be known, and one of several objects may have another.
func TestTopmost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trace trace.Trace
		want  string
	}{
		"None":      {trace.Trace{Rungs: stale()}, ""},
		"NotWanted": {trace.Trace{Rungs: stale(trace.RungDelivery)}, "delivery is behind."},
		"Unknown":   {trace.Trace{Rungs: []trace.Rung{{ID: trace.RungDelivery, Current: trace.Behind}}, Wanted: trace.Wanted{Revision: "v1"}}, "the wanted revision is v1, but delivery does not have it yet."},
		"OneOfTwo":  {trace.Trace{Rungs: stale(trace.RungDelivery), Wanted: trace.Wanted{Revision: "main@sha1:1111111"}}, "the wanted revision is main@1111111, but delivery does not have it yet."},
		"Below":     {trace.Trace{Rungs: stale(), Environments: []trace.Environment{in("dev", trace.VerdictHealthy, trace.RungResource)}, Wanted: trace.Wanted{Revision: "main@sha1:2222222"}}, "the wanted revision is main@2222222, but resource (dev) has main@1111111."},
	} {
		if got := Topmost(&c.trace); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestApplying: what is being applied may fix a failure of what was applied before.
func TestApplying(t *testing.T) {
	t.Parallel()
	rungs := with(stale(trace.RungDelivery), trace.RungDelivery, trace.Progressing)
	for want, failing := range map[string]*trace.Failure{
		"It is being applied.": nil,
		"It is being applied, and may fix this: before you change anything, wait a minute and trace again.": {Rung: trace.RungBinding},
	} {
		got := Sentences(&trace.Trace{Wanted: trace.Wanted{Revision: "main@sha1:2222222"}, Rungs: rungs, Failing: failing})
		if len(got) != 1 || !strings.HasSuffix(got[0], want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestAppliedAlready: while kustomize-controller runs the health checks of the wanted revision, its objects are applied: to wait does not help.
func TestAppliedAlready(t *testing.T) {
	t.Parallel()
	rungs := with(stale(trace.RungDelivery), trace.RungDelivery, trace.Progressing)
	delivery := &rungs[slices.Index(trace.Rungs(), trace.RungDelivery)]
	for summary, want := range map[string]string{
		"apps: Running health checks for revision main@sha1:2222222 with a timeout of 30s": "delivery has applied the wanted revision main@2222222, and waits until it is healthy.",
		"apps: Running health checks for revision main@sha1:3333333 with a timeout of 30s": "the wanted revision is main@2222222, but delivery has main@1111111. It is being applied, and may fix this: before you change anything, wait a minute and trace again.",
	} {
		delivery.Summary = summary
		got := Sentences(&trace.Trace{Wanted: trace.Wanted{Revision: "main@sha1:2222222"}, Rungs: rungs, Failing: &trace.Failure{Rung: trace.RungPod}})
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", summary, diff)
		}
	}
}

// TestPodsThatFail: the finding of a pod has its image, so the sentence does not guess the age of the pods.
func TestPodsThatFail(t *testing.T) {
	t.Parallel()
	rungs := with(stale(trace.RungDelivery), trace.RungDelivery, trace.Failed)
	for rung, want := range map[trace.RungID]bool{trace.RungPod: false, trace.RungDelivery: true} {
		got := Sentences(&trace.Trace{
			Wanted: trace.Wanted{Revision: "main@sha1:2222222"}, Rungs: rungs, Failing: &trace.Failure{Rung: rung},
			Environments: []trace.Environment{in("dev", trace.VerdictFailed, trace.RungPod)},
		})
		if len(got) != 1 || strings.Contains(got[0], "so the pods may be older too") != want {
			t.Errorf("%s: %q", rung, got)
		}
	}
}
