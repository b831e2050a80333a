package build

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/files"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/offline"
	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

const originAnnotation = "config.kubernetes.io/origin"

// objects returns the objects that kustomize has built, each with its document.
func (b *Builder) objects(built resmap.ResMap) []manifest.Object {
	var objects []manifest.Object
	for _, r := range built.Resources() {
		body, err := bodyOf(r)
		if err != nil {
			continue // kustomize has just written it
		}
		objects = append(objects, manifest.Object{Ref: manifest.RefOf(body), Body: body, File: originOf(r), Line: lineOf(b.parsed, r)})
	}
	b.match(objects)
	return objects
}

// match finds the document of each object among those of its file. Kustomize may have changed the namespace, added a prefix or
// suffix to the name, or renamed the object in a patch. So the strictest comparison runs first.
func (b *Builder) match(objects []manifest.Object) {
	taken := map[*manifest.Document]bool{}
	for _, fits := range []func(was, is facts.Ref) bool{
		func(was, is facts.Ref) bool { return was == is },
		func(was, is facts.Ref) bool { return was.Name == is.Name },
		func(was, is facts.Ref) bool { return was.Name != "" && strings.Contains(is.Name, was.Name) },
		func(_, _ facts.Ref) bool { return true },
	} {
		for i, o := range objects {
			for _, d := range b.parsed.Documents[o.File] {
				if objects[i].Document == nil && !taken[d] && d.Ref.Kind == o.Ref.Kind && d.Ref.Group == o.Ref.Group && fits(d.Ref, o.Ref) {
					objects[i].Document, taken[d] = d, true
				}
			}
		}
	}
}

func bodyOf(r *resource.Resource) (*unstructured.Unstructured, error) {
	text, err := r.MarshalJSON()
	if err != nil {
		return nil, err
	}
	u, err := manifest.FromJSON(text)
	if err != nil {
		return nil, err
	}
	annotations := u.GetAnnotations()
	delete(annotations, originAnnotation)
	u.SetAnnotations(annotations)
	if len(annotations) == 0 {
		unstructured.RemoveNestedField(u.Object, "metadata", "annotations")
	}
	return u, nil
}

// originOf returns the file of a resource, or the kustomization.yaml that generates it.
func originOf(r *resource.Resource) string {
	origin, err := r.GetOrigin()
	if err != nil || origin == nil {
		return ""
	}
	name := origin.Path
	if name == "" {
		name = origin.ConfiguredIn
	}
	return strings.TrimPrefix(path.Join("/x", name), offline.Root+"/")
}

// lineOf returns the line of a generated object in its kustomization.yaml; 0 for other objects.
func lineOf(parsed *files.Parsed, r *resource.Resource) int {
	origin, err := r.GetOrigin()
	if err != nil || origin == nil {
		return 0
	}
	// A builtin has the kind of its field: ConfigMapGenerator, SecretGenerator (kustomize api/internal/target/kusttarget_configplugin.go).
	by := origin.ConfiguredBy
	if by.APIVersion != "builtin" || by.Kind == "" {
		return 0
	}
	return parsed.LineOfGenerator(originOf(r), strings.ToLower(by.Kind[:1])+by.Kind[1:], r.GetName())
}

// usable reports whether a generated kustomization.yaml can include a file. One document that is not an object makes the whole
// Kustomization fail (fluxcd/pkg kustomize/kustomize_generator.go:scanManifests).
func (b *Builder) usable(file string, ks facts.Ref) bool {
	b.result.Used[file] = true
	if b.parsed.Broken[file] != nil {
		return false
	}
	nonObjects := b.parsed.NonObjects[file]
	for _, o := range nonObjects {
		b.problem(manifest.NotBuilt, o.Place, ks, "a document without kind, apiVersion or metadata.name: every file below the path must hold Kubernetes objects")
	}
	return len(nonObjects) == 0
}

var (
	quotedWord = regexp.MustCompile(`'([^']+)'|"([^"]+)"`)
	// patchFile is the file of a patch in the message about its absence. The quotes before it need not be in pairs.
	patchFile = regexp.MustCompile(`from path\(([^)]+)\)`)
	// noPatch is the file of a patch that is neither an object nor a list of operations (kustomize api/internal/builtins/PatchTransformer.go).
	noPatch = regexp.MustCompile(`unable to parse SM or JSON patch from \[path: \\?"([^"\\]+)`)
	// noObject is the file of a document that is no object (kustomize kyaml/yaml/rnode.go:GetValidatedMetadata).
	noObject = regexp.MustCompile(`accumulating resources from '([^']+)': missing (?:kind|metadata\.name) in object`)
	// noPatchObject is the missing field of a patch, and its API version, in a message without the file (kustomize
	// api/internal/builtins/PatchStrategicMergeTransformer.go).
	noPatchObject = regexp.MustCompile(`missing (kind|metadata\.name) in object \{\{(\S*) `)
	// noField is the path of an operation of a JSON patch that the object does not have (github.com/evanphx/json-patch patch.go).
	noField = regexp.MustCompile(`doc is missing (?:path|key): \\?"?(/[^"\\:\s]+)`)
)

