package delivery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var (
	commit      = strings.Repeat("ab", 20)
	otherCommit = strings.Repeat("cd", 20)
)

// byHand frees the component's own objects. Its project stays with the Kustomization.
func byHand(w assesstest.World) { w.TakeOver(func(*unstructured.Unstructured) {}) }

// byResourceSet has a ResourceSet that nothing delivers apply the component.
func byResourceSet(w assesstest.World) {
	w.TakeOver(assesstest.FluxLabels("resourceset."+kinds.FluxOperator, "greeters"))
	w.PutYAML(`{apiVersion: fluxcd.controlplane.io/v1, kind: ResourceSet, metadata: {name: greeters, namespace: shop, generation: 1}, status: {conditions: [{type: Ready, status: "True", observedGeneration: 1}]}}`)
}

func wants(r facts.Revision, change func(assesstest.World)) func(assesstest.World) {
	return func(w assesstest.World) {
		w.Wanted = r
		if change != nil {
			change(w)
		}
	}
}

func TestAssessGit(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	main := facts.Revision{Text: "main", Commit: commit, From: facts.FromFlag}
	for name, c := range map[string]struct {
		change  func(assesstest.World)
		current trace.Currency
		want    []string
	}{
		"Fetched":        {func(assesstest.World) {}, trace.Current, []string{"OK last fetched by the source"}},
		"Flag":           {wants(main, nil), trace.Current, []string{"OK set by --revision"}},
		"Clone":          {wants(facts.Revision{Text: "main", Commit: commit, From: facts.FromClone}, nil), trace.Current, []string{"OK HEAD of the clone"}},
		"Subject":        {wants(facts.Revision{Text: "main", Commit: commit, From: facts.FromClone, Subject: "scale it"}, nil), trace.Current, []string{"OK scale it"}},
		"NoSuchRevision": {wants(facts.Revision{Text: "v9", From: facts.FromFlag, Reason: "not in the clone"}, nil), trace.CurrencyUnknown, []string{"Unknown v9 not found", "warning RevisionUnknown of  : not in the clone"}},
		"Remote":         {wants(facts.Revision{Text: "main", Commit: commit, From: facts.FromRemote}, nil), trace.Current, []string{"OK head of the remote"}},
		"NotPushed": {
			wants(facts.Revision{Text: "main", Commit: commit, From: facts.FromClone, Unpushed: 2}, nil), trace.Current,
			[]string{"OK HEAD of the clone", "warning RevisionNotPushed of  : HEAD of the clone is not pushed: 2 commits on no branch of a remote"},
		},
		"ByHand":          {byHand, trace.CurrencyUnknown, []string{"OK none: applied by hand"}},
		"ByHandAndWanted": {wants(main, byHand), trace.CurrencyUnknown, []string{"Unknown applied by hand: its revision is unknown"}},
		"NoSource":        {byResourceSet, trace.CurrencyUnknown, []string{"OK none: ResourceSet greeters has no source"}},
		"NoSourceWanted":  {wants(main, byResourceSet), trace.CurrencyUnknown, []string{"Unknown ResourceSet greeters has no source: its revision is unknown"}},
		"NothingFetched": {func(w assesstest.World) {
			unstructured.RemoveNestedField(w.One("GitRepository", "").Body.Object, "status", "artifact")
		}, trace.CurrencyUnknown, []string{"Unknown no source reports a revision"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			c.change(w)
			r := delivery.AssessGit(w.Component())
			if diff := cmp.Diff(c.want, assesstest.Lines(r.Rung)); diff != "" || r.Current != c.current {
				t.Errorf("current %v, want %v (-want +got)\n%s", r.Current, c.current, diff)
			}
		})
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	fetched := kinds.Text(w.One("GitRepository", "").Body, "status", "artifact", "revision")
	for name, c := range map[string]struct {
		wanted facts.Revision
		want   trace.Wanted
	}{
		"Fetched":       {facts.Revision{}, trace.Wanted{Revision: fetched, Commit: kinds.Commit(fetched), From: facts.FromSource}},
		"FetchedAndLog": {facts.Revision{Subject: "scale it", Author: "Dana"}, trace.Wanted{Revision: fetched, Commit: kinds.Commit(fetched), From: facts.FromSource, Subject: "scale it", Author: "Dana"}},
		"Text":          {facts.Revision{Text: "v9", From: facts.FromFlag}, trace.Wanted{Revision: "v9", From: facts.FromFlag}},
		"Commit":        {facts.Revision{Commit: commit, From: facts.FromClone}, trace.Wanted{Revision: "sha1:" + commit, Commit: commit, From: facts.FromClone}},
		"CommitAsText":  {facts.Revision{Text: commit, Commit: commit, From: facts.FromFlag}, trace.Wanted{Revision: "sha1:" + commit, Commit: commit, From: facts.FromFlag}},
		"Branch": {
			facts.Revision{Text: "main", Commit: commit, From: facts.FromClone, Subject: "scale it", Author: "Dana"},
			trace.Wanted{Revision: "main@sha1:" + commit, Commit: commit, From: facts.FromClone, Subject: "scale it", Author: "Dana"},
		},
	} {
		w.Wanted = c.wanted
		if diff := cmp.Diff(c.want, delivery.Wanted(w.Component())); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestCarries compares revisions with a wanted commit. A source of another repository is compared with what it has fetched.
func TestCarries(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	url := kinds.Text(healthy.One("GitRepository", "").Body, "spec", "url")
	ancestry := func(contains map[string]bool) facts.Revision {
		return facts.Revision{Text: "main", Commit: commit, From: facts.FromClone, Contains: contains, URLs: []string{url}}
	}
	const elsewhere = "https://git.example.com/other.git"
	for name, c := range map[string]struct {
		wanted   facts.Revision
		url      string // of the source; "": of the component's own
		revision string
		want     trace.Currency
	}{
		"Same":                {ancestry(nil), "", "main@sha1:" + commit, trace.Current},
		"SameOfAnotherBranch": {ancestry(nil), "", "release@sha1:" + commit, trace.Current},
		"Descendant":          {ancestry(map[string]bool{otherCommit: true}), "", "main@sha1:" + otherCommit, trace.Current},
		"Ancestor":            {ancestry(map[string]bool{otherCommit: false}), "", "main@sha1:" + otherCommit, trace.Behind},
		"UnknownAncestry":     {ancestry(nil), "", "main@sha1:" + otherCommit, trace.Behind},
		"NoRevision":          {ancestry(nil), "", "", trace.CurrencyUnknown},
		"NoCommit":            {ancestry(nil), "", "1.2.3", trace.CurrencyUnknown},
		"OtherRepository":     {ancestry(nil), elsewhere, "main@sha1:" + otherCommit, trace.Current},
		"OtherRepositoryOld":  {ancestry(map[string]bool{commit: true}), elsewhere, "main@sha1:" + strings.Repeat("ef", 20), trace.Behind},
		"SameURL":             {ancestry(map[string]bool{otherCommit: true}), url, "main@sha1:" + otherCommit, trace.Current},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Wanted = c.wanted
			source := w.One("GitRepository", "")
			if c.url != "" {
				source = w.PutYAML(`{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: other, namespace: shop}, spec: {url: "` + c.url + `"}, status: {artifact: {revision: "main@sha1:` + otherCommit + `"}}}`)
			}
			if got := delivery.Carries(w.Component(), source, c.revision); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
