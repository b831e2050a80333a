package delivery

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Wanted is the revision with which the whole ladder is compared: what the user or the clone requests, else what the source
// of the component's own applier last fetched.
func Wanted(v *view.Component) trace.Wanted {
	w := v.Wanted
	if w.Commit != "" || w.Text != "" {
		return trace.Wanted{Revision: wantedText(w), Commit: w.Commit, From: w.From, Subject: w.Subject, Author: w.Author}
	}
	revision := v.Delivery.Leading.Revision
	if revision == "" {
		return trace.Wanted{}
	}
	return trace.Wanted{Revision: revision, Commit: kinds.Commit(revision), From: facts.FromSource, Subject: w.Subject, Author: w.Author}
}

func wantedText(w facts.Revision) string {
	switch {
	case w.Commit == "":
		return w.Text
	case w.Text == "" || w.Text == w.Commit:
		return "sha1:" + w.Commit
	}
	return w.Text + "@sha1:" + w.Commit
}

// Carries reports whether a revision that some object took from source includes the wanted one. A source of another
// repository has commits of its own: then it is held against what that source has.
func Carries(v *view.Component, source facts.Object, revision string) trace.Currency {
	w := Wanted(v)
	if revision == "" || w.Revision == "" {
		return trace.CurrencyUnknown
	}
	commit := kinds.Commit(revision)
	if revision == w.Revision || (commit != "" && commit == w.Commit) {
		return trace.Current
	}
	if !concerns(v, source) {
		return currentIf(revision == v.Engines.Revision(source))
	}
	included, known := v.Wanted.Includes(commit)
	switch {
	case known && included:
		return trace.Current
	case known || (commit != "" && w.Commit != ""):
		return trace.Behind // an unknown ancestry counts as another revision: the tool only promises what it can prove
	}
	return trace.CurrencyUnknown
}

func currentIf(holds bool) trace.Currency {
	if holds {
		return trace.Current
	}
	return trace.Behind
}

// concerns reports whether the wanted revision is one of this source's repository. What a source fetched is wanted of that
// source alone: another may follow the same repository at another moment.
func concerns(v *view.Component, source facts.Object) bool {
	ours := slices.ContainsFunc(v.Delivery.Sources, func(t view.Source) bool { return t.Ref == source.Ref })
	if source.Body == nil || ours && len(v.Delivery.Sources) == 1 {
		return true
	}
	if Wanted(v).From == facts.FromSource {
		return v.Engines.Revision(source) == Wanted(v).Revision
	}
	return len(v.Wanted.URLs) == 0 && ours || slices.Contains(v.Wanted.URLs, kinds.Text(source.Body, "spec", "url"))
}

// AssessGit assesses the rung git: which revision is wanted, and whether the cluster's source can have it.
func AssessGit(v *view.Component) *result.Result {
	w := Wanted(v)
	j := result.New(trace.RungGit, facts.Ref{})
	j.Revision = w.Revision
	asked := v.Wanted
	switch {
	case asked.Text != "" && asked.Commit == "":
		j.Summary = fmt.Sprintf("%s not found", asked.Text)
		return j.Note(trace.Warning, trace.Finding{
			Code: trace.CodeRevisionUnknown, Message: asked.Reason,
			Hint: "use a full commit ID, or run this in a clone that has the commit",
		})
	case isAppliedByHand(v) && w.Revision != "":
		j.Summary = "applied by hand: its revision is unknown"
		return j
	case isAppliedByHand(v):
		j.State, j.Summary = trace.OK, "none: applied by hand"
		return j
	case hasNoSource(v) && w.Revision != "":
		j.Summary = fmt.Sprintf("%s has no source: its revision is unknown", primaryApplier(v))
		return j
	case hasNoSource(v):
		j.State, j.Summary = trace.OK, fmt.Sprintf("none: %s has no source", primaryApplier(v))
		return j
	case w.Revision == "":
		j.Summary = "no source reports a revision"
		j.Cause = result.NotChecked()
		return j
	}
	notPushed(j, asked)
	j.Current = trace.Current
	if w.Subject != "" {
		return j.OK("%s", w.Subject)
	}
	fetched := "last fetched by the source"
	if slices.ContainsFunc(v.Delivery.Sources, func(t view.Source) bool { return fetchesNothing(v, v.Object(t.Ref)) }) {
		fetched += "; newer commits may exist"
	}
	if content, ok := v.Engines.Fetched(v.Delivery.Leading.Object); ok && len(v.Delivery.Sources) == 0 {
		fetched = "last compared by " + content.By
	}
	return j.OK("%s", map[facts.RevisionOrigin]string{
		facts.FromFlag: "set by --revision", facts.FromRemote: "head of the remote", facts.FromClone: "HEAD of the clone", facts.FromSource: fetched,
	}[w.From])
}

// fetchesNothing reports whether a source is suspended or failing: its last artifact shows nothing about what was pushed since.
func fetchesNothing(v *view.Component, source facts.Object) bool {
	return v.Engines.IsPaused(source) || kinds.ConditionOf(source.Body, kinds.ConditionReady).False()
}

// notPushed: the cluster cannot have a commit that only the clone has.
func notPushed(j *result.Result, wanted facts.Revision) {
	if wanted.Unpushed == 0 {
		return
	}
	j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeRevisionNotPushed, Message: fmt.Sprintf("HEAD of the clone is not pushed: %s on no branch of a remote", result.Count(int64(wanted.Unpushed), "commit")),
		Hint: "push it, or use --revision with a commit that is pushed: the cluster cannot have the others",
	})
}
