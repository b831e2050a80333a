package origin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Explain adds to the hint of a finding what the object with the error is rendered from, if its spec has to be corrected.
func Explain(p *view.Environment, f *trace.Finding) {
	if f.Severity == trace.Info || !isOfSpec(*f) {
		return
	}
	object, found := renderedObject(p, *f)
	if !found {
		return
	}
	if sentence := sentenceOf(p, object, *f); sentence != "" {
		f.Hint = strings.TrimPrefix(f.Hint+". "+sentence, ". ")
	}
}

// isOfSpec reports whether the failure may be in the spec of a rendered object, not in a pod.
func isOfSpec(f trace.Finding) bool {
	return slices.Contains([]trace.Code{
		trace.CodeApplyFailed, trace.CodePodsRefused, trace.CodeResourceNotReady, trace.CodeRouteNotAccepted, trace.CodeGatewayNotReady,
		trace.CodeSecretNotSynced, trace.CodeSecretStoreNotReady, trace.CodeCertificateNotReady, trace.CodeVolumeClaimPending,
		trace.CodeAutoscalerFailing, trace.CodeProgressiveRolloutFailed, trace.CodeDeploymentDegraded,
	}, f.Code) && f.Fix != trace.FixOutside
}

// renderedObject is the rendered object that a finding is about: its own, the one that could not be applied, or the one that names an object
// that does not exist, or that an Order is for.
func renderedObject(p *view.Environment, f trace.Finding) (view.PlaneObject, bool) {
	for i, o := range p.PlaneObjects() {
		id := kinds.String(kinds.Items(p.Rendered.Body, "spec", "resources")[i], "id")
		refused := f.Code == trace.CodeApplyFailed && strings.Contains(f.Message, "failed to apply resource "+id+": ")
		if refused || o.Ref == f.Object {
			return o, true
		}
	}
	if f.Object.Group == kinds.ACME || p.LiveObject(f.Object).Outcome == facts.Absent {
		for _, o := range p.PlaneObjects() {
			if slices.Contains(f.Path, o.Ref) {
				return o, true
			}
		}
	}
	return view.PlaneObject{}, false
}

// sentenceOf names the template that an object is rendered from, or the component type or trait where it may be one of several.
func sentenceOf(p *view.Environment, o view.PlaneObject, f trace.Finding) string {
	from := of(p, o)
	var owners []string
	for _, t := range from {
		if !slices.Contains(owners, t.owner) {
			owners = append(owners, t.owner)
		}
	}
	if len(from) != 1 {
		if len(owners) == 0 {
			return ""
		}
		return fmt.Sprintf("The %s is rendered from %s", o.Ref.Kind, strings.Join(owners, " or "))
	}
	sentence := fmt.Sprintf("The %s is rendered from %s", o.Ref.Kind, from[0])
	for _, text := range field.FindAllString(f.Hint+" "+f.Message, -1) {
		if set, value, known := from[0].value(p, strings.Split(index.ReplaceAllString(text, ""), ".")); known {
			return fmt.Sprintf("%s, with %s from %s", sentence, set, value)
		}
	}
	return sentence
}

// field is the path of a field in a text.
var field = regexp.MustCompile(`\bspec(?:\.[A-Za-z]+(?:\[\d+\])?)+`)

// index is the place in a list.
var index = regexp.MustCompile(`\[\d+\]`)
