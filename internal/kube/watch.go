package kube

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	apiwatch "k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// The API server is asked to end a watch after five to ten minutes, as client-go's Reflector does (v0.36.2
// tools/cache/reflector.go), so that the watches of one process do not all begin anew at once. A stream that has not
// ended a while later is a dead connection.
const (
	watchFor = 5 * time.Minute
	overdue  = 30 * time.Second
)

// Event is one change of what a query asks for.
type Event struct {
	// Object is Found, as it is now, or Absent, without a body, when it was deleted or the query does not ask for it any
	// more. A zero Ref says that nothing has changed up to Version (a bookmark).
	Object facts.Object
	// Version is the resourceVersion that the next watch goes on from.
	Version string
}

// newStream makes a client for watches. It differs from the client for all else in what its timeout bounds: the API server
// answers a watch with headers at once and with events when there are some (Kubernetes v1.36
// staging/src/k8s.io/apiserver/pkg/endpoints/handlers/watch.go), so that only the former may be timed.
func newStream(config *rest.Config) (dynamic.Interface, error) {
	c := within(config, boundHeaders)
	c.WarningHandlerWithContext = rest.NoWarnings{}
	return dynamic.NewForConfig(c)
}

// Watch reports to see what changes in the answer to q after the resourceVersion from, until ctx ends or the API server
// ends the watch, as it does from time to time; then it returns nil, and the caller watches on from the last Version.
// An error is that of the API (k8s.io/apimachinery/pkg/api/errors tells which; 410 asks for a new list), or of the
// transport. The bodies of a query for an owner or for names come along, although its list has none.
func (s *Source) Watch(ctx context.Context, q facts.Query, from string, see func(Event)) error {
	if _, err := listPath(q); err != nil {
		return fmt.Errorf("watch %s: %w", q.Kind, err)
	}
	kind, _ := kinds.Lookup(q.Group, q.Kind)
	lasts := wait.Jitter(watchFor, 1)
	ctx, cancel := context.WithTimeout(ctx, lasts+overdue)
	defer cancel()
	events, err := s.cluster(q.Plane).open(ctx, q, kind, metav1.ListOptions{
		LabelSelector: q.Labels, FieldSelector: q.Fields, ResourceVersion: from,
		AllowWatchBookmarks: true, TimeoutSeconds: new(int64(lasts.Seconds())),
	})
	if err != nil {
		return fmt.Errorf("watch %s: %w", q.Kind, err)
	}
	defer drain(events)
	for event := range events.ResultChan() {
		change, err := read(q, event)
		if err != nil {
			return fmt.Errorf("watch %s: %w", q.Kind, err)
		}
		see(change)
	}
	return nil
}

// open begins a watch.
func (c *cluster) open(ctx context.Context, q facts.Query, kind kinds.Kind, o metav1.ListOptions) (apiwatch.Interface, error) {
	if kind.Namespaced && q.Namespace != "" {
		return c.stream.Resource(kind.Resource()).Namespace(q.Namespace).Watch(ctx, o)
	}
	return c.stream.Resource(kind.Resource()).Watch(ctx, o)
}

// drain ends a watch and waits for its goroutine, which closes the channel when it ends.
func drain(events apiwatch.Interface) {
	events.Stop()
	for range events.ResultChan() {
	}
}

func read(q facts.Query, event apiwatch.Event) (Event, error) {
	u, ok := event.Object.(*unstructured.Unstructured)
	if event.Type == apiwatch.Error || !ok {
		return Event{}, apierrors.FromObject(event.Object)
	}
	change := Event{Version: u.GetResourceVersion()}
	if event.Type == apiwatch.Bookmark {
		return change, nil
	}
	change.Object = found(q, u)
	if event.Type == apiwatch.Deleted || !owns(q, change.Object) {
		change.Object = facts.Object{Ref: change.Object.Ref, Outcome: facts.Absent}
	}
	return change, nil
}
