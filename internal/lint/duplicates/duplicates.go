// Package duplicates has the rules about objects that exist more than once, or belong to more than one Kustomization.
package duplicates

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Rules are about objects that exist more than once.
func Rules() index.Rules {
	return index.Rules{
		Cluster: []index.Rule{duplicates, owners, places},
	}
}

// duplicates are two documents for one object. In one Kustomization kustomize refuses them; in two, each undoes the other.
func duplicates(ix *index.Index) {
	type identity struct {
		cluster string
		ref     facts.Ref
	}
	first := make(map[identity]*manifest.Object, len(ix.Objects))
	for i := range ix.Objects {
		o := &ix.Objects[i]
		id := identity{o.Cluster, o.Ref}
		before, again := first[id]
		if !again {
			first[id] = o
			continue
		}
		if o.Document == nil || before.Document == nil || o.Document == before.Document || mayCoexist(before, o) {
			continue
		}
		f := trace.Finding{
			Code: trace.CodeDuplicateObject, Message: fmt.Sprintf("%s is also declared at %s", o.Ref, before.At("")),
			Hint: "delete one of the two, or give it another name",
		}
		severity := trace.Error
		if isApartFrom(ix, before, o) {
			severity, f.Hint = trace.Warning, "if both files are applied to one cluster, each apply replaces the object of the other; nothing in this repository says what is applied where"
		}
		ix.Report(o, "", severity, f)
	}
}

// isApartFrom reports whether nothing shows that two documents are applied to one cluster: nothing applies them, and they are in different
// folders, or different objects apply different examples. An Application that is in no file may come from two ApplicationSets.
func isApartFrom(ix *index.Index, a, b *manifest.Object) bool {
	if index.IsExample(a.File) && index.IsExample(b.File) {
		return !slices.ContainsFunc(a.AppliedBy, func(by facts.Ref) bool { return ix.DeclaredRefs[by] && slices.Contains(b.AppliedBy, by) })
	}
	return len(a.AppliedBy)+len(b.AppliedBy) == 0 && path.Dir(a.File) != path.Dir(b.File)
}

// mayCoexist reports whether two documents for one object do no harm: each sets only its own fields, one leaves the object to the
// other, both declare the same of a namespace, which is not pruned as long as one has it, or the names or namespaces are not known.
func mayCoexist(a, b *manifest.Object) bool {
	if strings.Contains(a.Ref.Name+a.Ref.Namespace, "${") {
		return true
	}
	if a.Ref.Namespace == "" && len(a.AppliedBy) == 0 && isNamespaced(a.Ref) {
		return true // whoever applies them sets their namespaces
	}
	if a.Ref.Kind == "Namespace" && a.Ref.Group == kinds.Core && reflect.DeepEqual(a.Body.Object, b.Body.Object) {
		return true
	}
	return isPartial(a) || isPartial(b)
}

// isNamespaced reports whether objects of a kind have a namespace. Kinds that are not known may have one.
func isNamespaced(ref facts.Ref) bool {
	kind, known := kinds.Lookup(ref.Group, ref.Kind)
	return !known || kind.Namespaced
}

// isPartial reports whether kustomize-controller leaves an object, or the fields of others in it, to others (v1.9.3
// internal/controller/kustomization_controller.go, apply; fluxcd/pkg ssa).
func isPartial(o *manifest.Object) bool {
	switch kinds.Annotation(o.Body, kinds.FluxKustomize+"/ssa") {
	case "Merge", "IfNotPresent", "Ignore":
		return true
	}
	return kinds.Annotation(o.Body, kinds.FluxKustomize+"/reconcile") == "disabled"
}

// owners are what two Kustomizations apply: what one prunes or changes, the other puts back. Where it is the same two for
// many objects, their paths overlap, and that is said once.
func owners(ix *index.Index) {
	shared := map[string][]*manifest.Object{}
	var order []string
	for i := range ix.Objects {
		names := map[string]bool{}
		for _, ks := range ix.Objects[i].AppliedBy {
			names[ks.String()] = true
		}
		if len(names) < 2 || isPartial(&ix.Objects[i]) || strings.Contains(ix.Objects[i].Ref.Name+ix.Objects[i].Ref.Namespace, "${") {
			continue
		}
		by := strings.Join(slices.Sorted(maps.Keys(names)), " and by ")
		if shared[by] == nil {
			order = append(order, by)
		}
		shared[by] = append(shared[by], &ix.Objects[i])
	}
	for _, by := range order {
		var names []string
		for _, o := range shared[by] {
			names = append(names, o.Ref.String())
		}
		o := shared[by][0]
		ix.Report(o, "", trace.Warning, trace.Finding{
			Code: trace.CodeTwoOwners, Message: fmt.Sprintf("%s is applied by %s", index.Several(names), by),
			Hint: "when one of them prunes the object, it is gone until the other one runs again",
		}, names...)
	}
}

// places finds what must be there once for each component, or for each component or project in an environment.
func places(ix *index.Index) {
	once(ix, "Workload", trace.CodeMultipleWorkloads, "spec.owner", "a component with several has the reason InvalidConfiguration", "componentName")
	once(ix, "ReleaseBinding", trace.CodeMultipleReleaseBindings, "spec.environment", "only one of them can own what is rendered; to delete the other deletes that as well", "projectName", "componentName")
	once(ix, "ProjectReleaseBinding", trace.CodeMultipleProjectReleaseBindings, "spec.environment", "only one of them can own the cell", "projectName")
}

func once(ix *index.Index, kind string, code trace.Code, path, hint string, owner ...string) {
	first := map[string]*manifest.Object{}
	for _, o := range ix.ByKind[kind] {
		environment := kinds.Text(o.Body, "spec", "environment")
		place := []string{o.Cluster, o.Ref.Namespace, environment}
		for _, field := range owner {
			place = append(place, kinds.Text(o.Body, "spec", "owner", field))
		}
		if slices.Contains(place[3:], "") || environment == "" && kind != "Workload" {
			continue // the schema requires it
		}
		key := strings.Join(place, "\x00")
		before, again := first[key]
		if !again {
			first[key] = o
			continue
		}
		if before.Ref == o.Ref {
			continue // two documents for one object
		}
		ix.Report(o, path, trace.Error, trace.Finding{
			Code: code, Message: fmt.Sprintf("%s is for %s, and so is %s at %s", o.Ref, strings.TrimSpace(strings.Join(place[3:], "/")+" "+environment), before.Ref.Name, before.At(path)), Hint: hint,
		})
	}
}
