package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// allowed returns a permission for each object.
func allowed(refs []facts.Ref) []kube.Access {
	var access []kube.Access
	for _, ref := range refs {
		access = append(access, kube.Access{Ref: ref, Right: kube.Allowed})
	}
	return access
}

func TestPreflightNamesEverythingAtOnce(t *testing.T) {
	t.Parallel()
	dying := kustomization(t, "dying", oldRevision)
	dying.Body.SetDeletionTimestamp(&metav1.Time{Time: noon})
	s := snapshot(
		set(t, gitRepository(t, "git", oldRevision), true, "spec", "suspend"), dying,
		set(t, kustomization(t, "held", oldRevision), true, "spec", "suspend"),
		kustomization(t, "top", oldRevision, "dying", "held", "absent", "hidden", "away", "unread"),
		facts.Object{Ref: ks("absent"), Outcome: facts.Absent},
		facts.Object{Ref: ks("hidden"), Outcome: facts.Forbidden, Reason: "dora cannot get it"},
		facts.Object{Ref: ks("away"), Outcome: facts.Unreachable, Reason: "timeout"},
	)
	g, err := New(s, []facts.Ref{ks("top")}, false)
	if err != nil {
		t.Fatal(err)
	}
	access := []kube.Access{{Ref: ks("top"), Right: kube.Denied, Reason: "no RBAC policy matched"}}
	want := []Problem{
		{ks("absent"), Missing, "Kustomization flux-system/absent does not exist", "Kustomization flux-system/top needs it (dependsOn)"},
		{ks("away"), Unreadable, "Kustomization flux-system/away cannot be read: timeout", "Kustomization flux-system/top needs it (dependsOn)"},
		{ks("hidden"), Unreadable, "Kustomization flux-system/hidden cannot be read: dora cannot get it", "Kustomization flux-system/top needs it (dependsOn)"},
		{ks("unread"), Unreadable, "Kustomization flux-system/unread cannot be read: it was not read", "Kustomization flux-system/top needs it (dependsOn)"},
		{git("git"), Suspended, "GitRepository flux-system/git has spec.suspend: true", "its controller would acknowledge the request and do nothing; resume it first"},
		{ks("dying"), Terminating, "Kustomization flux-system/dying is being deleted", "Kustomization flux-system/top needs it (dependsOn)"},
		{ks("held"), Suspended, "Kustomization flux-system/held has spec.suspend: true", "its controller would acknowledge the request and do nothing; resume it first"},
		{ks("top"), NoRight, "you may not patch Kustomization flux-system/top", "a role needs the verb patch on it; the roles that Flux brings with it give that to edit and admin"},
	}
	if diff := cmp.Diff(want, Preflight(g, s, access)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPreflightOfAHealthyChainIsEmpty(t *testing.T) {
	t.Parallel()
	// A failing object of the graph itself is not a blocker: it is going to be triggered.
	failing := set(t, kustomization(t, "a", oldRevision), []any{map[string]any{"type": "Ready", "status": "False", "reason": "BuildFailed"}}, "status", "conditions")
	s := snapshot(gitRepository(t, "git", oldRevision), failing, kustomization(t, "b", oldRevision, "a"))
	g, err := New(s, []facts.Ref{ks("b")}, false)
	if err != nil {
		t.Fatal(err)
	}
	if problems := Preflight(g, s, allowed(g.Nodes())); len(problems) > 0 {
		t.Errorf("%+v", problems)
	}
}

func TestPreflightDoesNotTakeSilenceForARight(t *testing.T) {
	t.Parallel()
	s := snapshot(gitRepository(t, "git", oldRevision))
	g := Only(git("git"))
	for name, access := range map[string][]kube.Access{"NotAsked": nil, "Unknown": {{Ref: git("git"), Reason: "timeout"}}} {
		problems := Preflight(g, s, access)
		if len(problems) != 1 || problems[0].Obstacle != NoRight {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

func TestPreflightOfOneObjectLooksAtWhatItNeeds(t *testing.T) {
	t.Parallel()
	failing := set(t, kustomization(t, "a", oldRevision), []any{map[string]any{"type": "Ready", "status": "False", "reason": "BuildFailed", "message": "kustomize build failed: x"}}, "status", "conditions")
	s := snapshot(facts.Object{Ref: git("git"), Outcome: facts.Absent}, failing, kustomization(t, "b", oldRevision, "a"))
	want := []Problem{
		{git("git"), Missing, "GitRepository flux-system/git does not exist", "Kustomization flux-system/b needs it (source)"},
		{ks("a"), Failing, "Kustomization flux-system/a fails: kustomize build failed: x", "Kustomization flux-system/b waits for it, and it is not going to be reconciled"},
	}
	if diff := cmp.Diff(want, Preflight(Only(ks("b")), s, allowed([]facts.Ref{ks("b")}))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhatNobodyAnswersForIsNotWritten(t *testing.T) {
	t.Parallel()
	s := snapshot(
		object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {namespace: flux-system, name: charts}, spec: {type: oci}}`),
		object(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmChart, metadata: {namespace: flux-system, name: chart}, spec: {sourceRef: {kind: HelmRepository, name: charts}}}`),
	)
	chart := flux(kinds.FluxSource, "HelmChart", "chart")
	g, err := New(s, []facts.Ref{chart}, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]facts.Ref{chart}, Written(g, s)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if problems := Preflight(g, s, allowed([]facts.Ref{chart})); len(problems) > 0 {
		t.Errorf("%+v", problems)
	}
}
