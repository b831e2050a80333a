package schema

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	runtime "k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// engineSchemas compares the objects of Flux and Argo CD with their newest definitions.
func engineSchemas(ix *index.Index) {
	all, partial, retired := engineObjects(ix)
	retiredVersions(ix, retired)
	violations, errs := make([][]schemas.Violation, len(all)), make([]error, len(all))
	each(len(all), func(i int) { violations[i], errs[i] = ix.Schemas.Check("", all[i].Body, nil) })
	ix.Err = errors.Join(append(errs, ix.Err)...)
	for i, o := range all {
		for _, v := range violations[i] {
			switch {
			case isVariable(o, v), partial[o] && !v.Unknown, isExtensible(ix, o, v), strings.HasPrefix(v.Path[strings.LastIndex(v.Path, ".")+1:], "$"):
				// a directive of a patch has a $
			case removesFields(o) && v.Unknown || partial[o] || len(o.AppliedBy) == 0 && index.IsExample(o.File):
				// The field, and an example, may be of an earlier version.
				warn(ix, o, v)
			default:
				violation(ix, o, v)
			}
		}
	}
}

// isExtensible: Flux Operator adds its kinds to those that Alerts and Receivers of notification-controller may name
// (flux-operator v0.59 internal/builder/templates.go:476).
func isExtensible(ix *index.Index, o *manifest.Object, v schemas.Violation) bool {
	if o.Ref.Group != "notification.toolkit.fluxcd.io" || !strings.HasSuffix(v.Path, ".kind") {
		return false
	}
	kind, _ := drift.At(o.Body.Object, v.Path).(string)
	return ix.Schemas.Knows("", runtime.GroupVersionKind{Group: kinds.FluxOperator, Version: "v1", Kind: kind})
}

func warn(ix *index.Index, o *manifest.Object, v schemas.Violation) {
	f := trace.Finding{Code: trace.CodeSchemaViolation, Message: v.Message}
	if near := nearest(v); near != "" {
		f.Hint = fmt.Sprintf("is %s meant?", near)
	}
	ix.Report(o, v.Path, trace.Warning, f)
}

// engineObjects returns the objects of Flux and Argo CD whose definitions are known, each once. Those in partial may be patches: files
// that nothing applies, beside a Kustomization that is applied from outside the repository, roots, and a Kustomization without a source. Those in retired
// have an earlier API version. It counts all objects without a definition.
func engineObjects(ix *index.Index) (all []*manifest.Object, partial map[*manifest.Object]bool, retired []*manifest.Object) {
	seen, partial := map[*manifest.Document]bool{}, map[*manifest.Object]bool{}
	add := func(o *manifest.Object) bool {
		if o.Ref.Group == kinds.OpenChoreo {
			return false
		}
		seen[o.Document] = o.Document != nil
		if !ix.Schemas.Knows("", o.Body.GroupVersionKind()) {
			ix.Unchecked[o.Body.GetAPIVersion()+" "+o.Ref.Kind]++
			if isRetired(ix, o) {
				retired = append(retired, o)
			}
			return false
		}
		all = append(all, o)
		return true
	}
	entries := map[string]bool{}
	for i := range ix.Objects {
		add(&ix.Objects[i])
	}
	for i := range ix.Kustomizations {
		o := &ix.Kustomizations[i].Object
		entries[path.Dir(o.File)] = true
		if !seen[o.Document] {
			partial[o] = add(o) && kinds.Text(o.Body, "spec", "sourceRef", "name") == ""
		}
	}
	for i := range ix.Roots {
		d := &ix.Roots[i]
		if o := (&manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File}); !seen[d] {
			partial[o] = add(o)
		}
	}
	for i := range ix.Unapplied {
		d := &ix.Unapplied[i]
		o := &manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: d.Place.File}
		if entries[path.Dir(d.Place.File)] && isOfEngine(o) && !seen[d] {
			partial[o] = add(o)
		}
	}
	return all, partial, retired
}

func removesFields(o *manifest.Object) bool { return engine.RemovesFields(engines.All(), o.Ref) }

// isOfEngine reports whether an object belongs to the project of an engine. Others may have the same group, such as Argo Rollouts.
func isOfEngine(o *manifest.Object) bool { return engine.Defines(engines.All(), o.Ref) }

// reportUnchecked reports the objects of OpenChoreo, Flux and Argo CD to which no definition was applied. Those of other kinds are
// only counted.
func reportUnchecked(ix *index.Index) {
	first, count := map[string]*manifest.Object{}, map[string]int{}
	for i := range ix.Objects {
		o := &ix.Objects[i]
		kind := o.Body.GetAPIVersion() + " " + o.Ref.Kind
		if ix.Unchecked[kind] == 0 || o.Ref.Group != kinds.OpenChoreo && !isOfEngine(o) {
			continue
		}
		count[kind]++
		if first[kind] == nil {
			first[kind] = o
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(first)) {
		o, compared := first[kind], "1 object was"
		if n := count[kind]; n > 1 {
			compared = fmt.Sprintf("%d objects, this one first, were", n)
		}
		f := trace.Finding{
			Code:    trace.CodeSchemaNotChecked,
			Message: fmt.Sprintf("no definition of kind %s in %s is known: %s not checked", o.Ref.Kind, o.Body.GetAPIVersion(), compared),
			Hint:    "the newest release has no such API version: migrate the objects before an upgrade",
		}
		if o.Ref.Group == kinds.OpenChoreo {
			f.Hint = fmt.Sprintf("the repository installs OpenChoreo %s; definitions are known since %s", ix.Versions.Of(o.Cluster), schemas.Releases()[0])
		}
		ix.Report(o, "apiVersion", trace.Info, f)
	}
}
