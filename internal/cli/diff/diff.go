// Package diff is the command that prints what differs: Git and the cluster, rendered and live objects, two environments,
// releases or revisions.
package diff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/difflist"
)

type options struct {
	streams  iostreams.IOStreams
	reader   cmdutil.Reader
	target   *target.Target
	output   cmdutil.Output
	color    string
	live     bool
	releases []string
	mask     bool // values that are no credentials as well

	serverSide bool
}

// NewCommand returns the command `diff`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w)}
	cmd := &cobra.Command{
		Use: "diff [COMPONENT | KIND/NAME]", Short: "Compare a component with Git or its data plane",
		Long: long, Example: examples, Args: cobra.MaximumNArgs(2),
		Annotations: map[string]string{cmdutil.ErrorCodeAnnotation: fmt.Sprint(cmdutil.ExitTrouble)},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.complete(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	o.target = target.New(cmd, &o.reader)
	o.addFlags(cmd)
	return cmd
}

func (o *options) addFlags(cmd *cobra.Command) {
	o.reader.AddFlags(cmd)
	o.output.AddFlags(cmd, difflist.Formats()...)
	f := cmd.Flags()
	f.Lookup("revision").Usage = "wanted Git revision: a commit, tag or branch of the clone, or HEAD; or two of them, as A..B"
	f.Lookup("environment").Usage = "environment; two of them are compared with each other (default all)"
	f.BoolVar(&o.live, "live", false, "compare what was rendered with the live objects on the data plane")
	f.BoolVar(&o.serverSide, "server-side", false, "compare Git as the API server would store it, by a dry-run with defaults and admission; requires the right to patch")
	f.StringSliceVar(&o.releases, "release", nil, "ComponentRelease; two of them are compared with each other")
	f.BoolVar(&o.mask, "mask-values", false, "mask values of environment variables, files and ConfigMaps too, as in a snapshot")
	f.StringVar(&o.color, "color", "auto", "colour output: auto, always or never")
	_ = cmd.RegisterFlagCompletionFunc("release", cobra.NoFileCompletions) // fails only without the flag
	cmdutil.CompleteColor(cmd)
}

func (o *options) complete(args []string) error {
	if err := errors.Join(tui.CheckColor(o.color), o.output.Check()); err != nil {
		return err
	}
	environments := o.reader.Subject.Environments
	switch {
	case len(o.releases) != 0 && len(o.releases) != 2:
		return errors.New("--release requires two names: --release A --release B")
	case len(o.releases) == 2 && (o.live || len(environments) > 0):
		return errors.New("cannot combine --release with --live or -e: use one of them")
	case len(o.releases) == 2 && o.reader.Snapshot != "" && o.releases[0] == o.releases[1]:
		return errors.New("--release requires two different names")
	case o.reader.Revision != "" && (o.live || len(o.releases) > 0 || len(environments) == 2):
		return errors.New("cannot combine --revision with --live, --release or two environments: use one of them")
	case !o.live && len(environments) == 2 && environments[0] == environments[1]:
		return errors.New("-e requires two different environments")
	}
	if err := o.checkServerSide(); err != nil {
		return err
	}
	return o.target.Complete(args)
}

func (o *options) run(ctx context.Context) error {
	r, err := o.target.Read(ctx)
	if err != nil {
		return err
	}
	if r.Source != nil {
		if err := o.readMore(ctx, r); err != nil {
			return err
		}
	}
	l := difflist.List{Subject: r.Trace.Subject, TakenAt: r.Trace.TakenAt}
	compared, err := o.compare(ctx, &l, r)
	if err != nil {
		return err
	}
	l.Objects = objectsOf(compared)
	l.Differs = slices.ContainsFunc(compared, compare.Object.Differs)
	if err := o.print(ctx, l); err != nil {
		return err
	}
	return o.conclude(l, compared, r.Source != nil)
}

// readMore reads what a trace does not need.
func (o *options) readMore(ctx context.Context, r target.Read) error {
	switch {
	case o.live:
		return collect.Rendered(ctx, r.Source, r.Snapshot)
	case len(o.releases) == 2:
		return collect.Releases(ctx, r.Source, r.Snapshot, o.releases...)
	}
	return nil
}

func (o *options) compare(ctx context.Context, l *difflist.List, r target.Read) ([]compare.Object, error) {
	m := o.masker(r.Snapshot)
	v := view.New(view.DropForeignPlanes(r.Snapshot), r.Snapshot.TakenAt, engines.All())
	switch {
	case o.live:
		l.From, l.To = "live", "rendered"
		return o.compareLive(m, v)
	case len(o.releases) == 2:
		l.From, l.To = o.releases[0], o.releases[1]
		from, to := v.Object(v.Ref("ComponentRelease", l.From)), v.Object(v.Ref("ComponentRelease", l.To))
		for _, release := range []facts.Object{from, to} {
			if release.Outcome == facts.Absent {
				return nil, fmt.Errorf("%s not found", release.Ref)
			}
		}
		return []compare.Object{compare.Releases(m, from, to)}, nil
	case len(o.reader.Subject.Environments) != 2:
		return o.compareGit(ctx, l, m, v, r)
	}
	l.From, l.To = o.reader.Subject.Environments[0], o.reader.Subject.Environments[1]
	for _, name := range []string{l.From, l.To} {
		if !isBound(v, name) {
			hint := ""
			if !slices.Contains(v.EnvironmentNames, name) {
				hint = suggest.DidYouMean(v.EnvironmentNames, name)
			}
			return nil, fmt.Errorf("%s is not deployed in %s%s", v.ComponentName, name, hint)
		}
	}
	return compare.Environments(m, v.EnvironmentOf(l.From), v.EnvironmentOf(l.To)), nil
}

// masker hides credentials, or all values that a snapshot hides.
func (o *options) masker(s *facts.Snapshot) compare.Masker {
	again := len(s.Masked) > 0
	if o.mask {
		return mask.New(false, again)
	}
	return mask.ForCredentials(again)
}

// isBound reports whether an environment has a ReleaseBinding, or may have one that could not be read.
func isBound(v *view.Component, environment string) bool {
	p := v.EnvironmentOf(environment)
	_, unread := p.UnreadBinding()
	return p.Binding.Outcome == facts.Found || unread
}

func (o *options) compareLive(m compare.Masker, v *view.Component) ([]compare.Object, error) {
	var all []compare.Object
	deployed := false
	for _, name := range v.EnvironmentNames {
		if named := v.Subject.Environments; len(named) > 0 && !slices.Contains(named, name) {
			continue
		}
		p := v.EnvironmentOf(name)
		if p.Binding.Outcome != facts.Found && p.Rendered.Outcome != facts.Found {
			continue
		}
		deployed = true
		all = append(all, compare.Live(m, p)...)
	}
	if !deployed {
		return nil, fmt.Errorf("%s is deployed in none of the environments %s", v.ComponentName, strings.Join(v.EnvironmentNames, ", "))
	}
	return all, nil
}

// note writes a line for people.
func (o *options) note(format string, args ...any) {
	_, _ = fmt.Fprintln(o.streams.Err, printers.Escape(fmt.Sprintf(format, args...)))
}
