package assess

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// releaseKept: a release that was removed in Git stays in the cluster. OpenChoreo's webhook inserts the old value again, so the applier
// reports success (openchoreo v1.2.3 internal/webhook/releasebinding/webhook.go).
func releaseKept(p *view.Environment, judged []*result.Result) {
	o := p.Binding
	at := slices.IndexFunc(p.Past.Unset, func(u facts.UnsetField) bool { return u.Object == o.Ref })
	if at < 0 || p.ReleaseName() == "" {
		return
	}
	u := p.Past.Unset[at]
	message := fmt.Sprintf("Git does not set %s of %s at %s:%d; the cluster still has %s", u.Path, o.Ref, u.File, u.Line, p.ReleaseName())
	for manager, fields := range facts.SpecManagers(o.Body) {
		if slices.Contains(fields, u.Path) {
			message += ", from field manager " + manager
		}
	}
	j := judged[slices.IndexFunc(judged, func(j *result.Result) bool { return j.ID == trace.RungBinding })]
	j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeReleaseNameKept, Message: message,
		Hint: "OpenChoreo keeps the last release: name a release in Git, or set spec.state to Undeploy to stop it",
	})
}
