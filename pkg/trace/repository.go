package trace

import (
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// origin is where an applier takes its content from: a source of Flux, or the Application that reads the repository itself.
type origin struct {
	object   facts.Object
	revision string
}

// origins are those of the component's own appliers first, then those of what these need.
func (v *view) origins() []origin {
	var found []origin
	ours := slices.Clone(v.way.ours)
	slices.SortStableFunc(ours, func(a, b delivered) int { return v.rankOf(a) - v.rankOf(b) })
	for _, d := range ours {
		if d.object.Ref.Kind == "Application" {
			found = append(found, origin{d.object, comparedRevision(d.object)})
		}
		for _, ref := range control(kinds.Sources(d.object.Body)) {
			found = append(found, origin{v.Object(ref), gitRevision(v.Object(ref))})
		}
	}
	return slices.DeleteFunc(found, func(o origin) bool { return o.revision == "" })
}

// rankOf is the place among the appliers of the component's own objects, and behind them for all others.
func (v *view) rankOf(d delivered) int {
	if i := slices.Index(v.way.direct, d.object.Ref); i >= 0 {
		return i
	}
	return len(v.way.direct)
}

// findLeading is the origin whose repository the wanted revision is of: the one that has it, else one whose revision the clone
// knows, else the first that is a commit.
func (v *view) findLeading() origin {
	origins := v.origins()
	for _, fits := range []func(commit string) bool{
		func(commit string) bool { return commit != "" && commit == v.Wanted.Commit },
		func(commit string) bool { _, known := v.Wanted.Includes(commit); return known },
		func(commit string) bool { return commit != "" },
		func(string) bool { return true },
	} {
		for _, o := range origins {
			if fits(kinds.Commit(o.revision)) {
				return o
			}
		}
	}
	return origin{}
}

// sourceCarries says whether a revision that comes by a source includes the wanted one. That it does not is only known
// within one repository, and one branch or tag of it.
func (v *view) sourceCarries(source facts.Object, revision string) Currency {
	current := v.carries(revision)
	if current == Behind && !v.way.leading.object.Ref.IsZero() && v.repository(source) != v.way.comparing {
		return CurrencyUnknown
	}
	return current
}

// repository names the repository, and what is followed in it, that a source's revisions are of: its own, or that of what
// it is made from. A source that does not say is a repository of its own.
func (v *view) repository(source facts.Object) string {
	return v.repositoryBehind(source, maxSourceDepth)
}

// maxSourceDepth bounds the chain of what sources are made from, which may be a circle.
const maxSourceDepth = 5

func (v *view) repositoryBehind(source facts.Object, depth int) string {
	switch source.Ref.Kind {
	case "Application":
		return repositoryName(argoSource(source), kinds.Text(source.Body, "spec", "source", "targetRevision"))
	case "GitRepository":
		return repositoryName(kinds.Text(source.Body, "spec", "url"), followedRef(source))
	}
	for _, ref := range control(kinds.Sources(source.Body)) {
		if depth > 0 {
			return v.repositoryBehind(v.Object(ref), depth-1)
		}
	}
	return source.Ref.String()
}

func repositoryName(url, what string) string {
	return strings.TrimSuffix(strings.TrimSuffix(url, "/"), ".git") + " " + what
}

// followedRef is spec.ref in Flux's own order of what counts (source-controller v1.9.3 api/v1/gitrepository_types.go).
func followedRef(source facts.Object) string {
	for _, field := range []string{"commit", "name", "semver", "tag", "branch"} {
		if what := kinds.Text(source.Body, "spec", "ref", field); what != "" {
			return strings.TrimPrefix(what, "refs/heads/")
		}
	}
	return "master"
}
