// Package schemas validates objects against the CustomResourceDefinitions of OpenChoreo, Flux and Argo CD without an API server:
// unknown fields, types, required fields, enumerations, and CEL rules. It does not run admission webhooks.
//
// The definitions are data of their authors, all under the Apache License 2.0, without descriptions and status:
// https://github.com/openchoreo/openchoreo v1.0.0, v1.1.6 and v1.2.3; https://github.com/fluxcd (kustomize-controller and
// source-controller v1.10.1, helm-controller v1.7.1, notification-controller v1.10.0, image-reflector-controller and
// image-automation-controller v1.3.0, source-watcher v2.3.1); https://github.com/controlplaneio-fluxcd/flux-operator v0.59.0;
// https://github.com/argoproj/argo-cd v3.6.1. `make schemas` regenerates them.
package schemas

import (
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	runtime "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
)

//go:generate make -C ../.. schemas

// Newest is the newest release of OpenChoreo whose definitions are known.
const Newest = "1.2"

// OpenChoreo is the API group of OpenChoreo.
const OpenChoreo = "openchoreo.dev"

// Releases returns the releases of OpenChoreo whose definitions are known, the newest one last.
func Releases() []string { return []string{"1.0", "1.1", Newest} }

// Violation is one reason for which the API server would reject an object.
type Violation struct {
	Path    string // of the field, such as spec.endpoints[http].port
	Message string
	Value   any // the value in the field; nil if there is none
	// Unknown reports that the kind has no such field. Beside are the fields that it has in the same place.
	Unknown bool
	Beside  []string
}

// Installed is an object that OpenChoreo's getting-started guide installs (samples/getting-started/all.yaml).
type Installed struct {
	Kind         string `json:"kind"`
	Namespace    string `json:"namespace"` // "" for a cluster-scoped kind
	Name         string `json:"name"`
	WorkloadType string `json:"workloadType"` // of a type
}

// Set holds the definitions. Each is compiled at its first use. A Set is safe for concurrent use.
type Set struct {
	families map[string]func() (*family, error)
}

// New returns the embedded definitions. They are read when they are first needed.
func New() *Set {
	s := &Set{families: map[string]func() (*family, error){}}
	for _, name := range []string{openChoreo, flux, argoCD} {
		s.families[name] = lazily(name)
	}
	return s
}

// Knows reports whether a release of OpenChoreo, or the newest Flux or Argo CD, has a kind in that API version.
func (s *Set) Knows(release string, kind runtime.GroupVersionKind) bool {
	f, err := s.family(kind.Group)
	if err != nil {
		return false
	}
	_, ok := f.find(release, kind)
	return ok
}

// NewestVersion returns the newest known API version of a kind of Flux or Argo CD; "" if the kind is not known.
func (s *Set) NewestVersion(kind runtime.GroupKind) string {
	f, err := s.family(kind.Group)
	if err != nil {
		return ""
	}
	newest := ""
	for known := range f.Releases[""] {
		if parts := strings.Split(known, "/"); parts[0] == kind.Group && parts[2] == kind.Kind && version.CompareKubeAwareVersionStrings(parts[1], newest) > 0 {
			newest = parts[1]
		}
	}
	return newest
}

// Installed returns what the getting-started guide of a release of OpenChoreo installs.
func (s *Set) Installed(release string) ([]Installed, error) {
	f, err := s.family(OpenChoreo)
	if err != nil {
		return nil, err
	}
	return f.Installed[release], nil
}

// Check validates an object against the definition of its kind. Release is one of OpenChoreo; the others have one only. With former,
// the previous state of the object, it also checks transition rules, such as immutability. An error means that the definition
// itself is unusable.
func (s *Set) Check(release string, body, former *unstructured.Unstructured) ([]Violation, error) {
	kind := body.GroupVersionKind()
	f, err := s.family(kind.Group)
	if err != nil {
		return nil, err
	}
	c, err := f.compile(release, kind)
	if err != nil {
		return nil, fmt.Errorf("compile the definition of %s: %w", kind, err)
	}
	complete := body.DeepCopy().Object
	delete(complete, "status") // clients may send it; the API server ignores it
	var found []Violation
	for _, path := range c.prune(complete) {
		found = append(found, Violation{Path: path, Message: unknownField(release, kind, path), Unknown: true, Beside: c.beside(path)})
	}
	for _, e := range c.validate(complete, former) {
		found = append(found, Violation{Path: e.Field, Message: e.Error(), Value: e.BadValue})
	}
	return found, nil
}

// Complete returns an object with the defaults of its definition, as an API server stores it. An object without a definition is returned
// as it is.
func (s *Set) Complete(release string, body *unstructured.Unstructured) *unstructured.Unstructured {
	return s.changed(release, body, (*compiled).complete)
}

// WithoutZeroValues returns an object as a controller stores it whose Go types omit empty values: without false, 0, "" and empty lists in the
// fields of its definition that have no default. Free-form fields are kept, and so is an object without a definition.
func (s *Set) WithoutZeroValues(release string, body *unstructured.Unstructured) *unstructured.Unstructured {
	return s.changed(release, body, (*compiled).omitZeroValues)
}

// changed returns a changed copy of an object, and the object itself if it has no definition.
func (s *Set) changed(release string, body *unstructured.Unstructured, change func(c *compiled, object any)) *unstructured.Unstructured {
	f, err := s.family(body.GroupVersionKind().Group)
	if err != nil {
		return body
	}
	c, err := f.compile(release, body.GroupVersionKind())
	if err != nil {
		return body
	}
	body = body.DeepCopy()
	change(c, body.Object)
	return body
}

func unknownField(release string, kind runtime.GroupVersionKind, path string) string {
	if kind.Group == OpenChoreo {
		return fmt.Sprintf("OpenChoreo %s has no field %s in %s", release, path, kind.Kind)
	}
	return fmt.Sprintf("%s of %s has no field %s", kind.Kind, kind.GroupVersion(), path)
}

var errUnknownGroup = errors.New("no definitions of this API group")

func (s *Set) family(group string) (*family, error) {
	name := ""
	switch {
	case group == OpenChoreo:
		name = openChoreo
	case strings.HasSuffix(group, ".fluxcd.io"), group == "fluxcd.controlplane.io":
		name = flux
	case group == "argoproj.io":
		name = argoCD
	default:
		return nil, errUnknownGroup
	}
	return s.families[name]()
}
