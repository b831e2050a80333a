package delivery

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// namespaces: where kubectl takes the namespace of its context, Flux refuses the object, and the Kustomization with it
// (fluxcd/pkg ssa v0.76 errors/errors.go: "namespace not specified").
func namespaces(ix *index.Index) {
	for i := range ix.Objects {
		o := &ix.Objects[i]
		kind, known := kinds.Lookup(o.Ref.Group, o.Ref.Kind)
		if !known || !kind.Namespaced || o.Ref.Namespace != "" {
			continue
		}
		at := slices.IndexFunc(o.AppliedBy, func(r facts.Ref) bool { return r.Group == kinds.FluxKustomize })
		if at < 0 {
			continue
		}
		ix.Report(o, "metadata", trace.Error, trace.Finding{
			Code: trace.CodeKustomizationApplyFailed, Message: fmt.Sprintf("%s has no namespace, and %s gives it none", o.Ref, o.AppliedBy[at]),
			Hint: "say metadata.namespace, or spec.targetNamespace of the Kustomization",
		})
	}
}

// controlPlaneLabel marks the namespaces that OpenChoreo's API, portal and occ list (openchoreo v1.0.0 to v1.2.3
// internal/openchoreo-api/services/namespace/service.go:140). Controllers do not need it.
const controlPlaneLabel = "openchoreo.dev/control-plane"

// controlPlaneNamespaces finds Namespaces with objects of OpenChoreo, but without its label.
func controlPlaneNamespaces(ix *index.Index) {
	projects := map[string]bool{}
	for _, o := range ix.ByKind["Project"] {
		projects[o.Cluster+"\x00"+o.Ref.Namespace] = true
	}
	for i := range ix.Objects {
		o := &ix.Objects[i]
		if !isNamespace(o.Ref) || !projects[o.Cluster+"\x00"+o.Ref.Name] || kinds.Label(o.Body, controlPlaneLabel) == "true" {
			continue
		}
		ix.Report(o, "metadata.labels", trace.Warning, trace.Finding{
			Code: trace.CodeNamespaceNotListed, Message: fmt.Sprintf("%s contains Projects, but has no label %s: \"true\"", o.Ref, controlPlaneLabel),
			Hint: "OpenChoreo deploys what it contains, but its API, portal and occ do not list the namespace",
		})
	}
}

func isNamespace(r facts.Ref) bool { return r.Group == kinds.Core && r.Kind == "Namespace" }

// renamedNamespaces: kustomize sets metadata.name of a Namespace where it sets the namespace of objects (sigs.k8s.io/kustomize/api v0.21
// internal/konfig/builtinpluginconsts/namespace.go). Many repositories rely on it, with a placeholder as name. It is a mistake if other
// objects are in the namespace of the written name, which nothing creates.
func renamedNamespaces(ix *index.Index) {
	for i := range ix.Objects {
		o := &ix.Objects[i]
		if !isNamespace(o.Ref) || o.Document == nil {
			continue
		}
		written, applied := o.Document.Ref.Name, o.Ref.Name
		if written == applied {
			applied = targetNamespace(ix, o)
		}
		if applied == "" || written == applied {
			continue
		}
		inhabitant := inhabitant(ix, o, written)
		if inhabitant == "" {
			continue
		}
		ix.Report(o, "metadata.name", trace.Warning, trace.Finding{
			Code: trace.CodeNamespaceRenamed, Message: fmt.Sprintf("Namespace %s is applied as Namespace %s, but %s is in namespace %s", written, applied, inhabitant, written),
			Hint: "the namespace of a kustomization.yaml, or spec.targetNamespace of a Kustomization, also renames Namespaces: declare the Namespace elsewhere",
		})
	}
}

// inhabitant returns an object of a namespace; "" if there is none, or if another document declares the Namespace.
func inhabitant(ix *index.Index, namespace *manifest.Object, name string) string {
	found := ""
	for i := range ix.Objects {
		o := &ix.Objects[i]
		switch {
		case o.Cluster != namespace.Cluster:
		case isNamespace(o.Ref) && o.Ref.Name == name && (o.Document != namespace.Document || targetNamespace(ix, o) == ""):
			return ""
		case o.Ref.Namespace == name && found == "":
			found = o.Ref.String()
		}
	}
	return found
}

// targetNamespace returns the targetNamespace of the Kustomization that applies an object.
func targetNamespace(ix *index.Index, o *manifest.Object) string {
	for _, k := range ix.KustomizationsOf(o) {
		if target := kinds.Text(k.Body, "spec", "targetNamespace"); target != "" {
			return target
		}
	}
	return ""
}
