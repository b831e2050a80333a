package watch

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// retryRefused is the retry interval after a refused request, or if the kind is not installed. Both need a human to fix.
const retryRefused = 10 * time.Second

// relistEvery is the interval at which a list that is longer than its limit is counted again. The required objects of such a list
// are cached by name.
const relistEvery = time.Minute

// staleAfter is the maximum time without a successful response or event. After it, the cached result is considered stale and
// listed again. It is longer than an API server takes to restart.
const staleAfter = 30 * time.Second

// backOff starts with a delay that relieves an overloaded API server. It ends with the longest delay that a user accepts.
func backOff() wait.Backoff {
	return wait.Backoff{Duration: 100 * time.Millisecond, Factor: 2, Jitter: 0.2, Steps: 8, Cap: 5 * time.Second}
}

// follower keeps one entry current. client-go's helpers do not fit. RetryWatcher retries forever if a kind was uninstalled.
// Reflector supports neither tables nor outcomes. It also begins with a list from the watch cache, which may be older than the
// user's last write.
type follower struct {
	entry   *entry
	cluster Cluster
	poll    time.Duration
	polled  *atomic.Int64 // entries of the Source that are polled
	signal  func()

	version   string // the resourceVersion of the result; "": list again
	unlisted  bool   // one object that the user may get, but not list
	unwatched bool   // objects that the user may list, but not watch
	polls     bool   // it is one of polled
	retry     wait.Backoff

	stale       context.Context // ends after staleAfter; nil while the connection works
	cancelStale context.CancelFunc
}

// follow lists e and keeps its result current until ctx ends.
func (s *Source) follow(ctx context.Context, e *entry) {
	defer e.cancel()
	f := follower{entry: e, cluster: s.cluster, poll: s.poll, polled: &s.polled, signal: s.signal, retry: backOff(), cancelStale: func() {}}
	defer f.recordSuccess()
	defer f.setPolls(false)
	for sleep(ctx, f.step(ctx)) {
	}
}

// sleep waits for d. It returns false if ctx has ended.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// step makes one request and returns the delay until the next.
func (f *follower) step(ctx context.Context) time.Duration {
	if f.version == "" {
		return f.relist(ctx)
	}
	return f.watch(ctx)
}

// relist lists all items again.
func (f *follower) relist(ctx context.Context) time.Duration {
	a, version := f.read(ctx)
	if ctx.Err() != nil {
		return 0 // an interrupted request has no result
	}
	switch a.outcome {
	case facts.Found:
		f.recordSuccess()
		f.replace(a)
		if a.truncated && f.entry.query.Limit > 0 {
			return wait.Jitter(relistEvery, 0.1)
		}
		if f.unlisted || f.unwatched || version == "" {
			return f.pollDelay()
		}
		f.setPolls(false)
		f.version = version
		return 0
	case facts.Forbidden, facts.NoKind:
		f.recordSuccess()
		f.unlisted, f.unwatched = false, false // rights may have changed in any way
		f.replace(a)
		return wait.Jitter(retryRefused, 0.1)
	case facts.NotAsked, facts.Absent, facts.Unreachable, facts.Invalid: // a list is never Absent; an Invalid query is never followed
	}
	a.outcome = facts.Unreachable
	if f.recordFailure(ctx) || !f.entry.hasResult() {
		f.replace(a)
	}
	return f.retryDelay(nil)
}

// read lists. If the user may not list the one object, it gets the object instead.
func (f *follower) read(ctx context.Context) (result, string) {
	if !f.unlisted {
		l, objects, version := f.cluster.ListAt(ctx, f.entry.query)
		f.unlisted = l.Outcome == facts.Forbidden && !f.entry.ref.IsZero()
		if !f.unlisted {
			return f.resultOf(l, objects), version
		}
	}
	o := f.cluster.Get(ctx, f.entry.ref)
	a := result{outcome: o.Outcome, reason: o.Reason}
	switch o.Outcome {
	case facts.Found:
		a.items = map[facts.Ref]item{{
			Plane: o.Ref.Plane, Group: o.Ref.Group, Kind: o.Ref.Kind, Namespace: o.Body.GetNamespace(), Name: o.Ref.Name,
		}: itemOf(encode(o))}
	case facts.Absent: // the outcome of a list without items
		a = result{outcome: facts.Found}
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
	}
	return a, ""
}

// resultOf converts a list to a result. Only a list that was Found can be watched and has items to change.
func (f *follower) resultOf(l facts.List, objects []facts.Encoded) result {
	a := result{outcome: l.Outcome, reason: l.Reason, truncated: l.Truncated}
	if l.Outcome != facts.Found {
		return a
	}
	a.items = make(map[facts.Ref]item, len(l.Items))
	for _, ref := range l.Items {
		a.items[ref] = item{}
	}
	for _, o := range objects {
		if !f.entry.referencesOnly() {
			a.items[o.Ref] = itemOf(o)
		}
	}
	return a
}

// recordSuccess records that the connection works, and resets the back-off.
func (f *follower) recordSuccess() {
	f.cancelStale()
	f.stale, f.cancelStale = nil, func() {}
}

// recordFailure records a failure. It reports whether the connection has failed for longer than staleAfter.
func (f *follower) recordFailure(ctx context.Context) bool {
	if f.stale == nil {
		f.stale, f.cancelStale = context.WithTimeout(ctx, staleAfter)
	}
	return f.stale.Err() != nil
}

func (f *follower) replace(a result) {
	if f.entry.replace(a) {
		f.signal()
	}
}

// watch applies changes until the watch ends. The error decides the next step.
func (f *follower) watch(ctx context.Context) time.Duration {
	err := f.cluster.Watch(ctx, f.entry.query, f.version, f.apply)
	switch code := status(err); {
	case code == http.StatusForbidden || code == http.StatusMethodNotAllowed:
		f.unwatched, f.version = true, ""
		return f.pollDelay()
	case code >= 400 && code < 500 && code != http.StatusTooManyRequests:
		// 410: the changes since version were compacted. 404: the kind was uninstalled, and the next list reports that.
		f.version = ""
	default:
		// A watch that ends without an error does not prove a working connection. rest.Request.Watch (client-go v0.36.2) returns an
		// empty watch if the connection breaks before the response.
		if f.recordFailure(ctx) {
			f.version = ""
		}
	}
	return f.retryDelay(err)
}

// apply applies one event of the watch. Every event shows that the connection works.
func (f *follower) apply(e kube.Event) {
	f.recordSuccess()
	f.retry = backOff()
	if e.Version != "" {
		f.version = e.Version
	}
	if !e.Object.Ref.IsZero() && f.entry.apply(e) {
		f.signal()
	}
}

// retryDelay returns the delay until the next attempt. It grows each time and is at least the API server's Retry-After.
func (f *follower) retryDelay(err error) time.Duration {
	seconds, _ := apierrors.SuggestsClientDelay(err)
	return max(f.retry.Step(), min(time.Duration(seconds)*time.Second, retryRefused))
}

// status returns the HTTP code of an API error, and 0 for any other error and for nil.
func status(err error) int {
	var api apierrors.APIStatus
	if !errors.As(err, &api) {
		return 0
	}
	return int(api.Status().Code)
}