// placeOfNonObject returns the place of the document that a message is about, if it is no object.
func (b *Builder) placeOfNonObject(message string, read map[string]bool) (manifest.Place, bool) {
	m := noObject.FindStringSubmatch(message)
	if m == nil {
		return strayPatch(b.parsed, message, read)
	}
	for _, name := range tree.Sorted(read) {
		if nonObjects := b.parsed.NonObjects[name]; len(nonObjects) > 0 && path.Base(name) == path.Base(m[1]) {
			return nonObjects[0].Place, true
		}
	}
	return manifest.Place{}, false
}

// patchItself returns the place in the file of a patch that kustomize cannot use.
func (b *Builder) patchItself(message string, kustomizations []string) (manifest.Place, bool) {
	m := noPatch.FindStringSubmatch(message)
	for _, name := range kustomizations {
		if m == nil || len(files.ScalarLines(b.parsed.Files[name], m[1])) == 0 {
			continue
		}
		file := path.Join(path.Dir(name), m[1])
		if nonObjects := b.parsed.NonObjects[file]; len(nonObjects) > 0 {
			return nonObjects[0].Place, true
		}
		if b.parsed.Files[file] != nil {
			return manifest.Place{File: file, Line: 1}, true
		}
	}
	return manifest.Place{}, false
}

// missingAt reports which field the document at a place lacks.
func missingAt(parsed *files.Parsed, at manifest.Place) string {
	for _, o := range parsed.NonObjects[at.File] {
		if o.Place == at && o.Missing != "" {
			return "; the document has no " + o.Missing
		}
	}
	return ""
}

// ignoredIn reports which file of an error message is in the checkout, but not in the artifact.
func ignoredIn(t *tree.Tree, message string) string {
	for _, m := range quotedWord.FindAllStringSubmatch(offline.CleanMessage(message), -1) {
		name := strings.TrimPrefix(m[1]+m[2], offline.Root+"/")
		if _, out := t.Excluded[name]; out {
			return "; source-controller leaves " + name + " out of the artifact: to include it, add !/" + name + " to .sourceignore"
		}
	}
	return ""
}

// brokenKustomization returns the place of the first kustomization.yaml among the read files that is not valid YAML.
func brokenKustomization(t *tree.Tree, read map[string]bool) (manifest.Place, string) {
	for _, name := range tree.Sorted(read) {
		if !tree.IsKustomizationFile(name) {
			continue
		}
		var broken *manifest.SyntaxError
		if _, err := manifest.Parse(name, t.Files[name]); errors.As(err, &broken) {
			return broken.Place, broken.Message
		}
	}
	return manifest.Place{}, ""
}

// blamed returns the place of a kustomize error: the line of a kustomization.yaml that names a missing or rejected file. It
// prefers the innermost kustomization.yaml, which was read last.
func (b *Builder) blamed(message string, read map[string]bool, place manifest.Place) manifest.Place {
	if at, found := b.placeOfNonObject(message, read); found {
		return at
	}
	var words []string
	for _, m := range quotedWord.FindAllStringSubmatch(message, -1) {
		words = append(words, m[1]+m[2])
	}
	if m := patchFile.FindStringSubmatch(message); m != nil {
		words = append(words, m[1])
	}
	slices.Reverse(words)
	var kustomizations []string
	for _, name := range tree.Sorted(read) {
		if tree.IsKustomizationFile(name) {
			kustomizations = append(kustomizations, name)
		}
	}
	slices.SortStableFunc(kustomizations, func(x, y string) int { return strings.Count(y, "/") - strings.Count(x, "/") })
	if at, found := b.patchItself(message, kustomizations); found {
		return at
	}
	if at, found := operation(b.parsed, offline.CleanMessage(message), words, read); found {
		return at
	}
	isMissing := strings.Contains(message, "doesn't exist") || strings.Contains(message, "failed to get the patch file")
	for _, word := range words {
		for _, name := range kustomizations {
			if lines := files.ScalarLines(b.parsed.Files[name], word); len(lines) > 0 && (!isMissing || !b.parsed.Exists(path.Join(path.Dir(name), word))) {
				return manifest.Place{File: name, Line: lines[0]}
			}
		}
	}
	return place
}
