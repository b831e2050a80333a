package mcp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// cluster is the host that reads a cluster. Each call begins with the flags of the start, so that no call can change another one.
type cluster struct {
	commands

	streams      iostreams.IOStreams
	flags        []string // that choose the cluster, without the namespace
	namespace    string
	context      string
	environments []string // those of -e; empty: all
}

// newCluster fixes the context and the namespace: the user may switch the current context while the server runs.
func newCluster(o *options, c commands) (*cluster, error) {
	if _, _, err := o.reader.Connect(); err != nil {
		return nil, err
	}
	kubecontext, err := cmdutil.ContextName(&o.reader)
	if err != nil {
		return nil, err
	}
	host := &cluster{commands: c, streams: o.streams, namespace: o.reader.Subject.Namespace, context: kubecontext, environments: o.reader.Subject.Environments}
	for _, arg := range o.reader.ClusterArgs(o.flags) {
		name, _, _ := strings.Cut(arg, "=")
		if !slices.Contains([]string{"--namespace", "--environment", "--context"}, name) {
			host.flags = append(host.flags, arg)
		}
	}
	if kubecontext != "" {
		host.flags = append(host.flags, "--context="+kubecontext)
	}
	return host, nil
}

// States are none: the cluster has the state of now.
func (c *cluster) States() []tool.State { return nil }

// Place is the namespace and the context.
func (c *cluster) Place() string { return place(c.namespace, c.context) }

// allowed returns the environments of a call, which must be among those of the start.
func (c *cluster) allowed(wanted []string) ([]string, error) {
	if len(wanted) == 0 {
		return c.environments, nil
	}
	for _, name := range wanted {
		if len(c.environments) > 0 && !slices.Contains(c.environments, name) {
			return nil, fmt.Errorf("environment %q is not one of those that this server is about: %s", name, strings.Join(c.environments, ", "))
		}
	}
	return wanted, nil
}

// Read reads the component of a query.
func (c *cluster) Read(ctx context.Context, q tool.Query) (tool.Reading, error) {
	if q.Name == "" {
		return tool.Reading{}, errors.New("name the component; the tool status lists all")
	}
	environments, err := c.allowed(q.Environments)
	if err != nil {
		return tool.Reading{}, err
	}
	notes := &lines{}
	streams := c.streams
	streams.In, streams.Out, streams.Err = strings.NewReader(""), notes, notes
	cmd, reader := &cobra.Command{}, cmdutil.NewReader(streams)
	wanted := target.New(cmd, &reader)
	reader.AddFlags(cmd)
	if err := cmd.ParseFlags(c.flags); err != nil {
		return tool.Reading{}, err
	}
	// The flag does not count as given: an object of a data plane is in another namespace than its component.
	if err := cmd.Flags().Lookup("namespace").Value.Set(c.namespace); err != nil {
		return tool.Reading{}, err
	}
	if err := wanted.Complete([]string{q.Name}); err != nil {
		return tool.Reading{}, err
	}
	reader.Subject.Environments, reader.Revision = environments, q.Revision
	if err := c.choose(ctx, wanted); err != nil {
		return tool.Reading{}, err
	}
	s, err := reader.FromCluster(ctx)
	if err != nil {
		return tool.Reading{}, err
	}
	return c.judge(s, notes)
}

// choose sets the component of an object. Of several, only one may be in the namespace.
func (c *cluster) choose(ctx context.Context, wanted *target.Target) error {
	found, err := wanted.Choose(ctx)
	if err != nil || len(found.Subjects) == 0 {
		return err
	}
	found.Subjects = slices.DeleteFunc(found.Subjects, func(s facts.Subject) bool { return s.Namespace != c.namespace })
	switch len(found.Subjects) {
	case 0:
		return fmt.Errorf("%s leads to no component of namespace %s, which this server is about", found.Object.Ref, c.namespace)
	case 1:
		return wanted.Reader.SetSubject(found.Subjects[0], found.Object.Ref)
	}
	return target.NameOne(found)
}

func (c *cluster) judge(s *facts.Snapshot, notes *lines) (tool.Reading, error) {
	if s.Subject.Namespace != c.namespace {
		return tool.Reading{}, fmt.Errorf("component %s is in namespace %s; this server is about namespace %s", s.Subject.Component, s.Subject.Namespace, c.namespace)
	}
	if err := notfound.Subject(s); err != nil {
		return tool.Reading{}, err
	}
	contexts, planes := s.Subject.Contexts, s.Subject.Planes
	s, err := snapshotfile.Mask(s, snapshotfile.WriteOptions{Logs: true})
	if err != nil {
		return tool.Reading{}, err
	}
	s.Subject.Contexts, s.Subject.Planes = contexts, planes // printed commands name them; no file has them
	return tool.Reading{Snapshot: s, Trace: assess.Assess(s, s.TakenAt), Notes: strings.TrimSpace(notes.all())}, nil
}

// Overview reads the components of a scope.
func (c *cluster) Overview(ctx context.Context, scope tool.Scope) (printers.StatusReport, error) {
	environments, err := c.allowed(scope.Environments)
	if err != nil {
		return printers.StatusReport{}, err
	}
	streams := c.streams
	streams.In, streams.Out, streams.Err = strings.NewReader(""), &lines{}, &lines{}
	cmd, reader := &cobra.Command{}, components.NewReader(streams)
	reader.AddFlags(cmd, "show")
	if err := cmd.ParseFlags(append(slices.Clone(c.flags), "--namespace="+c.namespace)); err != nil {
		return printers.StatusReport{}, err
	}
	reader.Subject.Environments = environments
	if scope.Project != "" {
		reader.Subject.Project = scope.Project
	}
	if err := reader.Complete(scope.Names); err != nil {
		return printers.StatusReport{}, err
	}
	if err := reader.Open(); err != nil {
		return printers.StatusReport{}, err
	}
	if err := reader.RequirePlanes(ctx, reader.Source, facts.New(reader.Subject, time.Now())); err != nil {
		return printers.StatusReport{}, err
	}
	report, err := reader.ReadOverview(ctx)
	var nothing *components.NotFoundError
	if errors.As(err, &nothing) {
		return report, fmt.Errorf("%w; this server is about %s", nothing, c.Place())
	}
	return report, err
}

// Run runs a command about the cluster.
func (c *cluster) Run(ctx context.Context, command tool.Command) (tool.Output, error) {
	fixed := append(slices.Clone(c.flags), "--namespace="+c.namespace)
	given := environmentsOf(command.Args)
	if _, err := c.allowed(given); err != nil {
		return tool.Output{}, err
	}
	if len(given) == 0 && command.Environments != tool.NoEnvironment {
		if command.Environments == tool.OneEnvironment && len(c.environments) > 1 {
			return tool.Output{}, fmt.Errorf("name an environment: this server is about %s, and this call about one of them", strings.Join(c.environments, ", "))
		}
		for _, name := range c.environments {
			fixed = append(fixed, "--environment="+name)
		}
	}
	return c.start(ctx, command, fixed)
}

func environmentsOf(args []string) []string {
	var names []string
	for _, arg := range args {
		if name, found := strings.CutPrefix(arg, "--environment="); found {
			names = append(names, name)
		}
	}
	return names
}
