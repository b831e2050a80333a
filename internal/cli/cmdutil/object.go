package cmdutil

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/internal/resolve"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
)

// CompleteObject takes an object or a component from the arguments: NAME, KIND/NAME or KIND NAME; or the objects of a file, where
// "-" is the standard input.
func (r *Reader) CompleteObject(args []string, file string) error {
	named := strings.Join(args, "/")
	kind, name, found := strings.Cut(named, "/")
	switch {
	case file != "" && len(args) > 0:
		return errors.New("cannot combine -f with a name: use one of them")
	case file != "":
		objects, err := r.manifests(file)
		r.objects = objects
		return errors.Join(err, r.CheckPlanes())
	case !found || ComponentName(named) != named:
		return r.Complete(slices.DeleteFunc([]string{named}, func(s string) bool { return s == "" }))
	}
	object, err := resolve.Parse(kind, name)
	if err != nil {
		return err
	}
	r.objects = []resolve.Name{object}
	return r.CheckPlanes()
}

// largestFile bounds what is read of a file of manifests.
const largestFile = 16 << 20

// mostObjects bounds the objects of a file: each is a request.
const mostObjects = 100

// manifests are the objects of a file.
func (r *Reader) manifests(file string) ([]resolve.Name, error) {
	in := r.Streams.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("cannot open manifest: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	var names []resolve.Name
	documents := yaml.NewYAMLOrJSONDecoder(io.LimitReader(in, largestFile), 4096)
	for {
		var o unstructured.Unstructured
		err := documents.Decode(&o.Object)
		switch {
		case errors.Is(err, io.EOF) && len(names) == 0:
			return nil, fmt.Errorf("no object in %s", file)
		case errors.Is(err, io.EOF):
			return names, nil
		case err != nil:
			return nil, fmt.Errorf("cannot read manifest %s: %w", file, err)
		case len(o.Object) == 0:
			continue
		case len(names) == mostObjects:
			return nil, fmt.Errorf("more than %d objects in %s: use a smaller file", mostObjects, file)
		}
		name, err := manifestName(&o)
		if err != nil {
			return nil, fmt.Errorf("cannot use manifest %s: %w", file, err)
		}
		names = append(names, name)
	}
}

func manifestName(o *unstructured.Unstructured) (resolve.Name, error) {
	gvk := o.GroupVersionKind()
	kind, known := kinds.Lookup(gvk.Group, gvk.Kind)
	if !known {
		return resolve.Name{}, fmt.Errorf("unknown kind %q of %q", gvk.Kind, o.GetAPIVersion())
	}
	if err := errors.Join(reference.Namespace(o.GetNamespace()), reference.Name(o.GetName())); err != nil {
		return resolve.Name{}, err
	}
	return resolve.Name{Kinds: []kinds.Kind{kind}, Namespace: o.GetNamespace(), Name: o.GetName()}, nil
}

// chooseByObject sets the component that the named objects belong to. The user picks one of several from a list.
func (r *Reader) chooseByObject(ctx context.Context) error {
	if r.Snapshot != "" {
		return errors.New("cannot find the component of an object in a snapshot: use --snapshot without a name")
	}
	source, _, err := r.Connect()
	if err != nil {
		return err
	}
	contexts, err := r.PlaneContexts()
	if err != nil {
		return err
	}
	planes := slices.Sorted(maps.Keys(contexts))
	var all []resolve.Result
	for _, name := range r.objects {
		name.Anywhere = name.Namespace == "" && *r.flags.Namespace == ""
		if name.Namespace == "" {
			name.Namespace = r.Subject.Namespace
		}
		o, err := resolve.Find(ctx, source, planes, name)
		if err != nil {
			return err
		}
		found, err := resolve.Components(ctx, source, o)
		if err != nil {
			return err
		}
		all = append(all, found)
	}
	return r.takeComponent(ctx, resolve.Join(all))
}

func (r *Reader) takeComponent(ctx context.Context, found resolve.Result) error {
	at := 0
	if len(found.Subjects) == 0 {
		return noComponent(found)
	}
	if len(found.Subjects) > 1 {
		var err error
		if at, err = r.pickSubject(ctx, found); err != nil {
			return err
		}
	}
	s := found.Subjects[at]
	if r.Subject.Project != "" && found.Object.Ref.Kind == "Project" && found.Object.Ref.Name != r.Subject.Project {
		return fmt.Errorf("%s is not project %s of -p", found.Object.Ref, r.Subject.Project)
	}
	if len(r.Subject.Environments) == 0 {
		r.Subject.Environments = s.Environments
	}
	if len(s.Environments) > 0 && !slices.Contains(r.Subject.Environments, s.Environments[0]) {
		return fmt.Errorf("%s is in environment %s, not in %s", found.Object.Ref, s.Environments[0], strings.Join(r.Subject.Environments, ", "))
	}
	r.Subject.Component, r.Subject.Object = s.Component, found.Object.Ref
	r.namespace = s.Namespace
	return nil
}

// noComponent says what applies an object that is not OpenChoreo's.
func noComponent(found resolve.Result) error {
	message := fmt.Sprintf("%s belongs to no component of OpenChoreo", found.Object.Ref)
	for _, by := range found.AppliedBy {
		message += fmt.Sprintf("; %s applies it", by)
	}
	return errors.New(message)
}

// pickSubject lets the user pick one of several components; where no list can be shown, they are in the error.
func (r *Reader) pickSubject(ctx context.Context, found resolve.Result) (int, error) {
	var names []string
	for _, s := range found.Subjects {
		names = append(names, s.Namespace+"/"+s.Component)
	}
	title := fmt.Sprintf("Component of %s", found.Object.Ref)
	if tui.CanPick(r.Streams) {
		return tui.Pick(ctx, r.Streams, title, names)
	}
	more := ""
	if hidden := len(names) - mostListed; hidden > 0 {
		names, more = names[:mostListed], fmt.Sprintf("\nand %d more", hidden)
	}
	return 0, fmt.Errorf("%s leads to %d components: name one of them, with -n:\n%s%s", found.Object.Ref, len(found.Subjects), strings.Join(names, "\n"), more)
}
