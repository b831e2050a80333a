package delivery

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// externalArtifacts: source-watcher makes an ExternalArtifact of each entry of an ArtifactGenerator, with the name of the entry (source-watcher
// v2.3 api/v1beta1/artifactgenerator_types.go). One that no generator makes is an omission only if this repository has all generators
// of the namespace, which is taken from the ones that it has.
func externalArtifacts(ix *index.Index) {
	made := artifacts(ix)
	for i := range ix.Objects {
		externalArtifact(ix, &ix.Objects[i], made)
	}
}

// rootArtifacts are those of Kustomizations that nothing in the repository applies. They may be in any cluster.
func rootArtifacts(ix *index.Index) {
	made := artifacts(ix)
	for i := range ix.Roots {
		externalArtifact(ix, rootObject(&ix.Roots[i]), made)
	}
}

func rootObject(d *manifest.Document) *manifest.Object {
	return &manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File}
}

func externalArtifact(ix *index.Index, o *manifest.Object, made map[string][]string) {
	source := engines.All().SourceOf(facts.Object{Ref: o.Ref, Body: o.Body})
	names := made[source.Namespace]
	if source.Kind != "ExternalArtifact" || len(names) == 0 || slices.Contains(names, source.Name) || ix.Has(source) {
		return
	}
	path := "spec.sourceRef.name"
	if o.Ref.Kind == "HelmRelease" {
		path = "spec.chartRef.name"
	}
	ix.Report(o, path, trace.Warning, trace.Finding{
		Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s names %s, which no ArtifactGenerator of this repository makes", o.Ref, source),
		Hint: "they make " + strings.Join(names, ", "),
	})
}

// artifacts returns the names of the artifacts that ArtifactGenerators make, by namespace; none if one of them makes names from folders
// (spec.pathPattern). A generator may be one that nothing in the repository applies.
func artifacts(ix *index.Index) map[string][]string {
	made := map[string]map[string]bool{}
	patterns := map[string]bool{}
	take := func(r facts.Ref, body *unstructured.Unstructured) {
		if r.Group != kinds.FluxExtension || r.Kind != "ArtifactGenerator" {
			return
		}
		if made[r.Namespace] == nil {
			made[r.Namespace] = map[string]bool{}
		}
		patterns[r.Namespace] = patterns[r.Namespace] || kinds.Text(body, "spec", "pathPattern") != ""
		for _, a := range kinds.Items(body, "spec", "artifacts") {
			made[r.Namespace][kinds.String(a, "name")] = true
		}
	}
	for _, o := range ix.Objects {
		take(o.Ref, o.Body)
	}
	for _, d := range ix.Roots {
		take(d.Ref, d.Body)
	}
	names := map[string][]string{}
	for namespace, all := range made {
		if names[namespace] = slices.Sorted(maps.Keys(all)); patterns[namespace] {
			names[namespace] = nil
		}
	}
	return names
}
