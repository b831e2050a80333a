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

// encryptedSecrets: kustomize-controller applies nothing of a Kustomization with a Secret that is still encrypted
// (kustomize-controller v1.10.1 internal/controller/kustomization_controller.go:1029: "is SOPS encrypted, configuring decryption is
// required").
func encryptedSecrets(w *index.Index) {
	for i := range w.Objects {
		o := &w.Objects[i]
		if o.Ref.Group != kinds.Core || o.Ref.Kind != "Secret" || o.Body.Object["sops"] == nil || kinds.Annotation(o.Body, "kustomize.toolkit.fluxcd.io/decrypt") == "disabled" {
			continue
		}
		by := w.KustomizationsOf(o)
		if len(by) == 0 || slices.ContainsFunc(by, func(k manifest.Kustomization) bool { return len(kinds.Fields(k.Body.Object, "spec", "decryption")) > 0 }) {
			continue
		}
		w.Report(o, "sops", trace.Error, trace.Finding{
			Code: trace.CodeKustomizationApplyFailed, Message: fmt.Sprintf("%s is encrypted with SOPS, and %s has no spec.decryption", o.Ref, by[0].Ref),
			Hint: "set spec.decryption of the Kustomization: nothing of it is applied before",
		})
	}
}

// chartSources are the sources of HelmReleases. One that is not declared is an omission only if the repository declares sources of
// that kind for other HelmReleases, or a HelmRepository that nothing names. Else another repository, or a person, creates them.
func chartSources(w *index.Index) {
	type missing struct {
		object *manifest.Object
		path   string
		source facts.Ref
	}
	var all []missing
	declares, named := map[string]bool{}, map[facts.Ref]bool{}
	for i := range w.Objects {
		o := &w.Objects[i]
		source, path := chartSource(o)
		if source.Name == "" || strings.Contains(source.Name+source.Namespace, "${") {
			continue
		}
		named[source] = true
		if w.Has(source) {
			declares[o.Cluster+source.Kind] = true
		} else {
			all = append(all, missing{o, path, source})
		}
	}
	for _, m := range all {
		f := trace.Finding{Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s names %s, which is not in this repository", m.object.Ref, m.source), Hint: "the charts of other HelmReleases have their source in this repository"}
		if !declares[m.object.Cluster+m.source.Kind] {
			unnamed := unnamedRepository(w, named)
			if m.source.Kind != "HelmRepository" || unnamed == "" {
				continue
			}
			f.Hint = fmt.Sprintf("nothing names %s, which is in this repository: is it meant?", unnamed)
		}
		if near := nearSource(w, m.source); near != "" {
			f.Hint = fmt.Sprintf("is %s meant?", near)
		}
		w.Report(m.object, m.path, trace.Warning, f)
	}
}

// kustomizationSources: a Kustomization applies a folder of this repository, but is the only one to name its source, which is not declared.
// Another one names another source, so the name may be mistyped. The GitRepository of a bootstrap is often not declared, but all name it.
func kustomizationSources(w *index.Index) {
	uses := map[facts.Ref]int{}
	for _, k := range w.Kustomizations {
		uses[engines.All().SourceOf(facts.Object{Ref: k.Ref, Body: k.Body})]++
	}
	for i := range w.Kustomizations {
		k := &w.Kustomizations[i]
		source := engines.All().SourceOf(facts.Object{Ref: k.Ref, Body: k.Body})
		if uses[source] != 1 || k.Folder == "." || source.Kind != "GitRepository" || strings.Contains(source.String(), "${") || w.Has(source) {
			continue
		}
		usual := facts.Ref{}
		for other, n := range uses {
			if other.Kind == source.Kind && other != source && (n > 1 || w.Has(other)) && (usual.IsZero() || cmp.Or(uses[usual]-n, other.Compare(usual)) < 0) {
				usual = other
			}
		}
		if !usual.IsZero() {
			w.Report(&k.Object, "spec.sourceRef.name", trace.Warning, trace.Finding{
				Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s names %s, which is not in this repository", k.Ref, source),
				Hint: fmt.Sprintf("its path is a folder of this repository: is %s meant?", usual),
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
	kind := kinds.String(fields, "kind")
	if !slices.Contains([]string{"HelmRepository", "OCIRepository", "HelmChart"}, kind) {
		return facts.Ref{}, ""
	}
	return facts.Ref{
		Plane: facts.Control, Group: kinds.FluxSource, Kind: kind,
		Namespace: cmp.Or(kinds.String(fields, "namespace"), o.Ref.Namespace), Name: kinds.String(fields, "name"),
	}, path
}

// unnamedRepository returns the first HelmRepository that is declared and that no HelmRelease names; "" if there is none.
func unnamedRepository(w *index.Index, named map[facts.Ref]bool) string {
	first := ""
	for r := range w.DeclaredRefs {
		if r.Group == kinds.FluxSource && r.Kind == "HelmRepository" && !named[r] && (first == "" || r.String() < first) {
			first = r.String()
		}
	}
	return first
}

// nearSource returns a declared source of that name in another namespace, or with one letter of difference; "" if there is none.
func nearSource(w *index.Index, missing facts.Ref) string {
	near := ""
	for r := range w.DeclaredRefs {
		same := r.Group == missing.Group && r.Kind == missing.Kind && (r.Name == missing.Name || r.Namespace == missing.Namespace && suggest.OneEdit(r.Name, missing.Name))
		if same && (near == "" || r.String() < near) {
			near = r.String()
		}
	}
	return near
}
