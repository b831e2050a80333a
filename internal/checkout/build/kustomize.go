package build

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// objectsOf builds the objects of a delivery. kustomize-controller adds the fields of the spec to the kustomization.yaml of the
// folder. If there is none, it generates one that lists all files (fluxcd/pkg kustomize/kustomize_generator.go). This function
// generates a kustomization around the folder instead, with the same result. If the spec has no such fields, kustomize is not
// called.
func (b *Builder) objectsOf(d Delivery, around kustomize.Kustomization, needsKustomize bool) []manifest.Object {
	switch {
	case !b.parsed.HasFolder(d.Folder):
		return nil
	case d.Content.AsIs:
		return defaultNamespace(d.Content.Namespace, b.buildAsIs(d))
	}
	around.Components = b.components(d, around.Components)
	switch {
	case b.parsed.KustomizationFile(d.Folder) != "":
		around.Resources = []string{offline.Path(d.Folder)}
		return b.run(around, d.Ref, b.placeOf(d))
	case needsKustomize:
		around.Resources = b.scan(d.Folder, d.Ref)
		return b.run(around, d.Ref, b.placeOf(d))
	}
	return inNamespace(around.Namespace, b.plain(d.Folder, d.Ref))
}

// components returns paths relative to the folder of the Kustomization. With spec.ignoreMissingComponents it omits missing
// folders.
func (b *Builder) components(d Delivery, names []string) []string {
	var found []string
	for _, name := range names {
		folder := path.Join(d.Folder, name)
		if b.parsed.HasFolder(folder) || !kinds.Bool(d.Body, "spec", "ignoreMissingComponents") {
			found = append(found, offline.Path(folder))
		}
	}
	return found
}

// placeOf returns the place of a build failure whose message names no file: a component of the Kustomization that does not exist, or the
// kustomization.yaml.
func (b *Builder) placeOf(d Delivery) manifest.Place {
	around, _ := specOf(d.Body)
	for i, name := range around.Components {
		if d.Document != nil && !b.parsed.HasFolder(path.Join(d.Folder, name)) && !kinds.Bool(d.Body, "spec", "ignoreMissingComponents") {
			return d.Document.At(fmt.Sprintf("spec.components[%d]", i))
		}
	}
	if file := b.parsed.KustomizationFile(d.Folder); file != "" {
		return manifest.Place{File: file, Line: 1}
	}
	if d.Document != nil {
		return d.Document.At("spec.path")
	}
	return manifest.Place{File: d.Folder}
}

// plain takes all files below a folder unchanged, and builds the subfolders that have a kustomization.yaml.
func (b *Builder) plain(folder string, ks facts.Ref) []manifest.Object {
	files, folders := b.Found(folder)
	var objects []manifest.Object
	for _, file := range files {
		if !b.usable(file, ks) {
			continue
		}
		for _, d := range b.parsed.Documents[file] {
			objects = append(objects, manifest.Object{Ref: d.Ref, Body: d.Body, Document: d, File: file})
		}
	}
	parts := [][]manifest.Object{objects}
	for _, folder := range folders {
		place := manifest.Place{File: b.parsed.KustomizationFile(folder), Line: 1}
		parts = append(parts, b.run(kustomize.Kustomization{Resources: []string{offline.Path(folder)}}, ks, place))
	}
	return slices.Concat(parts...)
}

// inNamespace applies kustomize's namespace transformation, including the name of a Namespace (kustomize
// api/internal/konfig/builtinpluginconsts/namespace.go). Kustomize takes minutes for thousands of objects.
func inNamespace(namespace string, objects []manifest.Object) []manifest.Object {
	if namespace == "" {
		return objects
	}
	for i, o := range objects {
		set := o.Body.DeepCopy()
		if kind, known := kinds.Lookup(o.Ref.Group, o.Ref.Kind); !known || kind.Namespaced {
			set.SetNamespace(namespace)
		} else if o.Ref.Kind == "Namespace" {
			set.SetName(namespace)
		}
		objects[i].Body, objects[i].Ref = set, manifest.RefOf(set)
	}
	return objects
}

// scan returns the resources of a generated kustomization.yaml.
func (b *Builder) scan(folder string, ks facts.Ref) []string {
	files, folders := b.Found(folder)
	files = slices.DeleteFunc(files, func(file string) bool { return !b.usable(file, ks) })
	resources := slices.Concat(files, folders)
	for i := range resources {
		resources[i] = offline.Path(resources[i])
	}
	return resources
}

