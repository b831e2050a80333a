package delivery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// fromElsewhere has a Kustomization that the component needs take its files from another source, where it is current.
func fromElsewhere(w assesstest.World, name, url, ref string) {
	w.T.Helper()
	revision := "main@sha1:" + strings.Repeat("ab", 20)
	ks := w.One("Kustomization", name)
	w.Set(ks, "shared", "spec", "sourceRef", "name")
	w.Set(ks, revision, "status", "lastAppliedRevision")
	w.PutYAML(`{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: shared, namespace: flux-system}, spec: {url: "` + url + `", ref: {` + ref + `}}, status: {artifact: {revision: "` + revision + `"}, conditions: [{type: Ready, status: "True"}]}}`)
}

// TestSeveralRepositories: wanted is what the component's own source has; commits of one repository say nothing of another.
func TestSeveralRepositories(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const elsewhere = "https://git.example.com/platform.git"
	ours := kinds.Text(assesstest.Healthy(t).One("GitRepository", "").Body, "spec", "url")
	applied := func(w assesstest.World) string {
		return kinds.Commit(engines.All().Revision(w.One("Kustomization", "-projects")))
	}
	for name, c := range map[string]struct {
		change  func(w assesstest.World)
		want    assesstest.Outcome
		current trace.Currency
	}{
		"OfADependency": {func(w assesstest.World) { fromElsewhere(w, "-platform-shared", elsewhere, "branch: main") }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"AtAPinnedTag":  {func(w assesstest.World) { fromElsewhere(w, "-platform-shared", ours, "tag: v1") }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"OfASuspendedOne": {func(w assesstest.World) {
			fromElsewhere(w, "-platform-shared", elsewhere, "branch: main")
			w.Set(w.One("GitRepository", "shared"), true, "spec", "suspend")
		}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"OfTheSameBranch": {func(w assesstest.World) { fromElsewhere(w, "-platform-shared", ours, "branch: main") }, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"WantedByTheClone": {func(w assesstest.World) {
			fromElsewhere(w, "-platform-shared", elsewhere, "branch: main")
			w.Wanted = facts.Revision{Text: "main", Commit: applied(w), From: facts.FromClone, URLs: []string{ours}}
		}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"CloneOfTheOther": {func(w assesstest.World) {
			fromElsewhere(w, "-platform-shared", elsewhere, "branch: main")
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("ab", 20), From: facts.FromClone, URLs: []string{elsewhere}}
		}, assesstest.Outcome{Verdict: trace.VerdictHealthy}, trace.Current},
		"NewerInTheClone": {func(w assesstest.World) {
			fromElsewhere(w, "-platform-shared", elsewhere, "branch: main")
			w.Wanted = facts.Revision{Text: "main", Commit: strings.Repeat("cd", 20), From: facts.FromClone, Contains: map[string]bool{applied(w): false}, URLs: []string{ours}}
		}, assesstest.Outcome{Verdict: trace.VerdictProgressing}, trace.Behind},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			got := assess.Assess(w.Snapshot, w.TakenAt)
			if diff := cmp.Diff(c.want, assesstest.OutcomeOf(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, assesstest.Summaries(got))
			}
			if got.Current != c.current {
				t.Errorf("current is %v, want %v\n%s", got.Current, c.current, assesstest.Summaries(got))
			}
			if strings.HasPrefix(name, "O") && got.Wanted.Commit != applied(w) {
				t.Errorf("wanted is %s, want what the component's own source has", got.Wanted.Revision)
			}
		})
	}
}
