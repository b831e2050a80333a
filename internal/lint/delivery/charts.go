package delivery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// missingChart is a HelmRelease whose source is not declared.
type missingChart struct {
	object *manifest.Object
	path   string // of the field that names the source
	source facts.Ref
}

// chartSources are the sources of HelmReleases. One that is not declared is an omission only if the repository has evidence that its sources
// are declared here. Else another repository, or a person, creates them.
func chartSources(ix *index.Index) {
	var all []missingChart
	declares := map[string]bool{}
	for i := range ix.Objects {
		o := &ix.Objects[i]
		source, path := chartSource(o)
		if source.Name == "" || strings.Contains(source.Name+source.Namespace, "${") {
			continue
		}
		if ix.Has(source) {
			declares[o.Cluster+source.Kind] = true
		} else {
			all = append(all, missingChart{o, path, source})
		}
	}
	if len(all) == 0 {
		return
	}
	sources := sourcesOf(ix)
	for _, m := range all {
		hint := ""
		if declares[m.object.Cluster+m.source.Kind] {
			hint = "the charts of other HelmReleases have their source in this repository"
		}
		if hint = cmp.Or(sources.meant(m.source), hint); hint != "" {
			ix.Report(m.object, m.path, trace.Warning, trace.Finding{
				Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s names %s, which is not in this repository", m.object.Ref, m.source), Hint: hint,
			})
		}
	}
}

// chartSource returns the source of a HelmRelease's chart, by default in its own namespace (helm-controller v1.6
// api/v2/helmrelease_types.go), and the field that names it.
func chartSource(o *manifest.Object) (source facts.Ref, path string) {
	if o.Ref.Group != kinds.FluxHelm || o.Ref.Kind != "HelmRelease" {
		return facts.Ref{}, ""
	}
	fields, path := kinds.Fields(o.Body.Object, "spec", "chartRef"), "spec.chartRef.name"
	if fields == nil {
		fields, path = kinds.Fields(o.Body.Object, "spec", "chart", "spec", "sourceRef"), "spec.chart.spec.sourceRef.name"
	}
	if !slices.Contains([]string{"HelmRepository", "OCIRepository", "HelmChart"}, kinds.String(fields, "kind")) {
		return facts.Ref{}, ""
	}
	return sourceRef(fields, o.Ref.Namespace), path
}

// sourceRef returns the source that the fields of a reference name, by default in the namespace of the object.
func sourceRef(fields map[string]any, namespace string) facts.Ref {
	return facts.Ref{
		Plane: facts.Control, Group: kinds.FluxSource, Kind: kinds.String(fields, "kind"),
		Namespace: cmp.Or(kinds.String(fields, "namespace"), namespace), Name: kinds.String(fields, "name"),
	}
}

// sources are the declared sources of Flux, sorted, and those that an object names.
type sources struct {
	declared []facts.Ref
	named    map[facts.Ref]bool
}

func sourcesOf(ix *index.Index) sources {
	s := sources{named: map[facts.Ref]bool{}}
	for r := range ix.DeclaredRefs {
		if r.Group == kinds.FluxSource {
			s.declared = append(s.declared, r)
		}
	}
	slices.SortFunc(s.declared, func(a, b facts.Ref) int { return cmp.Compare(a.String(), b.String()) })
	for i := range ix.Objects {
		s.name(&ix.Objects[i])
	}
	for _, o := range delivering(ix) {
		s.name(o)
	}
	for i := range ix.Roots {
		s.name(rootObject(&ix.Roots[i]))
	}
	return s
}

// name records the sources that an object of Flux names.
func (s sources) name(o *manifest.Object) {
	chart, _ := chartSource(o)
	s.named[chart] = true
	s.named[engines.All().SourceOf(facts.Object{Ref: o.Ref, Body: o.Body})] = true
	if o.Ref.Group == kinds.FluxExtension {
		for _, fields := range kinds.Items(o.Body, "spec", "sources") {
			s.named[sourceRef(fields, o.Ref.Namespace)] = true
		}
	}
}

// meant returns a hint about the declared source that a missing one may represent; "" if there is none: one with nearly its name, with its
// name and another kind, or one that nothing names. A HelmRepository is often in the namespace of Flux, other sources in that of the
// HelmRelease.
func (s sources) meant(missing facts.Ref) string {
	var near, other, unnamed facts.Ref
	for _, r := range slices.Backward(s.declared) {
		isNear := r.Name == missing.Name || r.Namespace == missing.Namespace && suggest.OneEdit(r.Name, missing.Name)
		switch {
		case r.Kind == missing.Kind && isNear:
			near = r
		case r.Namespace == missing.Namespace && r.Name == missing.Name && !s.named[r]:
			other = r
		case r.Kind == missing.Kind && !s.named[r] && (r.Kind == "HelmRepository" || r.Namespace == missing.Namespace):
			unnamed = r
		}
	}
	switch {
	case !near.IsZero():
		return fmt.Sprintf("is %s meant?", near)
	case !other.IsZero():
		return fmt.Sprintf("is %s meant?", other)
	case !unnamed.IsZero():
		return fmt.Sprintf("nothing names %s, which is in this repository: is it meant?", unnamed)
	}
	return ""
}
