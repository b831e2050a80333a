package trace

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// wanted is the revision that the whole ladder is held against: what the user or the clone asks for, else what the source
// of the component's own applier last fetched.
func (v *view) wanted() Wanted {
	w := v.Wanted
	if w.Commit != "" || w.Text != "" {
		return Wanted{Revision: wantedText(w), Commit: w.Commit, From: w.From, Subject: w.Subject, Author: w.Author}
	}
	revision := v.way.leading.revision
	if revision == "" {
		return Wanted{}
	}
	return Wanted{Revision: revision, Commit: kinds.Commit(revision), From: facts.FromSource, Subject: w.Subject, Author: w.Author}
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

// carries says whether a revision that some object took from source includes the wanted one. A source of another
// repository has commits of its own: then it is held against what that source has.
func (v *view) carries(source facts.Object, revision string) Currency {
	w := v.wanted()
	if revision == "" || w.Revision == "" {
		return CurrencyUnknown
	}
	commit := kinds.Commit(revision)
	if revision == w.Revision || (commit != "" && commit == w.Commit) {
		return Current
	}
	if !v.concerns(source) {
		return currentIf(revision == gitRevision(source))
	}
	included, known := v.Wanted.Includes(commit)
	switch {
	case known && included:
		return Current
	case known || (commit != "" && w.Commit != ""):
		return Behind // an unknown ancestry counts as another revision: the tool only promises what it can prove
	}
	return CurrencyUnknown
}

func currentIf(holds bool) Currency {
	if holds {
		return Current
	}
	return Behind
}

// concerns reports whether the wanted revision is one of this source's repository. What a source fetched is wanted of that
// source alone: another may follow the same repository at another moment.
func (v *view) concerns(source facts.Object) bool {
	ours := slices.ContainsFunc(v.way.sources, func(t tracked) bool { return t.ref == source.Ref })
	if source.Body == nil || ours && len(v.way.sources) == 1 {
		return true
	}
	if v.wanted().From == facts.FromSource {
		return gitRevision(source) == v.wanted().Revision
	}
	return len(v.Wanted.URLs) == 0 && ours || slices.Contains(v.Wanted.URLs, kinds.Text(source.Body, "spec", "url"))
}

func assessGit(v *view) *judgement {
	w := v.wanted()
	j := rung(RungGit, facts.Ref{})
	j.Revision = w.Revision
	asked := v.Wanted
	switch {
	case asked.Text != "" && asked.Commit == "":
		j.Summary = fmt.Sprintf("%s is not known here", asked.Text)
		return j.note(Warning, Finding{
			Code: CodeRevisionUnknown, Message: asked.Reason,
			Hint: "give a full commit id, or run this in a clone that has the commit",
		})
	case v.byHand() && w.Revision != "":
		j.Summary = "applied by hand: nothing says which revision runs"
		return j
	case v.byHand():
		j.State, j.Summary = OK, "none: applied by hand"
		return j
	case v.sourceless() && w.Revision != "":
		j.Summary = fmt.Sprintf("%s has no source: nothing says which revision runs", v.speaker())
		return j
	case v.sourceless():
		j.State, j.Summary = OK, fmt.Sprintf("none: %s has no source", v.speaker())
		return j
	case w.Revision == "":
		j.Summary = "no source says which revision it has"
		j.unasked = true
		return j
	}
	j.Current = Current
	if w.Subject != "" {
		return j.ok("%s", w.Subject)
	}
	fetched := "the source last fetched"
	if len(v.way.sources) == 0 {
		fetched = "Argo CD last compared"
	}
	return j.ok("what %s", map[facts.RevisionOrigin]string{
		facts.FromFlag: "--revision asks for", facts.FromClone: "the clone has at HEAD", facts.FromSource: fetched,
	}[w.From])
}
