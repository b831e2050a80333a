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
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/internal/resolve"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// completeNames takes a component or an object from the arguments: NAME, KIND/NAME or KIND NAME; or the objects of a file.
func (o *options) completeNames(args []string) error {
	if o.file != "" {
		return o.completeFile(args)
	}
	named := strings.Join(args, "/")
	kind, name, isObject := strings.Cut(named, "/")
	if isObject && reference.Name(kind) == nil && cmdutil.ComponentName(named) == named {
		object, err := resolve.Parse(kind, name)
		if err != nil {
			return fmt.Errorf("%w; use one COMPONENT, or KIND/NAME", err)
		}
		o.objects = []resolve.Name{object}
		return o.reader.Complete(nil)
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

// choose sets the component: that of the named objects, or the one that the user selects. It returns the components if the objects
// have several.
func (o *options) choose(ctx context.Context) (several []facts.Subject, err error) {
	if len(o.objects) == 0 {
		return nil, o.reader.Choose(ctx)
	}
	if o.reader.Snapshot != "" {
		return nil, errors.New("cannot find the component of an object in a snapshot: use --snapshot without a name")
	}
	found, err := o.resolve(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(found.Subjects) == 0:
		return nil, noComponent(found)
	case len(found.Subjects) > 1:
		return found.Subjects, o.checkOverview(found)
	case len(o.objects) > 1:
		return nil, o.reader.SetSubject(found.Subjects[0], facts.Ref{})
	}
	return nil, o.reader.SetSubject(found.Subjects[0], found.Object.Ref)
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

// checkOverview refuses what an overview of several components cannot be: watched, in a format of one trace, or of several namespaces.
func (o *options) checkOverview(found resolve.Result) error {
	format := o.output.Format
	sameNamespace := found.Subjects[0].Namespace == found.Subjects[len(found.Subjects)-1].Namespace
	if sameNamespace && !o.watch && (format == "tree" || slices.Contains([]string{"wide", "json", "yaml"}, format)) {
		return nil
	}
	var names []string
	for _, s := range found.Subjects {
		names = append(names, s.Namespace+"/"+s.Component)
	}
	more := ""
	if hidden := len(names) - mostListed; hidden > 0 {
		names, more = names[:mostListed], fmt.Sprintf("\nand %d more", hidden)
	}
	return fmt.Errorf("%s leads to %d components: name one of them, with -n:\n%s%s", found.Object.Ref, len(found.Subjects), strings.Join(names, "\n"), more)
}

// overview prints several components, grouped by cause, as verify does.
func (o *options) overview(ctx context.Context, several []facts.Subject) error {
	args := []string{"verify", "--timeout=0"}
	if o.output.Format != "tree" {
		args = append(args, "--output="+o.output.Format)
	}
	o.reader.Subject.Namespace = several[0].Namespace
	environments := several[0].Environments
	for _, s := range several {
		args = append(args, s.Component)
		if !slices.Equal(s.Environments, environments) {
			environments = nil
		}
	}
	if len(o.reader.Subject.Environments) == 0 {
		for _, e := range environments {
			args = append(args, "--environment="+e)
		}
	}
	args = append(args, "--color="+o.color)
	return o.runCommand(ctx, append(args, o.reader.ClusterArgs(o.flags)...), o.streams.Out, o.streams.Err)
}
