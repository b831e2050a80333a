package assess

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// fromElsewhere has a Kustomization that the component needs take its files from another source, where it is current.
func (w world) fromElsewhere(name, url, ref string) {
	w.t.Helper()
	revision := "main@sha1:" + strings.Repeat("ab", 20)
	ks := w.one("Kustomization", name)
	w.set(ks, "shared", "spec", "sourceRef", "name")
	w.set(ks, revision, "status", "lastAppliedRevision")
	w.put(`{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: shared, namespace: flux-system}, spec: {url: "` + url + `", ref: {` + ref + `}}, status: {artifact: {revision: "` + revision + `"}, conditions: [{type: Ready, status: "True"}]}}`)
}

// TestSeveralRepositories: wanted is what the component's own source has; commits of one repository say nothing of another.
func TestSeveralRepositories(t *testing.T) {
	t.Parallel()
	const elsewhere = "https://git.example.com/platform.git"
	ours := kinds.Text(healthyWorld(t).one("GitRepository", "").Body, "spec", "url")
	applied := func(w world) string {
		return kinds.Commit(delivery.AppliedRevision(w.one("Kustomization", "-projects")))
	}
	for name, c := range map[string]struct {
		change  func(w world)
		want    outcome
		current trace.Currency
	}{
		"OfADependency": {func(w world) { w.fromElsewhere("-platform-shared", elsewhere, "branch: main") }, outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"AtAPinnedTag":  {func(w world) { w.fromElsewhere("-platform-shared", ours, "tag: v1") }, outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"OfASuspendedOne": {func(w world) {
			w.fromElsewhere("-platform-shared", elsewhere, "branch: main")
			w.set(w.one("GitRepository", "shared"), true, "spec", "suspend")
		}, outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"OfTheSameBranch": {func(w world) { w.fromElsewhere("-platform-shared", ours, "branch: main") }, outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"WantedByTheClone": {func(w world) {
			w.fromElsewhere("-platform-shared", elsewhere, "branch: main")
			w.Wanted = facts.Revision{Text: "main", Commit: applied(w), From: facts.FromClone, URLs: []string{ours}}
		}, outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"CloneOfTheOther": {func(w world) {
			w.fromElsewhere("-platform-shared", elsewhere, "branch: main")
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromClone, URLs: []string{elsewhere}}
		}, outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"NewerInTheClone": {func(w world) {
			w.fromElsewhere("-platform-shared", elsewhere, "branch: main")
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("cd", 20), From: facts.FromClone, Contains: map[string]bool{applied(w): false}, URLs: []string{ours}}
		}, outcome{Verdict: trace.VerdictProgressing}, trace.Behind},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthyWorld(t)
			c.change(w)
			got := Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, of(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, said(got))
			}
			if got.Current != c.current {
				t.Errorf("current is %v, want %v\n%s", got.Current, c.current, said(got))
			}
			if strings.HasPrefix(name, "O") && got.Wanted.Commit != applied(w) {
				t.Errorf("wanted is %s, want what the component's own source has", got.Wanted.Revision)
			}
		})
	}
}
