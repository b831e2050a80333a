package trace

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func lower(kind string) string { return strings.ToLower(kind) }

// connectionsPending: the release is applied nevertheless, so the pods run without the variables of the dependency and
// may crash (openchoreo v1.2.3 releasebinding/controller.go:611 and :701). So this stands above a crash below.
func (p *place) connectionsPending(j *judgement, o facts.Object, c kinds.Condition) *judgement {
	return p.pendingClock(j, o, c, CodeConnectionsPending, "pendingConnections")
}

func (p *place) pendingClock(j *judgement, o facts.Object, c kinds.Condition, code Code, list string) *judgement {
	var reasons []string
	var path []facts.Ref
	for _, item := range kinds.Items(o.Body, "status", list) {
		reasons = append(reasons, kinds.String(item, "reason"))
		path = append(path, p.providers(kinds.String(item, "component"))...)
	}
	message := c.Message
	if len(reasons) > 0 {
		message = strings.Join(reasons, "; ")
	}
	if p.within(since(c), connectionClock) {
		return j.wait(since(c), "%s: %s", o.Ref.Name, message)
	}
	j.Summary = fmt.Sprintf("%s: %s", o.Ref.Name, c.Reason)
	return j.fail(Finding{
		Code: code, Message: message, Since: since(c), Evidence: quote(c), Path: path,
		Hint: "the release is applied without what it depends on; its pods miss those variables",
	})
}

// providers are the bindings of another component in this environment, as far as they were collected.
func (p *place) providers(component string) []facts.Ref {
	var refs []facts.Ref
	for _, o := range p.ownedBy("ReleaseBinding", component) {
		if kinds.Text(o.Body, "spec", "environment") == p.name {
			refs = append(refs, o.Ref)
		}
	}
	return refs
}
