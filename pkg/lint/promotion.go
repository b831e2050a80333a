package lint

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// promotions: OpenChoreo deploys whatever release a binding pins, in whatever order environments get it. A release that is newer than
// those of all environments before it in the pipeline has skipped them.
func promotions(w *index) {
	for _, o := range w.byKind["ReleaseBinding"] {
		environment, release := kinds.Text(o.Body, "spec", "environment"), w.find(pinned(o))
		if release == nil || isUndeployed(o) {
			continue
		}
		for _, source := range kinds.PromotionSources(w.pipelineOf(o))[environment] {
			before := w.bindingIn(o, source)
			if before == nil || !kinds.PrecedesRelease(pinned(before).Name, release.Ref.Name) {
				continue
			}
			w.report(o, "spec.releaseName", trace.Warning, trace.Finding{
				Code:    trace.CodePromotionSkipped,
				Message: fmt.Sprintf("%s pins %s, but environment %s, from which %s is promoted, has the older %s", o.Ref, release.Ref.Name, source, environment, pinned(before).Name),
				Hint:    fmt.Sprintf("promote it to %s first: change spec.releaseName of %s", source, before.Ref),
			})
		}
	}
}

// pipelineOf returns the pipeline of a binding's project; nil if it is not known.
func (w *index) pipelineOf(binding *manifest.Object) *unstructured.Unstructured {
	owner := w.find(ref("Project", binding.Ref.Namespace, project(binding)))
	if owner == nil {
		return nil
	}
	pipeline := w.find(ref("DeploymentPipeline", binding.Ref.Namespace, kinds.Text(owner.Body, "spec", "deploymentPipelineRef", "name")))
	if pipeline == nil {
		return nil
	}
	return pipeline.Body
}

// bindingIn returns the binding of the same component in another environment; nil if there is none, or if it is undeployed.
func (w *index) bindingIn(binding *manifest.Object, environment string) *manifest.Object {
	for _, o := range w.owned("ReleaseBinding", component(binding)) {
		if kinds.Text(o.Body, "spec", "environment") == environment && o.Cluster == binding.Cluster && project(o) == project(binding) && !isUndeployed(o) {
			return o
		}
	}
	return nil
}

// unusedReleases are older than the newest release that is bound, and no binding pins them. They are kept for a rollback, or forgotten.
func unusedReleases(w *index) {
	for _, c := range w.byKind["Component"] {
		var used []string
		newest := ""
		for _, b := range w.owned("ReleaseBinding", c.Ref) {
			name := pinned(b).Name
			if used = append(used, name); w.find(pinned(b)) != nil && (newest == "" || kinds.OlderRelease(newest, name)) {
				newest = name
			}
		}
		var names []string
		var first *manifest.Object
		for _, r := range w.owned("ComponentRelease", c.Ref) {
			if newest == "" || slices.Contains(used, r.Ref.Name) || slices.Contains(names, r.Ref.String()) || !kinds.PrecedesRelease(r.Ref.Name, newest) {
				continue
			}
			if names = append(names, r.Ref.String()); first == nil {
				first = r
			}
		}
		if first == nil {
			continue
		}
		w.report(first, "metadata.name", trace.Info, trace.Finding{
			Code: trace.CodeReleaseUnused, Message: fmt.Sprintf("%s is older than %s, the newest release with a ReleaseBinding, and no ReleaseBinding has it in spec.releaseName", several(names), newest),
			Hint: "delete what is not needed for a rollback",
		}, names...)
	}
}
