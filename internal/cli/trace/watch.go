package trace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/sources"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/settle"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui/viewer"
	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/change"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// cloneInterval is how often the wanted revision is read from the clone: a new commit must show at once.
const cloneInterval = 2 * time.Second

// maxChanges bounds what is kept: a watch may last for days.
const maxChanges = 200

// watching is a trace -w under way.
type watching struct {
	*options
	ended func(t *trace.Trace, now time.Time) bool

	begun     time.Time
	byCluster func(time.Time) time.Time // the cluster's time for one of this machine's
	last      *trace.Trace
	changes   []change.Change
	view      view
	failed    error // of what is written

	reconciling *reconciling
}

// checkWatch refuses what contradicts itself.
func (o *options) checkWatch() error {
	switch {
	case !o.watch && o.until != "":
		return errors.New("--until requires -w")
	case !o.watch:
		return nil
	case !slices.Contains([]string{"", "healthy", "settled"}, o.until):
		return fmt.Errorf("invalid --until %q: use healthy or settled", o.until)
	case o.reader.Snapshot != "":
		return errors.New("cannot watch a snapshot: use -w without --snapshot")
	case o.output.Format != "tree" && o.output.Format != "json":
		return fmt.Errorf("cannot watch with output format %q: use tree or json", o.output.Format)
	}
	return nil
}

// follow traces again at each change, until a key, a signal or --until ends it.
func (o *options) follow(ctx context.Context) error {
	source, host, err := o.reader.Connect()
	if err != nil {
		return err
	}
	cluster := watch.New(ctx, source, watch.Options{})
	defer cluster.Close()
	if err := o.known(ctx, cluster, host); err != nil {
		return err
	}
	o.reader.ReportSkew(source)
	running, quit := context.WithCancel(ctx)
	defer quit()
	w := &watching{options: o, ended: until(o.until), begun: time.Now(), byCluster: source.ByCluster, reconciling: &reconciling{command: o.runCommand}}
	w.view = w.newView(running, quit)
	err = w.run(running, cluster, source)
	if running.Err() != nil {
		err = nil // the user has quit
	}
	quit()
	broken := w.view.end()
	for _, line := range w.reconciling.wait() {
		_, _ = fmt.Fprintln(o.streams.Err, line)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case broken != nil:
		return broken
	case w.failed != nil:
		return w.failed
	case err != nil:
		return err
	}
	return w.answer()
}

// known refuses a cluster that cannot be used, and a component that nothing names. What it reads is kept.
func (o *options) known(ctx context.Context, cluster facts.Source, host string) error {
	s, err := collect.Run(ctx, cluster, o.reader.Subject, time.Now())
	if err != nil {
		return err
	}
	if err := o.reader.CheckUsable(s, host); err != nil {
		return err
	}
	if err := o.reader.RequirePlanes(ctx, cluster, s); err != nil {
		return err
	}
	return notfound.Subject(s)
}

func (w *watching) run(ctx context.Context, cluster *watch.Source, source *kube.Source) error {
	_, err := settle.Run(ctx, cluster, settle.Options{
		Subject: w.reader.Subject, Fresh: source, Now: time.Now, Wanted: w.wanted(), Final: w.take,
	})
	return err
}

// wanted reads the clone, and records in the snapshot who last changed the files that are to blame.
func (w *watching) wanted() func(context.Context, *facts.Snapshot) facts.Revision {
	wanted := cmdutil.CacheFor(cloneInterval, func(s *facts.Snapshot) string { return fmt.Sprint(sources.URLs(s), sources.DistinctCommits(s)) }, w.reader.Wanted)
	changes := cmdutil.CacheFor(time.Hour, func(s *facts.Snapshot) string { return fmt.Sprintf("%+v", sources.FailedObjects(s)) }, w.reader.Changes)
	past := cmdutil.CacheFor(time.Hour, failureOf, w.pastOf)
	return func(ctx context.Context, s *facts.Snapshot) facts.Revision {
		s.Wanted = wanted(ctx, s)
		s.Changes = changes(ctx, s)
		s.Past = past(ctx, s)
		return s.Wanted
	}
}

// take takes in a look, and reports whether it was the last.
func (w *watching) take(r *settle.Result, now time.Time) bool {
	t := r.Trace
	changes := differences(w.last, t)
	w.last = t
	if w.output.Format != "json" {
		changes = notable(changes)
	}
	for _, c := range changes {
		w.failed = errors.Join(w.failed, w.view.report(c))
		if c.From != nil {
			w.changes = append(w.changes, c)
		}
	}
	w.changes = w.changes[max(len(w.changes)-maxChanges, 0):]
	w.view.show(viewer.Update{Trace: t, Snapshot: r.Snapshot, Changes: slices.Clone(w.changes), Of: ofEnvironment(r.Snapshot)})
	return w.ended(t, now) || w.failed != nil
}

// ofEnvironment assesses one environment alone, as trace -e does.
func ofEnvironment(s *facts.Snapshot) func(string) *trace.Trace {
	return func(environment string) *trace.Trace {
		only := *s
		only.Subject.Environments = []string{environment}
		return assess.Assess(&only, s.TakenAt)
	}
}

// answer prints how things stood in the end, and returns its exit code. Lines in a pipe have said it already.
func (w *watching) answer() error {
	if w.last == nil {
		return errors.New("watch ended before the first trace")
	}
	if err := w.view.close(w.last, w.changes); err != nil {
		return err
	}
	if code := cmdutil.ExitCode(w.last); code != cmdutil.ExitOK {
		return &cmdutil.VerdictError{Code: code}
	}
	return nil
}

// until is what ends the watch by itself.
func until(word string) func(*trace.Trace, time.Time) bool {
	switch word {
	case "healthy":
		return func(t *trace.Trace, _ time.Time) bool { return cmdutil.ExitCode(t) == cmdutil.ExitOK }
	case "settled":
		gate := verify.Gate{Require: []verify.Requirement{verify.RequireCurrent, verify.RequireHealthy}, FailOn: trace.Error}
		stability := verify.Stability{Grace: cmdutil.DefaultGrace, StableFor: cmdutil.DefaultStable}
		return func(t *trace.Trace, now time.Time) bool { return stability.Final(gate.Judge(t), t, now) }
	}
	return func(*trace.Trace, time.Time) bool { return false }
}
