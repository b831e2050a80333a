package trace

import (
	"context"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	component "github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	revisions "github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const releaseName = "spec.releaseName"

// unset finds the ReleaseBindings whose release Git no longer names, and the cluster does: OpenChoreo's webhook keeps it (openchoreo v1.2.3
// internal/webhook/releasebinding/webhook.go). The clone is built only if a file of one has no release.
func (o *options) unset(ctx context.Context, v *component.Component, build build) []facts.UnsetField {
	kept := keptReleases(v)
	if len(kept) == 0 {
		return nil
	}
	var found []facts.UnsetField
	texts := gitrev.Texts(ctx, o.reader.Repo, v.Wanted.Commit, facts.Ref{Group: kinds.OpenChoreo, Kind: "ReleaseBinding", Namespace: v.Namespace}, v.ComponentName)
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		parsed, _ := manifest.Parse(file, texts[file]) // up to a syntax error
		for _, d := range parsed.Documents {
			for _, ref := range kept {
				same := d.Ref.Kind == ref.Kind && d.Ref.Name == ref.Name && (d.Ref.Namespace == ref.Namespace || d.Ref.Namespace == "")
				if same && kinds.Text(d.Body, "spec", "releaseName") == "" {
					at := d.At("spec")
					found = append(found, facts.UnsetField{Object: ref, Path: releaseName, File: at.File, Line: at.Line})
				}
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	clone, ok := build()
	if !ok {
		return nil
	}
	return slices.DeleteFunc(found, func(u facts.UnsetField) bool { return !isUnset(clone, u) })
}

// isUnset reports whether the build of an object has no such field either: a patch may set it.
func isUnset(clone revisions.Clone, u facts.UnsetField) bool {
	return slices.ContainsFunc(clone.Objects, func(o manifest.Object) bool {
		return o.Ref == u.Object && o.File == u.File && kinds.Text(o.Body, "spec", "releaseName") == ""
	})
}

// keptReleases are the ReleaseBindings that an applier has applied and that name a release. It is no release of Git if OpenChoreo chooses it, or
// if another field manager has set it.
func keptReleases(v *component.Component) []facts.Ref {
	if kinds.Bool(v.Object(v.Ref("Component", v.ComponentName)).Body, "spec", "autoDeploy") {
		return nil
	}
	var kept []facts.Ref
	for _, o := range v.Of(facts.Control, kinds.OpenChoreo, "ReleaseBinding") {
		if kinds.Text(o.Body, "spec", "releaseName") != "" && len(v.Engines.AppliedBy(o)) > 0 && !isSetByAnother(v, o.Body) {
			kept = append(kept, o.Ref)
		}
	}
	return kept
}

func isSetByAnother(v *component.Component, body *unstructured.Unstructured) bool {
	for manager, fields := range facts.SpecManagers(body) {
		if slices.Contains(fields, releaseName) && !v.Engines.IsFieldManager(manager) {
			return true
		}
	}
	return false
}
