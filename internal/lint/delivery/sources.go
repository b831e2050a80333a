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

// encryptedSecrets: kustomize-controller applies a Secret that is still encrypted with the encrypted values, and is Ready. It refuses an
// object with the field "sops", but the normalization before has dropped that field of a Secret (seen with v1.9.3; the order is the same in
// v1.10.1, internal/controller/kustomization_controller.go, apply). In the cluster only the data would show it, which is never read.
func encryptedSecrets(ix *index.Index) {
	for i := range ix.Objects {
		o := &ix.Objects[i]
		if o.Ref.Group != kinds.Core || o.Ref.Kind != "Secret" || o.Body.Object["sops"] == nil || kinds.Annotation(o.Body, "kustomize.toolkit.fluxcd.io/decrypt") == "disabled" {
			continue
		}
		by := ix.KustomizationsOf(o)
		if len(by) == 0 || slices.ContainsFunc(by, func(k manifest.Kustomization) bool { return len(kinds.Fields(k.Body.Object, "spec", "decryption")) > 0 }) {
			continue
		}
		ix.Report(o, "sops", trace.Error, trace.Finding{
			Code: trace.CodeKustomizationApplyFailed, Message: fmt.Sprintf("%s is encrypted with SOPS, and %s has no spec.decryption", o.Ref, by[0].Ref),
			Hint: "set spec.decryption of the Kustomization: without it, Flux applies the encrypted values as they are and reports Ready",
		})
	}
}

// bootstrapped is the name of the GitRepository that `flux bootstrap` creates (flux2 v2.7 cmd/flux/bootstrap.go).
const bootstrapped = "flux-system"

// kustomizationSources are those of the Kustomizations of one cluster, of this repository or another one.
func kustomizationSources(ix *index.Index) {
	reported := repositorySources(ix)
	all := delivering(ix)
	for i := range ix.Objects {
		all = append(all, &ix.Objects[i])
	}
	meantSources(ix, all, reported)
}

// rootSources are those of Kustomizations that nothing in the repository applies. A kustomization.yaml may set a namespace that is missing.
func rootSources(ix *index.Index) {
	var all []*manifest.Object
	for i := range ix.Roots {
		if ix.Roots[i].Ref.Namespace != "" {
			all = append(all, rootObject(&ix.Roots[i]))
		}
	}
	meantSources(ix, all, map[facts.Ref]bool{})
}

// meantSources reports the sources that are not declared, if only one Kustomization names them and one that is declared may be meant. Others may be
// in another repository.
func meantSources(ix *index.Index, all []*manifest.Object, reported map[facts.Ref]bool) {
	naming := map[facts.Ref]map[facts.Ref]*manifest.Object{}
	for _, o := range all {
		if o.Ref.Group != kinds.FluxKustomize {
			continue
		}
		source := engines.All().SourceOf(facts.Object{Ref: o.Ref, Body: o.Body})
		if naming[source] == nil {
			naming[source] = map[facts.Ref]*manifest.Object{}
		}
		naming[source][o.Ref] = o
	}
	sources := sourcesOf(ix)
	for source, by := range naming {
		if len(by) > 1 || source.Name == "" || source.Kind == "ExternalArtifact" || strings.Contains(source.String(), "${") || ix.Has(source) {
			continue
		}
		for _, o := range by {
			if hint := sources.meant(source); hint != "" && !reported[o.Ref] {
				ix.Report(o, "spec.sourceRef.name", trace.Warning, trace.Finding{
					Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s names %s, which is not in this repository", o.Ref, source), Hint: hint,
				})
			}
		}
	}
}

// repositorySources: a Kustomization applies a folder of this repository, but is the only one to name its source, which is not declared.
// Another one names another source, so the name may be mistyped. The GitRepository of a bootstrap is often not declared, but all name it, or
// one does and the other name is nearly the same.
// It returns those that it reports.
func repositorySources(ix *index.Index) (reported map[facts.Ref]bool) {
	reported = map[facts.Ref]bool{}
	uses := map[facts.Ref]int{}
	for _, k := range ix.Kustomizations {
		uses[engines.All().SourceOf(facts.Object{Ref: k.Ref, Body: k.Body})]++
	}
	for i := range ix.Kustomizations {
		k := &ix.Kustomizations[i]
		source := engines.All().SourceOf(facts.Object{Ref: k.Ref, Body: k.Body})
		if uses[source] != 1 || k.Folder == "." || source.Kind != "GitRepository" || strings.Contains(source.String(), "${") || ix.Has(source) {
			continue
		}
		usual := facts.Ref{}
		for other, n := range uses {
			isNear := other.Name == bootstrapped && other.Namespace == source.Namespace && suggest.OneEdit(other.Name, source.Name)
			if other.Kind == source.Kind && other != source && (n > 1 || ix.Has(other) || isNear) && (usual.IsZero() || cmp.Or(uses[usual]-n, other.Compare(usual)) < 0) {
				usual = other
			}
		}
		if !usual.IsZero() {
			reported[k.Ref] = true
			ix.Report(&k.Object, "spec.sourceRef.name", trace.Warning, trace.Finding{
				Code: trace.CodeSourceNotFound, Message: fmt.Sprintf("%s names %s, which is not in this repository", k.Ref, source),
				Hint: fmt.Sprintf("its path is a folder of this repository: is %s meant?", usual),
			})
		}
	}
	return reported
}
