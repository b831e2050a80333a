// Package target finds what the command line names: a component, or an object that leads to one, and one of its environments.
package target

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/internal/resolve"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Target is the component of a command, or the objects that lead to it. Its Reader reads it.
type Target struct {
	Reader *cmdutil.Reader
	File   string // of -f: manifests of the objects

	objects []resolve.Name // that the command line names instead of a component
	flags   *pflag.FlagSet
}

// New returns the Target of a command, whose names and flags a Reader completes.
func New(cmd *cobra.Command, reader *cmdutil.Reader) *Target {
	cmd.ValidArgsFunction = cmdutil.CompleteObjects(reader)
	return &Target{Reader: reader, flags: cmd.Flags()}
}

// Complete takes a component or an object from the arguments: NAME, KIND/NAME or KIND NAME; or the objects of a file.
func (t *Target) Complete(args []string) error {
	if t.File != "" {
		return t.completeFile(args)
	}
	named := strings.Join(args, "/")
	kind, name, isObject := strings.Cut(named, "/")
	if isObject && reference.Name(kind) == nil && cmdutil.ComponentName(named) == named {
		object, err := resolve.Parse(kind, name)
		if err != nil {
			return fmt.Errorf("%w; use one COMPONENT, or KIND/NAME", err)
		}
		t.objects = []resolve.Name{object}
		return t.Reader.Complete(nil)
	}
	if named == "" {
		return t.Reader.Complete(nil)
	}
	return t.Reader.Complete([]string{named})
}

func (t *Target) completeFile(args []string) error {
	if len(args) > 0 {
		return errors.New("cannot combine -f with a name: use one of them")
	}
	in := t.Reader.Streams.In
	if t.File != "-" {
		f, err := os.Open(t.File)
		if err != nil {
			return fmt.Errorf("cannot open manifest: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	var err error
	if t.objects, err = resolve.Manifests(in); err != nil {
		return fmt.Errorf("cannot use manifest %s: %w", t.File, err)
	}
	return t.Reader.Complete(nil)
}

// Choose sets the component of the Reader: that of the named objects, or the one that the user selects. It returns what the objects lead
// to if they have several components.
func (t *Target) Choose(ctx context.Context) (several resolve.Result, err error) {
	if len(t.objects) == 0 {
		return resolve.Result{}, t.Reader.Choose(ctx)
	}
	if t.Reader.Snapshot != "" {
		return resolve.Result{}, errors.New("cannot find the component of an object in a snapshot: use --snapshot without a name")
	}
	found, err := t.resolve(ctx)
	switch {
	case err != nil:
		return resolve.Result{}, err
	case len(found.Subjects) == 0:
		return resolve.Result{}, noComponent(found)
	case len(found.Subjects) > 1:
		return found, nil
	case len(t.objects) > 1:
		return resolve.Result{}, t.Reader.SetSubject(found.Subjects[0], facts.Ref{})
	}
	return resolve.Result{}, t.Reader.SetSubject(found.Subjects[0], found.Object.Ref)
}

// resolve reads the named objects, and finds their components.
func (t *Target) resolve(ctx context.Context) (resolve.Result, error) {
	source, _, err := t.Reader.Connect()
	if err != nil {
		return resolve.Result{}, err
	}
	contexts, err := t.Reader.PlaneContexts()
	if err != nil {
		return resolve.Result{}, err
	}
	planes := slices.DeleteFunc(slices.Sorted(maps.Keys(contexts)), source.IsReadByAnother)
	var all []resolve.Result
	for _, name := range t.objects {
		if name.Namespace == "" {
			name.Namespace, name.Anywhere = t.Reader.Subject.Namespace, !t.flags.Changed("namespace")
		}
		found, err := t.resolveOne(ctx, source, planes, name)
		if err != nil {
			return resolve.Result{}, err
		}
		all = append(all, found)
	}
	return resolve.Join(all), nil
}

// resolveOne finds the components of one object, first on the planes that are read through OpenChoreo's API.
func (t *Target) resolveOne(ctx context.Context, source *kube.Source, planes []facts.Plane, name resolve.Name) (resolve.Result, error) {
	throughAPI := false
	if t.Reader.Subject.API != nil && name.MayBeOnPlane() {
		var object facts.Object
		if object, throughAPI = t.unlessThroughAPI(ctx, source, name); object.Outcome == facts.Found {
			return resolve.Components(ctx, source, object)
		}
	}
	if throughAPI {
		if r, found, err := resolve.FindDeclared(ctx, source, name); err != nil || found {
			return r, err
		}
	}
	object, err := resolve.Find(ctx, source, planes, name)
	switch {
	case err != nil && throughAPI:
		return resolve.Result{}, resolve.Instead(err)
	case err != nil:
		return resolve.Result{}, err
	}
	return resolve.Components(ctx, source, object)
}

// withoutContext is a plane for which there is no context: no data plane has this name.
const withoutContext facts.Plane = "/"

// unlessThroughAPI reports whether planes are read through OpenChoreo's API. If the cluster of the control plane has to be read for it, it
// is read for the object.
func (t *Target) unlessThroughAPI(ctx context.Context, source *kube.Source, name resolve.Name) (facts.Object, bool) {
	contexts, err := t.Reader.PlaneContexts()
	for plane := range contexts {
		if err == nil && source.IsReadByAnother(plane) {
			return facts.Object{}, true
		}
	}
	object := source.Get(ctx, name.In(withoutContext))
	object.Ref.Plane = facts.Control
	return object, source.IsReadByAnother(withoutContext)
}

// noComponent reports what applies an object that is not OpenChoreo's.
func noComponent(found resolve.Result) error {
	message := fmt.Sprintf("%s belongs to no component of OpenChoreo", found.Object.Ref)
	for _, by := range found.AppliedBy {
		message += fmt.Sprintf("; %s applies it", by)
	}
	return errors.New(message)
}

// NameOne refuses an object that leads to several components, and lists them.
func NameOne(found resolve.Result) error {
	names := make([]string, 0, len(found.Subjects))
	for _, s := range found.Subjects {
		names = append(names, s.Namespace+"/"+s.Component)
	}
	return fmt.Errorf("%s leads to %d components: name one of them, with -n:\n%s", found.Object.Ref, len(found.Subjects), cmdutil.ListNames(names))
}
