package releases

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// promotions: OpenChoreo deploys whatever release a binding pins, in whatever order environments get it. A release that is newer than
// those of all environments before it in the pipeline has skipped them.
func promotions(ix *index.Index) {
	for _, o := range ix.ByKind["ReleaseBinding"] {
		environment, release := kinds.Text(o.Body, "spec", "environment"), ix.Find(index.Pinned(o))
		if release == nil || index.IsUndeployed(o) {
			continue
		}
		for _, source := range kinds.PromotionSources(pipelineOf(ix, o))[environment] {
			before := bindingIn(ix, o, source)
			if before == nil || !kinds.PrecedesRelease(index.Pinned(before).Name, release.Ref.Name) {
				continue
			}
			ix.Report(o, "spec.releaseName", trace.Warning, trace.Finding{
				Code:    trace.CodePromotionSkipped,
				Message: fmt.Sprintf("%s pins %s, but environment %s, from which %s is promoted, has the older %s", o.Ref, release.Ref.Name, source, environment, index.Pinned(before).Name),
				Hint:    fmt.Sprintf("promote it to %s first: change spec.releaseName of %s", source, before.Ref),
			})
		}
	}
}

// pipelineOf returns the pipeline of a binding's project; nil if it is not known.
func pipelineOf(ix *index.Index, binding *manifest.Object) *unstructured.Unstructured {
	owner := ix.Find(index.Ref("Project", binding.Ref.Namespace, index.Project(binding)))
	if owner == nil {
		return nil
	}
	pipeline := ix.Find(index.Ref("DeploymentPipeline", binding.Ref.Namespace, kinds.Text(owner.Body, "spec", "deploymentPipelineRef", "name")))
	if pipeline == nil {
		return nil
	}
	return pipeline.Body
}

// bindingIn returns the binding of the same component in another environment; nil if there is none, or if it is undeployed.
func bindingIn(ix *index.Index, binding *manifest.Object, environment string) *manifest.Object {
	for _, o := range ix.Owned("ReleaseBinding", index.Component(binding)) {
		if kinds.Text(o.Body, "spec", "environment") == environment && o.Cluster == binding.Cluster && index.Project(o) == index.Project(binding) && !index.IsUndeployed(o) {
			return o
		}
	}
	return nil
}

// unusedReleases are older than the newest release that is bound, and no binding pins them. They are kept for a rollback, or forgotten.
func unusedReleases(ix *index.Index) {
	for _, c := range ix.ByKind["Component"] {
		var used []string
		newest := ""
		for _, b := range ix.Owned("ReleaseBinding", c.Ref) {
			name := index.Pinned(b).Name
			if used = append(used, name); ix.Find(index.Pinned(b)) != nil && (newest == "" || kinds.OlderRelease(newest, name)) {
				newest = name
			}
		}
		var names []string
		var first *manifest.Object
		for _, r := range ix.Owned("ComponentRelease", c.Ref) {
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
		ix.Report(first, "metadata.name", trace.Info, trace.Finding{
			Code: trace.CodeReleaseUnused, Message: fmt.Sprintf("%s is older than %s, the newest release with a ReleaseBinding, and no ReleaseBinding has it in spec.releaseName", index.Several(names), newest),
			Hint: "delete what is not needed for a rollback",
		}, names...)
	}
}
