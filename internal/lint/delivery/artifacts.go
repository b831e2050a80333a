package delivery

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// externalArtifacts: source-watcher makes an ExternalArtifact of each entry of an ArtifactGenerator, with the name of the entry (source-watcher
// v2.3 api/v1beta1/artifactgenerator_types.go). One that no generator makes is an omission only if this repository has all generators
// of the namespace, which is taken from the ones that it has.
func externalArtifacts(w *index.Index) {
	made := artifacts(w)
	for i := range w.Objects {
		o := &w.Objects[i]
		source := engines.All().SourceOf(facts.Object{Ref: o.Ref, Body: o.Body})
		names := made[source.Namespace]
		if source.Kind != "ExternalArtifact" || len(names) == 0 || slices.Contains(names, source.Name) || w.Has(source) {
			continue
		}
		path := "spec.sourceRef.name"
		if o.Ref.Kind == "HelmRelease" {
			path = "spec.chartRef.name"
		}
		w.Report(o, path, trace.Warning, trace.Finding{
			Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s names %s, which no ArtifactGenerator of this repository makes", o.Ref, source),
			Hint: "they make " + strings.Join(names, ", "),
		})
	}
}

// artifacts returns the names of the artifacts that ArtifactGenerators make, by namespace; none if one of them makes names from folders
// (spec.pathPattern).
func artifacts(w *index.Index) map[string][]string {
	made := map[string]map[string]bool{}
	patterns := map[string]bool{}
	for _, o := range w.Objects {
		if o.Ref.Group != kinds.FluxExtension || o.Ref.Kind != "ArtifactGenerator" {
			continue
		}
		if made[o.Ref.Namespace] == nil {
			made[o.Ref.Namespace] = map[string]bool{}
		}
		patterns[o.Ref.Namespace] = patterns[o.Ref.Namespace] || kinds.Text(o.Body, "spec", "pathPattern") != ""
		for _, a := range kinds.Items(o.Body, "spec", "artifacts") {
			made[o.Ref.Namespace][kinds.String(a, "name")] = true
		}
	}
	names := map[string][]string{}
	for namespace, all := range made {
		if names[namespace] = slices.Sorted(maps.Keys(all)); patterns[namespace] {
			names[namespace] = nil
		}
	}
	return names
}
