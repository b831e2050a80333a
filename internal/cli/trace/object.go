package trace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
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

// checkOverview refuses an overview of several components that is watched, or in a format of one trace.
func (o *options) checkOverview(found resolve.Result) error {
	if !o.watch && slices.Contains([]string{"tree", "wide", "json", "yaml"}, o.output.Format) {
		return nil
	}
	names := make([]string, 0, len(found.Subjects))
	for _, s := range found.Subjects {
		names = append(names, s.Namespace+"/"+s.Component)
	}
	return fmt.Errorf("%s leads to %d components: name one of them, with -n:\n%s", found.Object.Ref, len(found.Subjects), cmdutil.ListNames(names))
}

// overview prints several components as status does, with the exit code of the worst of them.
func (o *options) overview(ctx context.Context, several []facts.Subject) error {
	reader := components.NewReader(o.streams)
	reader.Reader = o.reader
	if err := reader.Open(); err != nil {
		return err
	}
	for i := range several {
		several[i].Contexts, several[i].Planes = reader.Subject.Contexts, reader.Subject.Planes
		if len(o.reader.Subject.Environments) > 0 {
			several[i].Environments = o.reader.Subject.Environments
		}
	}
	if err := reader.RequirePlanes(ctx, reader.Source, facts.New(several[0], time.Now())); err != nil {
		return err
	}
	report, err := reader.ReadOverviewOf(ctx, several)
	if err != nil {
		return err
	}
	options := tui.Terminal(o.streams, o.color)
	options.Now = report.Ended
	format := map[string]string{"tree": "table"}[o.output.Format]
	if err := report.Print(o.streams.Out, cmp.Or(format, o.output.Format), options); err != nil {
		return err
	}
	return cmdutil.DecisionError(report.Decision())
}
