package events

import (
	"context"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/internal/watch"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/eventlist"
)

// pause is how long changes are gathered before the events are read again.
const pause = 200 * time.Millisecond

// following is an events -w under way.
type following struct {
	*options
	table   eventlist.Table
	headed  bool // the header was printed
	printed map[eventlist.Event]bool
	unread  []eventlist.Unread // that were reported
	// lastError is the error of the last look, which was reported: the cluster may answer again.
	lastError string
	failed    error // of what is written
}

// follow prints the events, and then further ones until ctx ends. New objects of the component are followed as well.
func (o *options) follow(ctx context.Context) error {
	several, err := o.target.Choose(ctx)
	if err != nil {
		return err
	}
	if len(several.Subjects) > 0 {
		return target.NameOne(several)
	}
	source, host, err := o.reader.Connect()
	if err != nil {
		return err
	}
	cluster := watch.New(ctx, source, watch.Options{})
	defer cluster.Close()
	f := &following{options: o}
	for {
		err := f.look(ctx, cluster, source, host)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && (f.printed == nil || f.failed != nil) {
			return err
		}
		if err != nil && err.Error() != f.lastError {
			f.lastError = err.Error()
			f.note("warning: %v", err)
		}
		if err := await(ctx, cluster.Changed()); err != nil {
			return err
		}
	}
}

// await returns some time after a change, so that several are read at once.
func await(ctx context.Context, changed <-chan struct{}) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// look reads all events, and prints those that are new.
func (f *following) look(ctx context.Context, cluster *watch.Source, source *kube.Source, host string) error {
	r, err := f.target.ReadFrom(ctx, cluster, source, host)
	if err != nil {
		return err
	}
	l, err := read(ctx, cluster, r)
	if err != nil {
		return err
	}
	f.lastError = ""
	if !slices.Equal(l.Unread, f.unread) {
		_ = f.reportUnread(l.Unread)
		f.unread = l.Unread
	}
	f.failed = f.print(l, f.selected(l.Events))
	return f.failed
}

// print prints the events that were not printed before. An event that has occurred again is another one.
func (f *following) print(l eventlist.List, events []eventlist.Event) error {
	look := tui.Terminal(f.streams, f.color)
	look.Now = l.TakenAt
	first, now := f.printed == nil, map[eventlist.Event]bool{}
	var fresh []eventlist.Event
	for _, e := range events {
		if now[e] = true; !f.printed[e] {
			fresh = append(fresh, e)
		}
	}
	f.printed = now
	if f.output.Format == "json" {
		return eventlist.WriteLines(f.streams.Out, fresh)
	}
	if first {
		f.table = eventlist.NewTable(look, events, true)
	}
	header := !f.headed && len(fresh) > 0
	f.headed = f.headed || header
	return f.table.At(look.Now).Write(f.streams.Out, fresh, header)
}
