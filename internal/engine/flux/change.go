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

// NameChange adds to a finding the file that an applier's message refers to and the last commit that changed it, if a clone
// provides that. It skips failures that the file does not cause, such as an unavailable webhook.
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

// changeOf returns the change of the file or object in message. Another message about the same applier may name another one.
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

// endsIn compares the ends of paths, because kustomize may print only the end of a path.
func endsIn(path, end string) bool {
	for strings.HasPrefix(end, "./") || strings.HasPrefix(end, "../") {
		_, end, _ = strings.Cut(end, "/")
	}
	return end != "" && strings.HasSuffix("/"+path, "/"+end)
}