// Found returns the YAML files below a folder, and the folders with a kustomization.yaml. It does not search below the latter.
func (b *Builder) Found(folder string) (files, folders []string) {
	known := map[string]bool{}
	for _, name := range b.parsed.Below(folder) {
		if !tree.IsYAML(name) && !tree.IsKustomizationFile(name) || b.excluded[name] {
			continue
		}
		if nested := b.nested(name, folder); nested != "" {
			if !known[nested] {
				known[nested] = true
				folders = append(folders, nested)
			}
			continue
		}
		files = append(files, name)
	}
	return files, folders
}

// nested returns the outermost folder between folder and a file that has a kustomization.yaml, or "" if there is none.
func (b *Builder) nested(name, folder string) string {
	outermost := ""
	for f := path.Dir(name); f != folder && f != "."; f = path.Dir(f) {
		if b.parsed.KustomizationFile(f) != "" {
			outermost = f
		}
	}
	return outermost
}

// run builds kustomizations. Kustomize runs only if they do more than list resources.
func (b *Builder) run(around kustomize.Kustomization, ks facts.Ref, place manifest.Place) []manifest.Object {
	if l, ok := b.listed(around); ok {
		b.read = l.read
		maps.Copy(b.result.Used, l.read)
		return l.objects
	}
	b.read = nil
	return b.kustomize(around, ks, place)
}

// kustomize runs kustomize build. It records a failure unless one of the files is invalid YAML, which collectBroken reports.
func (b *Builder) kustomize(around kustomize.Kustomization, ks facts.Ref, place manifest.Place) []manifest.Object {
	around.BuildMetadata = []string{kustomize.OriginAnnotations}
	b.made++
	folder := fmt.Sprintf("/kubectl-choreo-%d", b.made)
	if err := b.memory().PutKustomization(folder, around); err != nil {
		b.problem(manifest.NotBuilt, place, ks, err.Error())
		return nil
	}
	if b.memory().GrowsTooMuch(path.Join(folder, "kustomization.yaml"), b.parsed.Tree) {
		b.problem(manifest.NotBuilt, place, ks, "was not built: its patches and replacements would copy values into themselves repeatedly")
		return nil
	}
	read := b.memory().RecordReads()
	b.read = read
	built, err := offline.Build(b.memory(), folder)
	for err != nil && b.retryWithout(b.memory().SkipUnmatched(err.Error(), folder), ks, place) {
		built, err = offline.Build(b.memory(), folder)
	}
	for name := range read {
		if err != nil || b.parsed.Broken[name] == nil { // else it is the input of a generator, which need not be YAML
			b.result.Used[name] = true
		}
	}
	if err == nil {
		targets{b}.unmatchedTargets(folder, built, ks, place)
		return b.objects(built)
	}
	b.leaveOpen(read)
	faults{b}.failed(err, folder, ks, place)
	return nil
}

// retryWithout reports the changes that were removed from a build. It returns whether there are any.
func (b *Builder) retryWithout(skipped []offline.SkippedChange, ks facts.Ref, place manifest.Place) bool {
	for _, c := range skipped {
		object, name := c.Object, c.Object
		if strings.Contains(object, "/") && !strings.HasPrefix(object, "/") {
			id := resid.FromString(object)
			name = id.Name
			object = facts.Ref{Kind: id.Kind, Namespace: id.Namespace, Name: id.Name}.String()
		}
		at := place
		if c.File != "" {
			at = manifest.Place{File: c.File, Line: b.parsed.LinesOf(c.File, name)[0]}
		}
		b.problem(manifest.RemoteNotFetched, at, ks, fmt.Sprintf("the changes to %s were not checked: it is not in this repository, and may come from %s", object, c.Remote))
	}
	return len(skipped) > 0
}

// leaveOpen marks all files below the kustomizations of a failed build. Kustomize stops at the first error, so it may not have
// read some of them.
func (b *Builder) leaveOpen(read map[string]bool) {
	for file := range read {
		if !tree.IsKustomizationFile(file) {
			continue
		}
		for _, name := range b.parsed.Below(path.Dir(file)) {
			b.result.Undecided[name] = true
		}
	}
}

func (b *Builder) anyBroken(read map[string]bool) bool {
	for name := range read {
		if b.parsed.Broken[name] != nil {
			return true
		}
	}
	return false
}
