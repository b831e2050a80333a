package style

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "",
		"it failed":                  "It failed.",
		"it failed.":                 "It failed.",
		"was it deleted?":            "Was it deleted?",
		"über":                       "Über.",
		"x":                          "X.",
		"spec.ref names it":          "spec.ref names it.",
		"apps/x: not found.":         "apps/x: not found.",
		"my_file is no YAML":         "my_file is no YAML.",
		"$HOME is unset":             "$HOME is unset.",
		"unlike, spec.ref, the name": "Unlike, spec.ref, the name.",
	} {
		if got := Sentence(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	if got := Place(trace.RungPod, ""); got != "pod" {
		t.Errorf("shared: %q", got)
	}
	if got, want := Place(trace.RungPod, "dev\x1b"), `pod (dev\x1b)`; got != want {
		t.Errorf("of an environment: %q, want %q", got, want)
	}
}

// TestCommands: each role is named once, the page of the code comes last, and a code that is no word suggests nothing.
func TestCommands(t *testing.T) {
	t.Parallel()
	steps := make([]trace.NextStep, 6, 8)
	steps[0] = trace.NextStep{Role: trace.RoleDeveloper, Plane: facts.Control, Command: "a"}
	steps[1] = trace.NextStep{Role: trace.RoleDataPlane, Plane: "default", Command: "b"}
	steps[2] = trace.NextStep{Role: trace.RoleDataPlane, Plane: "default", Command: "c"}
	steps[3] = trace.NextStep{Role: trace.RoleDataPlane, Plane: "eu\x1b", Command: "d"}
	steps[4] = trace.NextStep{Role: trace.RoleRepository, Command: "e"}
	steps[5] = trace.NextStep{Role: trace.RoleRepository, Command: "the page has it"}
	want := []CommandGroup{
		{"as application developer, on the control plane:", []string{"a"}},
		{"as platform engineer, on the data plane:", []string{"b", "c"}},
		{`as platform engineer, on data plane eu\x1b:`, []string{"d"}},
		{"in the Git repository:", []string{"e"}},
		{"", []string{"kubectl choreo explain PodFailed"}},
	}
	if diff := cmp.Diff(want, Commands(trace.Finding{Code: trace.CodePodFailed, NextSteps: steps})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	many := []trace.NextStep{{Command: "a"}, {Command: "b"}, {Command: "c"}, {Command: "d"}, {Command: "e"}, {Command: "f"}, {Command: "g", AfterFix: true}, {Command: "h", AfterFix: true}}
	for i := range many {
		many[i].Role = trace.RoleDeveloper
	}
	if diff := cmp.Diff([]CommandGroup{{"as application developer:", []string{"a", "b", "c", "d", "e"}}, {"after the fix:", []string{"g"}}}, StepCommands(trace.Finding{NextSteps: many})); diff != "" {
		t.Errorf("the one after the fix (-want +got)\n%s", diff)
	}
	if many[5].Command != "f" {
		t.Errorf("the finding's own commands were overwritten: %q", many[5].Command)
	}
	after := []trace.NextStep{{Role: trace.RoleDeveloper, Command: "a", AfterFix: true}, {Role: trace.RoleControlPlane, Command: "b", AfterFix: true}, {Role: trace.RoleControlPlane, Command: "c"}}
	want = []CommandGroup{
		{"after the fix:", []string{"a"}},
		{"as platform engineer, on the control plane, after the fix:", []string{"b"}},
		{"as platform engineer, on the control plane:", []string{"c"}},
	}
	if diff := cmp.Diff(want, StepCommands(trace.Finding{NextSteps: after})); diff != "" {
		t.Errorf("after the fix (-want +got)\n%s", diff)
	}
	if got := steps[5].Command; got != "the page has it" {
		t.Errorf("the finding's own commands were overwritten: %q", got)
	}
	if got := Commands(trace.Finding{Code: "--help"}); got != nil {
		t.Errorf("hostile code: %q", got)
	}
}

func TestObjectName(t *testing.T) {
	t.Parallel()
	pod := facts.Ref{Kind: "Pod", Namespace: "a", Name: "b\x1b"}
	on := func(plane facts.Plane) facts.Ref { ref := pod; ref.Plane = plane; return ref }
	for name, c := range map[string]struct {
		ref  facts.Ref
		want string
	}{
		"Nothing":      {facts.Ref{}, ""},
		"NoPlane":      {pod, `Pod a/b\x1b`},
		"ControlPlane": {on(facts.Control), `Pod a/b\x1b`},
		"OnlyPlane":    {on("default"), `Pod a/b\x1b`},
		"AnotherPlane": {on("eu\x1b"), `Pod a/b\x1b, on data plane eu\x1b`},
	} {
		if got := ObjectName(c.ref); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got, want := ObjectNames([]facts.Ref{{Kind: "Node", Name: "a"}, {Kind: "Node", Name: "b"}}), "Node a, Node b"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSortedRefs(t *testing.T) {
	t.Parallel()
	a, b := facts.Ref{Kind: "Node", Name: "a"}, facts.Ref{Kind: "Node", Name: "b"}
	given := []facts.Ref{b, a}
	if diff := cmp.Diff([]facts.Ref{a, b}, SortedRefs(given)); diff != "" || given[0] != b {
		t.Errorf("given %v (-want +got)\n%s", given, diff)
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0.0s", 1260 * time.Millisecond: "1.3s", 99900 * time.Millisecond: "99.9s",
		100 * time.Second: "1m40s", 100600 * time.Millisecond: "1m41s", time.Hour: "1h0m0s",
	} {
		if got := Seconds(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}

func TestRevision(t *testing.T) {
	t.Parallel()
	const commit = "0123456789abcdef0123456789abcdef01234567"
	for name, c := range map[string]struct{ revision, short, withRef string }{
		"Branch":    {"main@sha1:" + commit, "0123456", "main@0123456"},
		"NoRef":     {"sha1:" + commit, "0123456", "0123456"},
		"Tag":       {"v1.2.3\x1b", `v1.2.3\x1b`, `v1.2.3\x1b`},
		"Digest":    {"latest@sha256:" + commit, "latest@sha256:" + commit, "latest@sha256:" + commit},
		"Hostile":   {"a\x1b@sha1:b\x1b", `b\x1b`, `a\x1b@b\x1b`},
		"NoneAtAll": {"", "", ""},
	} {
		if diff := cmp.Diff([]string{c.short, c.withRef}, []string{Revision(c.revision, false), Revision(c.revision, true)}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if !IsCommit("main@sha1:"+commit) || IsCommit("greeter-20260101-1") || IsCommit("latest@sha256:"+commit) {
		t.Error("only a revision with a sha1 is a commit")
	}
}

// TestOutcomeWords: each outcome but Found says why there is nothing to show, with the reason of the API server.
func TestOutcomeWords(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[facts.Outcome]string{
		facts.NotAsked: "not read", facts.Absent: "not found", facts.Forbidden: "forbidden", facts.NoKind: "the cluster does not serve this kind",
		facts.Unreachable: "no answer", facts.Invalid: "invalid reference, not requested",
	} {
		if got := OutcomeWords(outcome, ""); got != want {
			t.Errorf("%s: %q, want %q", outcome, got, want)
		}
		if got := OutcomeWords(outcome, "one\ntwo\x1b"); got != want+`: one two\x1b` {
			t.Errorf("%s with a reason: %q", outcome, got)
		}
	}
}

// TestOrigin: where a wanted revision is from is said in the words of its user; a later origin is shown as it is, and harmless.
func TestOrigin(t *testing.T) {
	t.Parallel()
	for from, want := range map[facts.RevisionOrigin]string{
		facts.FromFlag: "--revision", facts.FromClone: "HEAD of the clone", facts.FromSource: "last fetched", "": "", "later\x1b": `later\x1b`,
	} {
		if got := Origin(from); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}
