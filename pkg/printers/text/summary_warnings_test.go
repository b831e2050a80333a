package text

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestHeldBack: who has to continue a paused rollout, and how, stands below what is behind; a rollout further down says nothing new.
func TestHeldBack(t *testing.T) {
	t.Parallel()
	paused := trace.Finding{
		Code: trace.CodeRolloutPaused, Severity: trace.Warning, Message: "the rollout is paused", Hint: "promote it",
		NextSteps: []trace.NextStep{{Role: trace.RoleDataPlane, Command: "kubectl argo rollouts promote web -n dp", OnlyIf: "the new pods work"}},
	}
	notSynced, notReady := paused, paused
	notSynced.Code, notReady.Code = trace.CodeSecretNotSynced, trace.CodeSecretStoreNotReady
	rung := func(id trace.RungID, findings ...trace.Finding) trace.Rung {
		return trace.Rung{ID: id, State: trace.OK, Current: trace.Behind, Findings: findings}
	}
	const says = "The rollout is paused.\n  Promote it.\n  Next: as platform engineer, on the data plane, if the new pods work:\n          kubectl argo rollouts promote web -n dp\n"
	for name, c := range map[string]struct {
		rungs []trace.Rung
		want  bool
	}{
		"HeldBack":    {[]trace.Rung{rung(trace.RungResource, paused), rung(trace.RungPod)}, true},
		"NotSynced":   {[]trace.Rung{rung(trace.RungResource, notSynced), rung(trace.RungPod)}, true},
		"NotReady":    {[]trace.Rung{rung(trace.RungResource, notReady), rung(trace.RungPod)}, false},
		"BehindAbove": {[]trace.Rung{rung(trace.RungRelease), rung(trace.RungResource, paused)}, false},
		"NotPaused":   {[]trace.Rung{rung(trace.RungResource), rung(trace.RungPod)}, false},
	} {
		tr := &trace.Trace{Verdict: trace.VerdictHealthy, Current: trace.Behind, Environments: []trace.Environment{{Name: "development", Verdict: trace.VerdictHealthy, Rungs: c.rungs}}}
		if got := strings.Join(Summary(tr, style.Options{}), "\n"); strings.Contains(got, says) != c.want {
			t.Errorf("%s: says how to continue: %t, want %t\n%s", name, !c.want, c.want, got)
		}
	}
}

// TestExplained: one warning of each code is explained, at most three, and none where the conclusion is about another finding.
func TestExplained(t *testing.T) {
	t.Parallel()
	warning := func(code trace.Code) trace.Finding { return trace.Finding{Code: code, Severity: trace.Warning} }
	rung := func(id trace.RungID, findings ...trace.Finding) trace.Rung {
		return trace.Rung{ID: id, State: trace.OK, Current: trace.Current, Findings: findings}
	}
	info := trace.Finding{Code: trace.CodeReleaseUnused, Severity: trace.Info}
	for name, c := range map[string]struct {
		current trace.Currency
		rungs   []trace.Rung
		want    []string
	}{
		"Nothing":  {trace.Current, []trace.Rung{rung(trace.RungPod)}, nil},
		"Info":     {trace.Current, []trace.Rung{rung(trace.RungPod, info)}, nil},
		"One":      {trace.Current, []trace.Rung{rung(trace.RungBinding, info, warning(trace.CodeFieldDrift))}, []string{"binding FieldDrift"}},
		"SameCode": {trace.Current, []trace.Rung{rung(trace.RungRelease, warning(trace.CodeTwoOwners), warning(trace.CodeTwoOwners)), rung(trace.RungBinding, warning(trace.CodeTwoOwners))}, []string{"release TwoOwners"}},
		"Four": {
			trace.Current,
			[]trace.Rung{
				rung(trace.RungRelease, info, warning(trace.CodeReleaseOutdated)), rung(trace.RungBinding, warning(trace.CodeFieldDrift)),
				rung(trace.RungPod, warning(trace.CodePodFailed), warning(trace.CodePodFlapping)),
			},
			[]string{"release ReleaseOutdated", "binding FieldDrift", "pod PodFailed"},
		},
		"Behind": {trace.Behind, []trace.Rung{rung(trace.RungPod, warning(trace.CodePodFailed))}, nil},
	} {
		tr := &trace.Trace{Verdict: trace.VerdictHealthy, Current: c.current, Environments: []trace.Environment{{Name: "dev", Verdict: trace.VerdictHealthy, Rungs: c.rungs}}}
		var got []string
		for _, r := range Explained(tr) {
			for _, f := range r.Findings {
				got = append(got, fmt.Sprintf("%s %s", r.ID, f.Code))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestAboutObject: the object of a message that does not name it stands before it. Text from a cluster is one line.
func TestAboutObject(t *testing.T) {
	t.Parallel()
	component := facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "shop", Name: "web"}
	for want, f := range map[string]trace.Finding{
		"Component shop/web is delivered twice":   {Object: component, Message: "Component shop/web is delivered twice"},
		"Component shop/web: it is suspended":     {Object: component, Message: "it is suspended"},
		"Component shop/web: Component shop/web2": {Object: component, Message: "Component shop/web2"},
		"Component shop/web: a\\x1bb":             {Object: component, Message: "a\x1bb"},
		"a field of Component shop/web changed":   {Object: component, Message: "a field of Component shop/web changed"},
		"no object":                               {Message: "no object"},
		"":                                        {Object: component},
	} {
		if got := aboutObject(f); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
