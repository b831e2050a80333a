package text

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// refusal is a read that the API server has refused.
func refusal(kind, user string) trace.Finding {
	f := trace.Finding{
		Code: trace.CodeForbidden, Object: facts.Ref{Kind: kind, Name: "x"}, Message: "forbidden",
		NextSteps: []trace.NextStep{{Role: trace.RoleAdministrator, Command: "kubectl choreo rbac"}},
	}
	if user != "" {
		f.Evidence = []trace.Evidence{{Path: "verb", Value: "list"}, {Path: trace.UserEvidence, Value: user}}
	}
	return f
}

// TestUndecided: rungs that the user may not read are one matter for an administrator. A rung that follows from them is left out, and
// one with a cause of its own is not.
func TestUndecided(t *testing.T) {
	t.Parallel()
	unknown := func(id trace.RungID, findings ...trace.Finding) trace.Rung {
		return trace.Rung{ID: id, Findings: findings}
	}
	own := trace.Finding{Code: trace.CodeUnreachable, Message: "no answer"}
	type result struct {
		Rungs    []string
		Sentence string
		Reads    []string
		First    string
	}
	for name, c := range map[string]struct {
		shared, inDev []trace.Rung
		want          result
	}{
		"Nothing":      {[]trace.Rung{{ID: trace.RungSource, State: trace.OK}}, nil, result{}},
		"NotForbidden": {[]trace.Rung{unknown(trace.RungSource, own), unknown(trace.RungDelivery)}, []trace.Rung{unknown(trace.RungPod)}, result{Rungs: []string{"source", "delivery", "pod (dev)"}}},
		"One":          {[]trace.Rung{unknown(trace.RungSource, refusal("GitRepository", ""))}, nil, result{Sentence: "1 read is forbidden for you. Unknown: source.", Reads: []string{"get GitRepository x"}, First: "GitRepository"}},
		"User":         {[]trace.Rung{unknown(trace.RungSource, refusal("GitRepository", "dora\x1b"))}, nil, result{Sentence: `1 read is forbidden for dora\x1b. Unknown: source.`, Reads: []string{"get GitRepository x"}, First: "GitRepository"}},
		"Several": {
			[]trace.Rung{unknown(trace.RungSource, refusal("GitRepository", "dora")), unknown(trace.RungDelivery)},
			[]trace.Rung{unknown(trace.RungPod, refusal("Pod", ""), refusal("Event", ""))},
			result{Sentence: "3 reads are forbidden for dora. Unknown: source, pod.", Reads: []string{"get GitRepository x", "get Pod x", "get Event x"}, First: "GitRepository"},
		},
		"SameObject": {
			[]trace.Rung{unknown(trace.RungSource, refusal("Namespace", ""))},
			[]trace.Rung{unknown(trace.RungPod, refusal("Namespace", ""))},
			result{Sentence: "1 read is forbidden for you. Unknown: source, pod.", Reads: []string{"get Namespace x"}, First: "Namespace"},
		},
		"WithOwnCause": {
			[]trace.Rung{unknown(trace.RungSource, refusal("GitRepository", "")), unknown(trace.RungDelivery, own)},
			nil,
			result{Rungs: []string{"delivery"}, Sentence: "1 read is forbidden for you. Unknown: source.", Reads: []string{"get GitRepository x"}, First: "GitRepository"},
		},
		// A rung whose state is known in spite of a refused read is decided.
		"Decided": {[]trace.Rung{{ID: trace.RungSource, State: trace.Failed, Findings: []trace.Finding{refusal("GitRepository", "")}}, unknown(trace.RungDelivery)}, nil, result{Rungs: []string{"delivery"}}},
	} {
		rungs, refused := Undecided(&trace.Trace{Rungs: c.shared, Environments: []trace.Environment{{Name: "dev", Rungs: c.inDev}}})
		var got result
		for _, r := range rungs {
			got.Rungs = append(got.Rungs, style.Place(r.ID, r.Environment))
		}
		if refused != nil {
			got.Sentence, got.First, got.Reads = refused.Sentence, refused.Finding.Object.Kind, refused.Reads
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestSummaryOfForbidden: all refused reads are one sentence, with each object once, and one command for the administrator.
func TestSummaryOfForbidden(t *testing.T) {
	t.Parallel()
	tr := &trace.Trace{
		Rungs:        []trace.Rung{{ID: trace.RungSource, Summary: "forbidden", Findings: []trace.Finding{refusal("GitRepository", "dora")}}},
		Environments: []trace.Environment{{Name: "dev", Rungs: []trace.Rung{{ID: trace.RungPod, Summary: "forbidden", Findings: []trace.Finding{refusal("Pod", "dora")}}}}},
	}
	want := []string{
		"Unknown, not failed:", "  2 reads are forbidden for dora. Unknown: source, pod.", "    get GitRepository x", "    get Pod x",
		"  Next: as administrator:", "          kubectl choreo rbac", "        kubectl choreo explain Forbidden",
	}
	if diff := cmp.Diff(want, Summary(tr, style.Options{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReadOf: a request without a name was a list.
func TestReadOf(t *testing.T) {
	t.Parallel()
	for want, ref := range map[string]facts.Ref{
		"get Kustomization flux-system/shop":                {Plane: facts.Control, Kind: "Kustomization", Namespace: "flux-system", Name: "shop"},
		"get ClusterDataPlane default":                      {Plane: facts.Control, Kind: "ClusterDataPlane", Name: "default"},
		"list Kustomization objects":                        {Plane: facts.Control, Kind: "Kustomization"},
		"list Pod objects in namespace a":                   {Plane: "default", Kind: "Pod", Namespace: "a"},
		"list Pod objects in namespace a, on data plane eu": {Plane: "eu", Kind: "Pod", Namespace: "a"},
	} {
		if got := readOf(ref); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
