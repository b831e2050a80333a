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
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/timeout"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// The watch request has a timeout of five to ten minutes, as in client-go's Reflector (v0.36.2 tools/cache/reflector.go). So the
// watches of one process do not all restart at once. A stream that is still open some time later is a dead connection.
const (
	watchFor = 5 * time.Minute
	overdue  = 30 * time.Second
)

// Event is one change to the result of a query.
type Event struct {
	// Object is Found, in its current state. It is Absent, without a body, if it was deleted or the query no longer selects it. A
	// zero Ref means that nothing has changed up to Version (a bookmark).
	Object facts.Object
	// Version is the resourceVersion from which the next watch continues.
	Version string
}

// newStream returns a client for watches. Its timeout bounds only the headers. The API server sends the headers of a watch at
// once, and events when there are some (Kubernetes v1.36 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/watch.go).
func newStream(config *rest.Config) (dynamic.Interface, error) {
	c := timeout.Within(config, timeout.Headers)
	c.WarningHandlerWithContext = rest.NoWarnings{}
	return dynamic.NewForConfig(c)
}

// Watch passes each change to the result of q after the resourceVersion from to see. It runs until ctx ends or the API server
// ends the watch. The API server does so from time to time; Watch then returns nil, and the caller continues from the last
// Version. An error comes from the API (use k8s.io/apimachinery/pkg/api/errors; 410 requires a new list) or from the transport.
// The events of a query for an owner or for names have bodies, although its list has none.
func (s *Source) Watch(ctx context.Context, q facts.Query, from string, see func(Event)) error {
	if _, err := listPath(q); err != nil {
		return fmt.Errorf("watch %s: %w", q.Kind, err)
	}
	if s.reader(ctx, q.Plane) != nil {
		return fmt.Errorf("watch %s: data plane %s is not watched", q.Kind, q.Plane)
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
		s.readers.Note(change.Object)
		see(change)
	}
	return nil
}

// open starts a watch.
func (c *cluster) open(ctx context.Context, q facts.Query, kind kinds.Kind, o metav1.ListOptions) (apiwatch.Interface, error) {
	if kind.Namespaced && q.Namespace != "" {
		return c.stream.Resource(kind.Resource()).Namespace(q.Namespace).Watch(ctx, o)
	}
	return c.stream.Resource(kind.Resource()).Watch(ctx, o)
}

// drain stops a watch and waits for its goroutine, which closes the channel when it ends.
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
