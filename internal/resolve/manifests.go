package resolve

import (
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
)

// maxFileSize bounds what is read of a file of manifests.
const maxFileSize = 16 << 20

// maxObjects bounds the objects of a file: each is a request.
const maxObjects = 100

// Manifests returns the objects of a file of YAML or JSON documents. It fails if there is none, or if one has an unknown kind or an
// invalid name.
func Manifests(in io.Reader) ([]Name, error) {
	var names []Name
	documents := yaml.NewYAMLOrJSONDecoder(io.LimitReader(in, maxFileSize), 4096)
	for {
		var o unstructured.Unstructured
		err := documents.Decode(&o.Object)
		switch {
		case errors.Is(err, io.EOF) && len(names) == 0:
			return nil, errors.New("no object in it")
		case errors.Is(err, io.EOF):
			return names, nil
		case err != nil:
			return nil, fmt.Errorf("decode: %w", err)
		case len(o.Object) == 0:
			continue
		}
		found, err := namesOf(&o)
		if err != nil {
			return nil, err
		}
		if names = append(names, found...); len(names) > maxObjects {
			return nil, fmt.Errorf("more than %d objects: use a smaller file", maxObjects)
		}
	}
}

// namesOf returns the names of an object, or of the items of a list, as kubectl get prints it.
func namesOf(o *unstructured.Unstructured) ([]Name, error) {
	if !o.IsList() {
		name, err := nameOf(o)
		return []Name{name}, err
	}
	list, err := o.ToList()
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	names := make([]Name, len(list.Items))
	for i := range list.Items {
		if names[i], err = nameOf(&list.Items[i]); err != nil {
			return nil, err
		}
	}
	return names, nil
}

func nameOf(o *unstructured.Unstructured) (Name, error) {
	gvk := o.GroupVersionKind()
	kind, known := kinds.Lookup(gvk.Group, gvk.Kind)
	if !known {
		return Name{}, fmt.Errorf("unknown kind %q of %q", gvk.Kind, o.GetAPIVersion())
	}
	if err := errors.Join(reference.Namespace(o.GetNamespace()), reference.Name(o.GetName())); err != nil {
		return Name{}, err
	}
	return Name{Kinds: []kinds.Kind{kind}, Namespace: o.GetNamespace(), Name: o.GetName()}, nil
}
