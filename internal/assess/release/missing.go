package release

import (
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// missingRelease: releases are files in Git beside the binding, unless OpenChoreo cuts them.
func missingRelease(p *view.Environment) string {
	hint := fmt.Sprintf("spec.releaseName of %s names it", p.Binding.Ref)
	component := p.Object(p.Ref("Component", p.ComponentName))
	appliers := delivery.Owners(p.Component, p.Binding)
	if component.Outcome != facts.Found || kinds.Bool(component.Body, "spec", "autoDeploy") || len(appliers) == 0 {
		return hint
	}
	hint = fmt.Sprintf("%s: check that its file is committed and that %s applies it", hint, appliers[0])
	if all := p.OwnedBy("ComponentRelease", p.ComponentName); len(all) > 0 {
		newest := all[0].Ref.Name
		for _, o := range all[1:] {
			if kinds.OlderRelease(newest, o.Ref.Name) {
				newest = o.Ref.Name
			}
		}
		hint += fmt.Sprintf(", or set spec.releaseName to one that exists, such as %s", newest)
	}
	return hint
}
