package kube

import (
	"errors"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// errUnread means that this program never reads that kind.
var errUnread = errors.New("is never read")

// invalidError means that no object can have the name of a reference, so it cannot be requested.
type invalidError struct{ error }

// objectPath returns the path of an object or of its subresource. Every request for one object gets its path here. So no name
// from a cluster becomes part of a path unchecked.
func objectPath(ref facts.Ref, subresource ...string) ([]string, error) {
	all, err := path(ref.Group, ref.Kind, ref.Namespace)
	if err != nil {
		return nil, err
	}
	if err := reference.Object(ref); err != nil {
		return nil, invalidError{err}
	}
	return append([]string{all, ref.Name}, subresource...), nil
}

// listPath returns the path of a list. Every list and watch gets its path here, and its selectors are checked.
func listPath(q facts.Query) (string, error) {
	all, err := path(q.Group, q.Kind, q.Namespace)
	if err != nil {
		return "", err
	}
	if err := reference.List(q); err != nil {
		return "", invalidError{err}
	}
	return all, nil
}

// logPath returns the path of a container's log.
func logPath(q facts.LogQuery) ([]string, error) {
	if err := reference.Log(q); err != nil {
		return nil, invalidError{err}
	}
	return objectPath(podRef(q.Pod), "log")
}

// appliedPath returns the path of an object in a file, of a kind that need not be in package kinds.
func appliedPath(kind kinds.Kind, namespace, name string) ([]string, error) {
	if err := reference.Applied(kind, namespace, name); err != nil {
		return nil, invalidError{err}
	}
	return []string{collection(kind, namespace), name}, nil
}

// podRef returns ref as a Pod, whatever its kind.
func podRef(ref facts.Ref) facts.Ref {
	ref.Group, ref.Kind = kinds.Core, "Pod"
	return ref
}

// path returns the path of the objects of a kind. It does not check the namespace.
func path(group, kind, namespace string) (string, error) {
	k, known := kinds.Lookup(group, kind)
	if !known || (group == kinds.Core && kind == "Secret") {
		return "", fmt.Errorf("kind %s of group %q %w", kind, group, errUnread)
	}
	return collection(k, namespace), nil
}

// collection returns the path of a kind. It checks nothing.
func collection(k kinds.Kind, namespace string) string {
	p := "/apis/" + k.Group + "/" + k.Version
	if k.Group == kinds.Core {
		p = "/api/" + k.Version
	}
	if k.Namespaced && namespace != "" {
		p += "/namespaces/" + namespace
	}
	return p + "/" + k.Plural
}
