// Package releases has the rules about ComponentReleases, and the bindings that deploy them.
package releases

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Rules are about releases, and the bindings that deploy them.
func Rules() index.Rules {
	return index.Rules{
		Repository: []index.Rule{editedReleases},
		Cluster:    []index.Rule{ownReferences, pinnedReleases, workloadsNotReleased, promotions, unusedReleases},
	}
}

// editedReleases: a ComponentRelease is immutable, so that Flux's dry-run refuses a changed one, and with it everything else
// of its Kustomization.
func editedReleases(ix *index.Index) {
	for _, before := range ix.Former {
		if before.Ref.Group != kinds.OpenChoreo || before.Ref.Kind != "ComponentRelease" {
			continue
		}
		now := ix.Find(before.Ref)
		if now == nil {
			continue
		}
		if path, changed := difference("spec", before.Body.Object["spec"], now.Body.Object["spec"]); changed {
			ix.Report(now, path, trace.Error, trace.Finding{
				Code: trace.CodeComponentReleaseEdited, Message: fmt.Sprintf("%s differs at %s from what it is on the base branch", now.Ref, path),
				Hint: "a release is immutable: revert the change, and create a new release",
			})
		}
	}
}

// difference is the path of the first field in which two values differ.
func difference(path string, a, b any) (string, bool) {
	if reflect.DeepEqual(a, b) {
		return "", false
	}
	x, both := a.(map[string]any)
	y, ok := b.(map[string]any)
	if both && ok {
		for _, key := range slices.Sorted(maps.Keys(union(x, y))) {
			if deeper, changed := difference(path+keyed(key), x[key], y[key]); changed {
				return deeper, true
			}
		}
	}
	p, both := a.([]any)
	q, ok := b.([]any)
	if both && ok && len(p) == len(q) {
		for i := range p {
			if deeper, changed := difference(fmt.Sprintf("%s[%d]", path, i), p[i], q[i]); changed {
				return deeper, true
			}
		}
	}
	return path, true
}

// keyed is a step of a path: brackets hold together what has dots in it.
func keyed(key string) string {
	if strings.ContainsAny(key, ".[]") {
		return "[" + key + "]"
	}
	return "." + key
}

func union(a, b map[string]any) map[string]any {
	all := map[string]any{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// ownReferences: a binding takes its component from the release that it pins (openchoreo v1.2.3
// internal/controller/releasebinding/controller.go:186), so that one of another component is refused.
func ownReferences(ix *index.Index) {
	for _, o := range ix.ByKind["ReleaseBinding"] {
		release := ix.Find(index.Pinned(o))
		if release == nil || index.Component(o).Name == "" || index.Component(release).Name == "" {
			continue
		}
		if index.Component(release) == index.Component(o) && index.Project(release) == index.Project(o) {
			continue
		}
		ix.Report(o, "spec.releaseName", trace.Error, trace.Finding{
			Code:    trace.CodeInvalidReleaseConfiguration,
			Message: fmt.Sprintf("%s is for component %s of project %s, but pins a release of component %s of project %s", o.Ref, index.Component(o).Name, index.Project(o), index.Component(release).Name, index.Project(release)),
		})
	}
}

// pinnedReleases: without autoDeploy only Git declares which release a binding is for.
func pinnedReleases(ix *index.Index) {
	for _, o := range ix.ByKind["ReleaseBinding"] {
		owner := ix.Find(index.Component(o))
		if owner == nil || kinds.Bool(owner.Body, "spec", "autoDeploy") || kinds.Text(o.Body, "spec", "releaseName") != "" || index.IsUndeployed(o) {
			continue
		}
		ix.Report(o, "spec", trace.Error, trace.Finding{
			Code: trace.CodeReleaseNotPinned, Message: fmt.Sprintf("%s has no spec.releaseName, and the component has no autoDeploy to set it", o.Ref),
		})
	}
}

// workloadsNotReleased: without autoDeploy nothing happens when a Workload changes, until a release is cut and pinned.
func workloadsNotReleased(ix *index.Index) {
	for _, o := range ix.ByKind["Workload"] {
		owner := ix.Find(index.Component(o))
		if owner == nil || kinds.Bool(owner.Body, "spec", "autoDeploy") {
			continue
		}
		newest := newestPinned(ix, o)
		if newest == nil || releasedAfter(ix, o, newest) {
			continue
		}
		path := "spec"
		if spec, found, _ := unstructured.NestedMap(o.Body.Object, "spec"); found {
			delete(spec, "owner")
			released, _, _ := unstructured.NestedMap(newest.Body.Object, "spec", "workload")
			path, _ = difference("spec", spec, released)
		}
		message := fmt.Sprintf("%s differs from %s, the newest release that is bound", o.Ref, newest.Ref.Name)
		image, released := kinds.Text(o.Body, "spec", "container", "image"), kinds.Text(newest.Body, "spec", "workload", "container", "image")
		if image != released && image != "" && released != "" {
			path = "spec.container.image"
			message += fmt.Sprintf(": its image is %s, and that of the release is %s", image, released)
		}
		ix.Report(o, path, trace.Warning, trace.Finding{
			Code: trace.CodeWorkloadNotReleased, Message: message,
			Hint: newReleaseHint(o),
		})
	}
}

// newReleaseHint has the whole command: occ refuses one without mode, project and component (openchoreo v1.2.3
// internal/occ/cmd/componentrelease/componentrelease.go:84).
func newReleaseHint(workload *manifest.Object) string {
	const hint = "nothing of the change is deployed without a new release"
	generate := command.Format("occ componentrelease generate --mode file-system --namespace %s --project %s --component %s",
		workload.Ref.Namespace, index.Project(workload), kinds.Text(workload.Body, "spec", "owner", "componentName"))
	if generate == "" {
		return hint
	}
	return hint + ": " + generate
}

// newestPinned is the newest of the releases that the bindings of a Workload's component pin.
func newestPinned(ix *index.Index, workload *manifest.Object) *manifest.Object {
	var newest *manifest.Object
	for _, b := range ix.Owned("ReleaseBinding", index.Component(workload)) {
		release := ix.Find(index.Pinned(b))
		if release != nil && (newest == nil || kinds.OlderRelease(newest.Ref.Name, release.Ref.Name)) {
			newest = release
		}
	}
	return newest
}

// releasedAfter reports whether the newest release, or one that is cut and not yet bound, holds the current Workload.
func releasedAfter(ix *index.Index, workload, newest *manifest.Object) bool {
	return slices.ContainsFunc(ix.Owned("ComponentRelease", index.Component(workload)), func(r *manifest.Object) bool {
		return !kinds.OlderRelease(r.Ref.Name, newest.Ref.Name) && kinds.Released(workload.Body, r.Body)
	})
}
