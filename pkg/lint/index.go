package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// finding is one fault of the repository, and its place.
type finding struct {
	trace.Finding
	place manifest.Place
	names []string // of other objects with the same fault
}

// rule looks at a repository for one kind of fault, and reports what it finds.
type rule func(*index)

// rules are those about one subject.
type rules struct {
	repository []rule // each for the whole repository
	cluster    []rule // each for what is applied to one cluster
}

// index is the repository, indexed, and what was found in it.
type index struct {
	*manifest.Repository
	schemas  *schemas.Set
	byKind   map[string][]*manifest.Object // OpenChoreo's kinds
	byRef    map[facts.Ref]*manifest.Object
	byOwner  map[owner][]*manifest.Object
	declared map[facts.Ref]bool
	needed   []bool // whether a reference needs that External
	flux     bool   // Flux applies objects of the repository
	versions versions
	// installed are objects of OpenChoreo's getting-started guide, which a repository need not declare.
	installed map[facts.Ref]schemas.Installed
	unchecked map[string]int // objects by API version and kind
	findings  []finding
	err       error
}

func newIndex(r *manifest.Repository, set *schemas.Set) *index {
	w := &index{
		Repository: r, schemas: set, declared: map[facts.Ref]bool{}, needed: make([]bool, len(r.External)), installed: map[facts.Ref]schemas.Installed{}, unchecked: map[string]int{},
	}
	w.byKind, w.byRef, w.byOwner = map[string][]*manifest.Object{}, map[facts.Ref]*manifest.Object{}, map[owner][]*manifest.Object{}
	for i := range r.Objects {
		o := &r.Objects[i]
		w.declared[o.Ref] = true
		if o.Ref.Group != kinds.OpenChoreo {
			continue
		}
		w.byKind[o.Ref.Kind] = append(w.byKind[o.Ref.Kind], o)
		if w.byRef[o.Ref] == nil {
			w.byRef[o.Ref] = o
		}
		of := owner{o.Ref.Kind, component(o)}
		w.byOwner[of] = append(w.byOwner[of], o)
	}
	for _, ref := range r.Declared {
		w.declared[ref] = true
		w.flux = w.flux || manifest.FamilyOf(ref) == manifest.FluxFamily
	}
	return w
}

// ref names an object of OpenChoreo. Every reference to a namespaced kind is resolved in the namespace of the object that
// refers (openchoreo v1.2.3 internal/controller/component/controller.go).
func ref(kind, namespace, name string) facts.Ref {
	if k, known := kinds.Lookup(kinds.OpenChoreo, kind); known && !k.Namespaced {
		namespace = ""
	}
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: namespace, Name: name}
}

// has reports whether an object is declared anywhere, also where it is not applied, which is said by itself. A file may
// leave the namespace to a Kustomization; a name with a variable in it, or one that stands in a file that cannot be read, is
// not known to be missing.
func (w *index) has(r facts.Ref) bool {
	anywhere := r
	anywhere.Namespace = ""
	return w.declared[r] || w.declared[anywhere] || strings.Contains(r.Name, "${") || slices.Contains(w.Unread, r.Name) || w.isExternal(r)
}

// isExternal reports whether an object is one of those that are declared elsewhere. It marks the entries that name it.
func (w *index) isExternal(r facts.Ref) bool {
	found := false
	for i, e := range w.External {
		if e.Matches(r) {
			w.needed[i], found = true, true
		}
	}
	return found
}

// find returns the object itself; nil where it is not applied, or not there.
func (w *index) find(r facts.Ref) *manifest.Object { return w.byRef[r] }

// owner is a component, and a kind of object that names it as its owner.
type owner struct {
	kind      string
	component facts.Ref
}

// owned are the objects of a kind that name a component as their owner.
func (w *index) owned(kind string, component facts.Ref) []*manifest.Object {
	return w.byOwner[owner{kind, component}]
}

// report adds a finding about a field of an object.
func (w *index) report(o *manifest.Object, path string, severity trace.Severity, f trace.Finding, names ...string) {
	w.reportAt(o.At(path), o.Ref, severity, f, names...)
}

func (w *index) reportAt(place manifest.Place, object facts.Ref, severity trace.Severity, f trace.Finding, names ...string) {
	f.Severity = severity
	f.Object = object
	w.findings = append(w.findings, finding{f, place, names})
}

// component is what a Workload, ReleaseBinding or ComponentRelease names as its owner.
func component(o *manifest.Object) facts.Ref {
	return ref("Component", o.Ref.Namespace, kinds.Text(o.Body, "spec", "owner", "componentName"))
}

func project(o *manifest.Object) string { return kinds.Text(o.Body, "spec", "owner", "projectName") }

// pinned is the release that a ReleaseBinding is for.
func pinned(binding *manifest.Object) facts.Ref {
	return ref("ComponentRelease", binding.Ref.Namespace, kinds.Text(binding.Body, "spec", "releaseName"))
}

// isUndeployed reports whether a ReleaseBinding removes the component from its environment.
func isUndeployed(binding *manifest.Object) bool {
	return kinds.Text(binding.Body, "spec", "state") == "Undeploy"
}

// kustomizationsOf returns the Flux Kustomizations that apply an object.
func (w *index) kustomizationsOf(o *manifest.Object) []manifest.Kustomization {
	var found []manifest.Kustomization
	for _, k := range w.Kustomizations {
		if slices.Contains(o.AppliedBy, k.Ref) {
			found = append(found, k)
		}
	}
	return found
}

// several is the first of some names, with the number of the others.
func several(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s, with %d more,", names[0], len(names)-1)
}
