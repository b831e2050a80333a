package logs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// fromCluster prints the logs one after another, or follows all of them. That one cannot be read does not end the others.
func (o *options) fromCluster(ctx context.Context, p *printer, cluster *kube.Source, all []source) error {
	if !o.log.Follow {
		var errs []error
		for _, s := range all {
			errs = append(errs, o.printOne(ctx, p, cluster, s))
		}
		return worst(ctx, errs)
	}
	if len(all) > o.maxStreams {
		return fmt.Errorf("cannot follow %d logs at the same time: use a --max-log-requests of %d or more", len(all), len(all))
	}
	errs := make([]error, len(all))
	var following sync.WaitGroup
	for i, s := range all {
		following.Go(func() { errs[i] = o.printOne(ctx, p, cluster, s) })
	}
	following.Wait()
	return worst(ctx, errs)
}

// worst unites errors. If one is about a right that is missing, so is the exit code.
func worst(ctx context.Context, errs []error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err := errors.Join(errs...)
	forbidden := slices.ContainsFunc(errs, func(err error) bool {
		var refused *podlog.Error
		return errors.As(err, &refused) && refused.Outcome == facts.Forbidden
	})
	if forbidden {
		return cmdutil.WithCode(err, cmdutil.ExitUndecided)
	}
	return err
}

func (o *options) printOne(ctx context.Context, p *printer, cluster *kube.Source, s source) error {
	log, err := o.open(ctx, cluster, s)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	return p.print(s, log)
}

// open opens the log of the current run; where the user does not choose, that of the previous run if the current one is not begun or has
// no output.
func (o *options) open(ctx context.Context, cluster *kube.Source, s source) (io.ReadCloser, error) {
	chosen := o.previousSet || o.log.Follow
	if !chosen && s.endedBefore() {
		if log, err := cluster.OpenLog(ctx, s.query(true), o.log); err == nil {
			o.notePrevious(s)
			return log, nil
		}
	}
	log, err := cluster.OpenLog(ctx, s.query(o.previous), o.log)
	if err != nil || chosen || s.trouble() != restarted {
		return log, err
	}
	current := peeked{bufio.NewReader(log), log}
	if _, err := current.Peek(1); !errors.Is(err, io.EOF) {
		return current, nil
	}
	previous, err := cluster.OpenLog(ctx, s.query(true), o.log)
	if err != nil {
		return current, nil //nolint:nilerr // the current run has an empty log, which is the answer
	}
	o.notePrevious(s)
	_ = log.Close()
	return previous, nil
}

// peeked is a log whose beginning was read.
type peeked struct {
	*bufio.Reader
	io.Closer
}

func (o *options) notePrevious(s source) {
	o.note("using the previous run of container %s%s; for the current one, use --previous=false", s.name, s.lastEnd())
}

// fromSnapshot prints the lines that a snapshot holds.
func (o *options) fromSnapshot(p *printer, snapshot *facts.Snapshot, all []source) error {
	var errs []error
	for _, s := range all {
		errs = append(errs, o.printHeld(p, snapshot, s))
	}
	return errors.Join(errs...)
}

func (o *options) printHeld(p *printer, snapshot *facts.Snapshot, s source) error {
	runs := []bool{o.previous}
	if !o.previousSet {
		runs = []bool{true, false}
	}
	for _, previous := range runs {
		l := snapshot.Log(s.query(previous))
		if l.Outcome != facts.Found || len(l.Lines) == 0 {
			continue
		}
		if previous && !o.previousSet {
			o.notePrevious(s)
		}
		lines := l.Lines
		if o.tail >= 0 {
			lines = lines[max(len(lines)-int(o.tail), 0):]
		}
		if len(lines) == 0 {
			return nil
		}
		return p.print(s, strings.NewReader(strings.Join(lines, "\n")+"\n"))
	}
	return fmt.Errorf("the snapshot has no log of container %s of %s: only the last lines of crashed containers are read, and saved with kubectl choreo snapshot --logs",
		s.name, s.pod.Ref)
}
