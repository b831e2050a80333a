// Package reasons finds out why what is applied differs from what a file declares: the pattern that excludes the file, the patch that removes
// the object or sets a field, or the variable that a value comes from, with file and line.
package reasons

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/revision"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// Reason is a pattern, a patch or a variable.
type Reason struct {
	Text  string         // such as: the pattern "/apps" of .sourceignore
	Place manifest.Place // the zero Place if only the cluster has it
}

// Finder finds reasons in a clone.
type Finder struct {
	clone   revision.Clone
	applied []*unstructured.Unstructured
	nodes   map[string][]*yaml.Node // of files that were read
}

// New returns a Finder. applied are the deliveries in the cluster that count, with their sources.
func New(clone revision.Clone, applied []*unstructured.Unstructured) *Finder {
	return &Finder{clone: clone, applied: applied, nodes: map[string][]*yaml.Node{}}
}

// Set returns what sets a field of an object to another value than its file; false if that is not known.
func (f *Finder) Set(o manifest.Object, field string) (Reason, bool) {
	if o.Document == nil {
		return Reason{}, false
	}
	raw, built := drift.At(o.Document.Body.Object, field), drift.At(o.Body.Object, field)
	if fmt.Sprint(raw) == fmt.Sprint(built) {
		return Reason{}, false
	}
	if text, ok := raw.(string); ok {
		if r, found := f.variable(o, text); found {
			return r, true
		}
	}
	for _, p := range f.patches(o.AppliedBy) {
		if line, found := p.sets(o.Document.Ref, o.Document.Body, field); found {
			return Reason{"a patch", p.at(line)}, true
		}
	}
	return Reason{}, false
}

// document returns the object in a file, whose namespace a kustomization.yaml may set.
func (f *Finder) document(file string, object facts.Ref) *manifest.Document {
	text, known := f.clone.Files.Files[file]
	if !known {
		text = f.clone.Files.Excluded[file]
	}
	parsed, _ := manifest.Parse(file, text) // up to a syntax error
	for i, d := range parsed.Documents {
		same := d.Ref.Group == object.Group && d.Ref.Kind == object.Kind && (object.Name == "" || d.Ref.Name == object.Name)
		if same && (d.Ref.Namespace == "" || object.Namespace == "" || d.Ref.Namespace == object.Namespace) {
			return &parsed.Documents[i]
		}
	}
	return nil
}

// declared returns the document of a delivery or a source; nil if only the cluster has it.
func (f *Finder) declared(ref facts.Ref) *manifest.Document {
	for _, k := range f.clone.Kustomizations {
		if k.Ref == ref && k.Document != nil && k.File != revision.ClusterFile {
			return k.Document
		}
	}
	for _, o := range f.clone.Objects {
		if o.Ref == ref && o.Document != nil {
			return o.Document
		}
	}
	for _, file := range f.clone.Files.Names { // a person or a bootstrap applies it
		text := f.clone.Files.Files[file]
		if file == revision.ClusterFile || !bytes.Contains(text, []byte(ref.Kind)) || !bytes.Contains(text, []byte(ref.Name)) {
			continue
		}
		if d := f.document(file, ref); d != nil {
			return d
		}
	}
	return nil
}

var variableName = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)`)

// variable returns where a variable of a text has its value: in the Kustomization, which has priority, or in a ConfigMap.
func (f *Finder) variable(o manifest.Object, text string) (Reason, bool) {
	for _, m := range variableName.FindAllStringSubmatch(text, -1) {
		for _, k := range f.clone.Kustomizations {
			if !slices.Contains(o.AppliedBy, k.Ref) || k.Cluster != o.Cluster && len(o.AppliedBy) > 1 {
				continue
			}
			if r, found := f.valueOf(m[1], k, o.Cluster); found {
				return r, true
			}
		}
	}
	return Reason{}, false
}

func (f *Finder) valueOf(name string, k manifest.Kustomization, cluster string) (Reason, bool) {
	inline, _, _ := unstructured.NestedMap(k.Body.Object, "spec", "postBuild", "substitute")
	if _, found := inline[name]; found {
		return Reason{fmt.Sprintf("the variable %s of %s", name, k.Ref), f.placeIn(k.Ref, "spec.postBuild.substitute."+name)}, true
	}
	from := kinds.Items(k.Body, "spec", "postBuild", "substituteFrom")
	for _, entry := range slices.Backward(from) { // the last one has priority
		ref := facts.Ref{Plane: facts.Control, Kind: kinds.String(entry, "kind"), Namespace: k.Ref.Namespace, Name: kinds.String(entry, "name")}
		if ref.Kind != "ConfigMap" {
			return Reason{}, false // a Secret is not read, and may have it
		}
		for _, o := range f.clone.Objects {
			if o.Ref != ref || o.Cluster != cluster {
				continue
			}
			if _, found := kinds.Fields(o.Body.Object, "data")[name]; found {
				return Reason{fmt.Sprintf("the variable %s of %s", name, ref), o.At("data." + name)}, true
			}
		}
	}
	return Reason{}, false
}

// placeIn returns the place of a field; the zero Place if only the cluster has the object.
func (f *Finder) placeIn(ref facts.Ref, field string) manifest.Place {
	if d := f.declared(ref); d != nil {
		return d.At(field)
	}
	return manifest.Place{}
}
