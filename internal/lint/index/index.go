// Package index is what the rules of lint share: the Repository, indexed, and the findings so far.
package index

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/versions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Finding is one fault of the repository, and its place.
type Finding struct {
	trace.Finding
	Place manifest.Place
	Names []string // of other objects with the same fault
}

// Rule looks at a repository for one kind of fault, and reports what it finds.
type Rule func(*Index)

// Rules are those about one subject.
type Rules struct {
	Repository []Rule // each for the whole repository
	Cluster    []Rule // each for what is applied to one cluster
}

// Index is the repository, indexed, and what was found in it.
type Index struct {
	*manifest.Repository
	Schemas      *schemas.Set
	ByKind       map[string][]*manifest.Object // OpenChoreo's kinds
	byRef        map[facts.Ref]*manifest.Object
	byOwner      map[owner][]*manifest.Object
	DeclaredRefs map[facts.Ref]bool
	openNames    openNames
	Needed       []bool // whether a reference needs that External
	Flux         bool   // Flux applies objects of the repository
	Versions     versions.Versions
	// Installed are objects of OpenChoreo's getting-started guide, which a repository need not declare.
	Installed map[facts.Ref]schemas.Installed
	Unchecked map[string]int // objects by API version and kind
	Findings  []Finding
	Err       error
}

// New indexes a repository.
func New(r *manifest.Repository, set *schemas.Set) *Index {
	ix := &Index{
		Repository: r, Schemas: set, DeclaredRefs: make(map[facts.Ref]bool, len(r.Declared)), Needed: make([]bool, len(r.External)), Installed: map[facts.Ref]schemas.Installed{}, Unchecked: map[string]int{},
	}
	ix.openNames = openNames{}
	ix.ByKind, ix.byRef, ix.byOwner = map[string][]*manifest.Object{}, map[facts.Ref]*manifest.Object{}, map[owner][]*manifest.Object{}
	for i := range r.Objects {
		o := &r.Objects[i]
		ix.DeclaredRefs[o.Ref] = true
		ix.openNames.add(o.Ref)
		if o.Ref.Group != kinds.OpenChoreo {
			continue
		}
		ix.ByKind[o.Ref.Kind] = append(ix.ByKind[o.Ref.Kind], o)
		if ix.byRef[o.Ref] == nil {
			ix.byRef[o.Ref] = o
		}
		of := owner{o.Ref.Kind, Component(o)}
		ix.byOwner[of] = append(ix.byOwner[of], o)
	}
	for _, ref := range r.Declared {
		ix.DeclaredRefs[ref] = true
		ix.Flux = ix.Flux || manifest.FamilyOf(ref) == manifest.FluxFamily
	}
	return ix
}

// Ref names an object of OpenChoreo. Every reference to a namespaced kind is resolved in the namespace of the object that
// refers (openchoreo v1.2.3 internal/controller/component/controller.go).
func Ref(kind, namespace, name string) facts.Ref {
	if k, known := kinds.Lookup(kinds.OpenChoreo, kind); known && !k.Namespaced {
		namespace = ""
	}
	return facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: namespace, Name: name}
}

// Has reports whether an object is declared anywhere, also where it is not applied, which another rule reports. A file may
// leave the namespace to a Kustomization; a name with a variable in it, one that an object with a variable in its name may have, or one in a
// file that cannot be read, is not known to be missing.
func (ix *Index) Has(r facts.Ref) bool {
	anywhere := r
	anywhere.Namespace = ""
	return ix.DeclaredRefs[r] || ix.DeclaredRefs[anywhere] || strings.Contains(r.Name, "${") || slices.Contains(ix.Unread, r.Name) || ix.openNames.mayBe(r) || ix.isExternal(r)
}

// isExternal reports whether an object is one of those that are declared elsewhere. It marks the entries that name it.
func (ix *Index) isExternal(r facts.Ref) bool {
	found := false
	for i, e := range ix.External {
		if e.Matches(r) {
			ix.Needed[i], found = true, true
		}
	}
	return found
}

// Find returns the object itself; nil where it is not applied, or not there.
func (ix *Index) Find(r facts.Ref) *manifest.Object { return ix.byRef[r] }

// owner is a component, and a kind of object that names it as its owner.
type owner struct {
	kind      string
	component facts.Ref
}

// Owned are the objects of a kind that name a component as their owner.
func (ix *Index) Owned(kind string, component facts.Ref) []*manifest.Object {
	return ix.byOwner[owner{kind, component}]
}

// Report adds a finding about a field of an object.
func (ix *Index) Report(o *manifest.Object, path string, severity trace.Severity, f trace.Finding, names ...string) {
	ix.ReportAt(o.At(path), o.Ref, severity, f, names...)
}

// ReportAt adds a finding about a position in a file.
func (ix *Index) ReportAt(place manifest.Place, object facts.Ref, severity trace.Severity, f trace.Finding, names ...string) {
	f.Severity = severity
	f.Object = object
	ix.Findings = append(ix.Findings, Finding{f, place, names})
}

// Component is what a Workload, ReleaseBinding or ComponentRelease names as its owner.
func Component(o *manifest.Object) facts.Ref {
	return Ref("Component", o.Ref.Namespace, kinds.Text(o.Body, "spec", "owner", "componentName"))
}

// Project is the project that an object names as its owner.
func Project(o *manifest.Object) string { return kinds.Text(o.Body, "spec", "owner", "projectName") }

// Pinned is the release that a ReleaseBinding is for.
func Pinned(binding *manifest.Object) facts.Ref {
	return Ref("ComponentRelease", binding.Ref.Namespace, kinds.Text(binding.Body, "spec", "releaseName"))
}

// IsUndeployed reports whether a ReleaseBinding removes the component from its environment.
func IsUndeployed(binding *manifest.Object) bool {
	return kinds.Text(binding.Body, "spec", "state") == "Undeploy"
}

// KustomizationsOf returns the Flux Kustomizations that apply an object.
func (ix *Index) KustomizationsOf(o *manifest.Object) []manifest.Kustomization {
	var found []manifest.Kustomization
	for _, k := range ix.Kustomizations {
		if slices.Contains(o.AppliedBy, k.Ref) {
			found = append(found, k)
		}
	}
	return found
}

// Several is the first of some names, with the number of the others.
func Several(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s, with %d more,", names[0], len(names)-1)
}
