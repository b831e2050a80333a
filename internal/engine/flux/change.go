package flux

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// NameChange adds to a finding which file an applier's message means and who last changed it, where a clone knew that. A
// webhook that is down is not for the author of a file to mend.
func NameChange(v *view.Component, f *trace.Finding, applier facts.Ref, message string) {
	c, ok := changeOf(v, applier, message)
	if !ok || f.Code == trace.CodeWebhookUnavailable {
		return
	}
	file := "; the file is " + c.File
	if c.Commit != "" {
		file += fmt.Sprintf(", last changed by %s in %s (%s)", c.Author, facts.Short(c.Commit), c.Subject)
		f.Evidence = append(f.Evidence, trace.Evidence{Path: "git " + c.File, Value: fmt.Sprintf("%s %s: %s", c.Commit, c.Author, c.Subject)})
	}
	f.Hint = strings.TrimPrefix(strings.TrimSuffix(f.Hint, inFile(message))+file, "; ")
}

// changeOf finds the change of what a message names. Another message about the same applier may name something else.
func changeOf(v *view.Component, applier facts.Ref, message string) (facts.Change, bool) {
	object, what := kinds.NamedObject(message)
	file, _ := kinds.NamedFile(message)
	for _, c := range v.Changes {
		switch {
		case c.Applier != applier:
		case what != "" && c.Object == engine.Ref(object):
			return c, true
		case what == "" && c.Object.IsZero() && endsIn(c.File, file):
			return c, true
		}
	}
	return facts.Change{}, false
}

// endsIn: kustomize may name a file by the end of its path only.
func endsIn(path, end string) bool {
	for strings.HasPrefix(end, "./") || strings.HasPrefix(end, "../") {
		_, end, _ = strings.Cut(end, "/")
	}
	return end != "" && strings.HasSuffix("/"+path, "/"+end)
}
