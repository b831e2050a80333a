package build

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resmap"
	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// targets checks the targets of patches.
type targets struct{ *Builder }

// unmatchedTargets reports the patches of a build that change no object. What a patch has deleted is declared in a file, and what a
// Component changes may be in another build. A target without a name selects all objects of a kind, so that a base may have it for builds with
// such objects: it is reported only if its kind is nearly that of an object.
func (b targets) unmatchedTargets(folder string, built resmap.ResMap, ks facts.Ref, place manifest.Place) {
	all := b.memory().Targets(folder)
	if len(all) == 0 {
		return
	}
	objects := append(b.declaredIn(tree.Sorted(b.read)), b.bootstrapObjects(b.read)...)
	for _, r := range built.Resources() {
		objects = append(objects, r.CurId())
	}
	for _, t := range all {
		if word, message := b.faultOf(t, objects); message != "" {
			b.problem(manifest.TargetAbsent, b.placeOfTarget(t, word, ks, place), ks, message)
		}
	}
}

// faultOf returns the message about a target that selects none of some objects, and its word that is at fault; "" if it may be right.
func (b targets) faultOf(t offline.Target, objects []resid.ResId) (word, message string) {
	if t.IsOpen {
		return t.Kind, unknownKind(t, b.knownKinds())
	}
	near := ""
	if t.Name == "" {
		near = t.Near(objects)
	}
	switch {
	case t.Name+near == "" || t.Selects(objects) || (t.Component || t.Name == "") && b.isAnywhere(t):
		return "", ""
	case near == "":
		word = t.Name
		if named := (offline.Target{Selector: kustomize.Selector{ResId: resid.ResId{Name: t.Name}}}); t.Kind != "" && named.Selects(objects) {
			word = t.Kind
		}
		return word, fmt.Sprintf("the target %s of a patch is no object of this build: kustomize ignores the patch", strings.TrimSpace(t.Kind+" "+t.Name))
	}
	if word = t.Kind; strings.HasPrefix(near+".", t.Kind+".") {
		word = t.Group
	}
	return word, fmt.Sprintf("the target of a patch has the kind %s, and no object of this build has it, but %s: kustomize ignores the patch", written(t), near)
}

// unknownKind returns the message about a target whose objects are in another repository, if its kind is nearly a known one.
func unknownKind(t offline.Target, known map[string]bool) string {
	near := t.NearKind(known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("the target of a patch has the kind %s, which is not known: is %s meant? Kustomize ignores a patch whose target is no object of the build", t.Kind, near)
}

// knownKinds are those that lint knows, and those of the repository.
func (b targets) knownKinds() map[string]bool {
	if b.known == nil {
		b.known = kinds.Names()
		for _, documents := range b.parsed.Documents {
			for _, d := range documents {
				b.known[d.Ref.Kind] = true
				if d.Ref.Kind == "CustomResourceDefinition" {
					b.known[kinds.Text(d.Body, "spec", "names", "kind")] = true
				}
			}
		}
	}
	return b.known
}

// written returns the kind of a target, with its group.
func written(t offline.Target) string { return strings.TrimSuffix(t.Kind+"."+t.Group, ".") }

// isAnywhere reports whether a target selects an object of the repository. Many builds may include the same Component.
func (b targets) isAnywhere(t offline.Target) bool {
	found, known := b.anywhere[t.Selector]
	if !known {
		found = t.Selects(b.declaredIn(tree.Sorted(b.parsed.Documents)))
		b.anywhere[t.Selector] = found
	}
	return found
}

func (b targets) declaredIn(files []string) []resid.ResId {
	var declared []resid.ResId
	for _, name := range files {
		for _, d := range b.parsed.Documents[name] {
			gvk := d.Body.GroupVersionKind()
			declared = append(declared, resid.NewResIdWithNamespace(resid.NewGvk(gvk.Group, gvk.Version, gvk.Kind), d.Body.GetName(), d.Body.GetNamespace()))
		}
	}
	return declared
}

// placeOfTarget returns the line of a word of a target: in a kustomization.yaml, else in the file of the Flux Kustomization. Several clusters
// may have one of that name: it is the one with such a target. If there is none, a parent has added the patch. The object may also be
// generated.
func (b targets) placeOfTarget(t offline.Target, word string, ks facts.Ref, otherwise manifest.Place) manifest.Place {
	fields := map[string]string{"kind": t.Kind, "name": t.Name}
	lineIn := func(file string) int { return b.parsed.LineBelow(file, "target", fields, word) }
	own, others := b.filesWithPatches(ks)
	if t.File != "" {
		own, others = []string{t.File}, nil
	}
	for _, file := range slices.Concat(own, others) {
		if line := lineIn(file); line > 0 {
			return manifest.Place{File: file, Line: line}
		}
	}
	if len(own) == 0 {
		return otherwise
	}
	return manifest.Place{File: own[0], Line: b.parsed.LinesOf(own[0], word)[0]}
}

// filesWithPatches returns the files of a Flux Kustomization, whose namespace a kustomization.yaml may set, and all other files that may patch
// it: those of Kustomizations, and kustomization files.
func (b targets) filesWithPatches(ks facts.Ref) (own, others []string) {
	for _, name := range tree.Sorted(b.parsed.Files) {
		isOwn, isOther := false, tree.IsKustomizationFile(name)
		for _, d := range b.parsed.Documents[name] {
			isOther = isOther || d.Ref.Group == ks.Group && d.Ref.Kind == ks.Kind
			isOwn = isOwn || d.Ref.Group == ks.Group && d.Ref.Kind == ks.Kind && d.Ref.Name == ks.Name && (d.Ref.Namespace == ks.Namespace || d.Ref.Namespace == "")
		}
		if isOwn {
			own = append(own, name)
		} else if isOther {
			others = append(others, name)
		}
	}
	return own, others
}
