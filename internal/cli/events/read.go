package events

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/target"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/eventlist"
)

// read reads the events about the objects of a component from a cluster, all lists at once.
func read(ctx context.Context, source facts.Source, r target.Read) (eventlist.List, error) {
	found := objectsOf(r.Snapshot, r.Trace)
	queries := found.queries()
	lists, bodies := make([]facts.List, len(queries)), make([][]facts.Object, len(queries))
	var group errgroup.Group
	for i, q := range queries {
		group.Go(func() error {
			lists[i], bodies[i] = source.List(ctx, q)
			return nil
		})
	}
	_ = group.Wait()
	l := newList(r)
	for i, one := range lists {
		l.Events = append(l.Events, found.events(bodies[i])...)
		l.Unread = append(l.Unread, unread(one)...)
	}
	sort(l.Events)
	return l, ctx.Err()
}

// held are the events that a snapshot has: the warnings that its trace has needed.
func held(r target.Read) eventlist.List {
	found := objectsOf(r.Snapshot, r.Trace)
	l := newList(r)
	for _, o := range r.Snapshot.Objects() {
		if o.Ref.Group == kinds.Core && o.Ref.Kind == "Event" && o.Outcome == facts.Found {
			l.Events = append(l.Events, found.events([]facts.Object{o})...)
		}
	}
	sort(l.Events)
	return l
}

func newList(r target.Read) eventlist.List {
	return eventlist.List{Subject: r.Trace.Subject, TakenAt: r.Trace.TakenAt, Events: []eventlist.Event{}}
}

// unread is a list that is not complete.
func unread(l facts.List) []eventlist.Unread {
	u := eventlist.Unread{Plane: l.Query.Plane, Namespace: l.Query.Namespace, Outcome: l.Outcome, Reason: l.Reason}
	switch {
	case l.Truncated:
		u.Reason = "there are too many"
	case l.Outcome == facts.Found:
		return nil
	}
	return []eventlist.Unread{u}
}

// events are those of a list that are about the objects.
func (o *objects) events(list []facts.Object) []eventlist.Event {
	var all []eventlist.Event
	for _, event := range list {
		about := facts.Ref{
			Plane: event.Ref.Plane, Kind: kinds.Text(event.Body, "involvedObject", "kind"),
			Namespace: kinds.Text(event.Body, "involvedObject", "namespace"), Name: kinds.Text(event.Body, "involvedObject", "name"),
		}
		if at, ours := o.placeOf(about); ours {
			all = append(all, eventOf(event, about, at))
		}
	}
	return all
}

// eventOf reads an Event, which has its times and its count in other fields if it is of the new API (Kubernetes v1.36
// staging/src/k8s.io/api/core/v1/types.go).
func eventOf(o facts.Object, about facts.Ref, at place) eventlist.Event {
	e := eventlist.Event{
		LastSeen: kinds.EventTime(o.Body), FirstSeen: kinds.Time(o.Body, "firstTimestamp"), Count: 1,
		Type: kinds.Text(o.Body, "type"), Reason: kinds.Text(o.Body, "reason"), Message: kinds.Text(o.Body, "message"),
		Source: cmp.Or(kinds.Text(o.Body, "source", "component"), kinds.Text(o.Body, "reportingComponent")), Rung: at.rung, Environment: at.environment,
	}
	if e.FirstSeen.IsZero() {
		e.FirstSeen = kinds.Time(o.Body, "eventTime")
	}
	for _, path := range [][]string{{"count"}, {"series", "count"}} {
		if n, counted := kinds.Number(o.Body, path...); counted {
			e.Count = max(e.Count, n)
		}
	}
	if version, err := schema.ParseGroupVersion(kinds.Text(o.Body, "involvedObject", "apiVersion")); err == nil {
		about.Group = version.Group
	}
	e.Object = about
	return e
}

func sort(all []eventlist.Event) {
	slices.SortStableFunc(all, func(a, b eventlist.Event) int {
		return cmp.Or(a.LastSeen.Compare(b.LastSeen), a.Object.Compare(b.Object), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Message, b.Message))
	})
}
