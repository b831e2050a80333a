package trace

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/resolve"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// completeNames takes a component or an object from the arguments: NAME, KIND/NAME or KIND NAME; or the objects of a file.
func (o *options) completeNames(args []string) error {
	if o.file != "" {
		return o.completeFile(args)
	}
	named := strings.Join(args, "/")
	kind, name, isObject := strings.Cut(named, "/")
	if isObject && cmdutil.ComponentName(named) == named {
		object, err := resolve.Parse(kind, name)
		o.objects = []resolve.Name{object}
		return errors.Join(err, o.reader.Complete(nil))
	}
	if named == "" {
		return o.reader.Complete(nil)
	}
	return o.reader.Complete([]string{named})
}

func (o *options) completeFile(args []string) error {
	if len(args) > 0 {
		return errors.New("cannot combine -f with a name: use one of them")
	}
	in := o.streams.In
	if o.file != "-" {
		f, err := os.Open(o.file)
		if err != nil {
			return fmt.Errorf("cannot open manifest: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	var err error
	if o.objects, err = resolve.Manifests(in); err != nil {
		return fmt.Errorf("cannot use manifest %s: %w", o.file, err)
	}
	return o.reader.Complete(nil)
}

// choose sets the component: that of the named objects, or the one that the user selects.
func (o *options) choose(ctx context.Context) error {
	if len(o.objects) == 0 {
		return o.reader.Choose(ctx)
	}
	if o.reader.Snapshot != "" {
		return errors.New("cannot find the component of an object in a snapshot: use --snapshot without a name")
	}
	found, err := o.resolve(ctx)
	if err != nil {
		return err
	}
	at := 0
	switch {
	case len(found.Subjects) == 0:
		return noComponent(found)
	case len(found.Subjects) > 1:
		if at, err = o.pick(ctx, found); err != nil {
			return err
		}
	}
	if len(o.objects) > 1 {
		return o.reader.SetSubject(found.Subjects[at], facts.Ref{})
	}
	return o.reader.SetSubject(found.Subjects[at], found.Object.Ref)
}

// resolve reads the named objects, and finds their components.
func (o *options) resolve(ctx context.Context) (resolve.Result, error) {
	source, _, err := o.reader.Connect()
	if err != nil {
		return resolve.Result{}, err
	}
	contexts, err := o.reader.PlaneContexts()
	if err != nil {
		return resolve.Result{}, err
	}
	planes := slices.Sorted(maps.Keys(contexts))
	var all []resolve.Result
	for _, name := range o.objects {
		if name.Namespace == "" {
			name.Namespace, name.Anywhere = o.reader.Subject.Namespace, !o.flags.Changed("namespace")
		}
		object, err := resolve.Find(ctx, source, planes, name)
		if err != nil {
			return resolve.Result{}, err
		}
		found, err := resolve.Components(ctx, source, object)
		if err != nil {
			return resolve.Result{}, err
		}
		all = append(all, found)
	}
	return resolve.Join(all), nil
}

// noComponent says what applies an object that is not OpenChoreo's.
func noComponent(found resolve.Result) error {
	message := fmt.Sprintf("%s belongs to no component of OpenChoreo", found.Object.Ref)
	for _, by := range found.AppliedBy {
		message += fmt.Sprintf("; %s applies it", by)
	}
	return errors.New(message)
}

// mostListed is how many components an error lists.
const mostListed = 50

// pick lets the user pick one of several components; where no list can be shown, they are in the error.
func (o *options) pick(ctx context.Context, found resolve.Result) (int, error) {
	var names []string
	for _, s := range found.Subjects {
		names = append(names, s.Namespace+"/"+s.Component)
	}
	if tui.CanPick(o.streams) {
		return tui.Pick(ctx, o.streams, fmt.Sprintf("Component of %s", found.Object.Ref), names)
	}
	more := ""
	if hidden := len(names) - mostListed; hidden > 0 {
		names, more = names[:mostListed], fmt.Sprintf("\nand %d more", hidden)
	}
	return 0, fmt.Errorf("%s leads to %d components: name one of them, with -n:\n%s%s", found.Object.Ref, len(found.Subjects), strings.Join(names, "\n"), more)
}
