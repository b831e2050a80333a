package watch

import (
	"context"
	"errors"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// retryRefused is the time until a question is asked again that was refused, or whose kind is not installed: both take a
// human to change.
const retryRefused = 10 * time.Second

// relistEvery is the time until a list that is longer than its limit is counted again. What is needed of it is kept by name.
const relistEvery = time.Minute

// staleAfter is the time without a sign of life from the cluster after which a known answer is doubted, and asked for anew:
// longer than an API server takes to restart.
const staleAfter = 30 * time.Second

// backOff begins with what an overloaded API server needs to see a difference, and ends where a user becomes impatient.
func backOff() wait.Backoff {
	return wait.Backoff{Duration: 100 * time.Millisecond, Factor: 2, Jitter: 0.2, Steps: 8, Cap: 5 * time.Second}
}

// follower keeps one answer current. client-go's own cannot: RetryWatcher retries for ever where a kind was
// uninstalled, and Reflector knows neither tables nor outcomes, and begins with a list from the watch cache, which may
// be older than what the user has just done.
type follower struct {
	entry   *entry
	cluster Cluster
	poll    time.Duration
	signal  func()

	version   string // that the answer is current at; "": ask again
	unlisted  bool   // one object that may be read, but not listed
	unwatched bool   // what may be listed, but not watched
	retry     wait.Backoff

	lost context.Context // ends after staleAfter; nil while there are signs of life
	back context.CancelFunc
}

// follow asks k's question, and keeps its answer current until ctx ends.
func (s *Source) follow(ctx context.Context, k *entry) {
	defer k.cancel()
	f := follower{entry: k, cluster: s.cluster, poll: s.poll, signal: s.signal, retry: backOff(), back: func() {}}
	defer f.alive()
	for pause(ctx, f.step(ctx)) {
	}
}

// pause waits; false when ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
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

// step makes one request, and returns the time until the next.
func (f *follower) step(ctx context.Context) time.Duration {
	if f.version == "" {
		return f.ask(ctx)
	}
	return f.watch(ctx)
}

// ask asks for the whole answer.
func (f *follower) ask(ctx context.Context) time.Duration {
	a, version := f.read(ctx)
	if ctx.Err() != nil {
		return 0 // an interruption is no answer
	}
	switch a.outcome {
	case facts.Found:
		f.alive()
		f.replace(a)
		if a.truncated && f.entry.query.Limit > 0 {
			return wait.Jitter(relistEvery, 0.1)
		}
		if f.unlisted || f.unwatched || version == "" {
			return wait.Jitter(f.poll, 0.1)
		}
		f.version = version
		return 0
	case facts.Forbidden, facts.NoKind:
		f.alive()
		f.unlisted, f.unwatched = false, false // rights may have changed in any way
		f.replace(a)
		return wait.Jitter(retryRefused, 0.1)
	case facts.NotAsked, facts.Absent, facts.Unreachable, facts.Invalid: // Absent is what no list answers, Invalid what is not followed
	}
	a.outcome = facts.Unreachable
	if f.overdue(ctx) || !f.entry.known() {
		f.replace(a)
	}
	return f.later(nil)
}

// read lists; where one object may not be listed, it may still be read.
func (f *follower) read(ctx context.Context) (answer, string) {
	if !f.unlisted {
		l, objects, version := f.cluster.ListAt(ctx, f.entry.query)
		f.unlisted = l.Outcome == facts.Forbidden && !f.entry.ref.IsZero()
		if !f.unlisted {
			return f.listed(l, objects), version
		}
	}
	o := f.cluster.Get(ctx, f.entry.ref)
	a := answer{outcome: o.Outcome, reason: o.Reason}
	switch o.Outcome {
	case facts.Found:
		a.items = map[facts.Ref]*unstructured.Unstructured{{
			Plane: o.Ref.Plane, Group: o.Ref.Group, Kind: o.Ref.Kind, Namespace: o.Body.GetNamespace(), Name: o.Ref.Name,
		}: o.Body}
	case facts.Absent: // as a list says it
		a = answer{outcome: facts.Found}
	case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
	}
	return a, ""
}

// listed is the answer that a list gives. Only what was Found can be watched, and so has items to change.
func (f *follower) listed(l facts.List, objects []facts.Object) answer {
	a := answer{outcome: l.Outcome, reason: l.Reason, truncated: l.Truncated}
	if l.Outcome != facts.Found {
		return a
	}
	a.items = make(map[facts.Ref]*unstructured.Unstructured, len(l.Items))
	for _, ref := range l.Items {
		a.items[ref] = nil
	}
	for _, o := range objects {
		if !f.entry.references() {
			a.items[o.Ref] = o.Body
		}
	}
	return a
}

// alive notes a sign of life.
func (f *follower) alive() {
	f.back()
	f.lost, f.back = nil, func() {}
}

// overdue notes that there was none, and reports whether there was none for longer than staleAfter.
func (f *follower) overdue(ctx context.Context) bool {
	if f.lost == nil {
		f.lost, f.back = context.WithTimeout(ctx, staleAfter)
	}
	return f.lost.Err() != nil
}

func (f *follower) replace(a answer) {
	if f.entry.replace(a) {
		f.signal()
	}
}

// watch follows the changes until the watch ends, and decides by its end how to go on.
func (f *follower) watch(ctx context.Context) time.Duration {
	err := f.cluster.Watch(ctx, f.entry.query, f.version, f.apply)
	switch code := status(err); {
	case code == http.StatusForbidden || code == http.StatusMethodNotAllowed:
		f.unwatched, f.version = true, ""
		return wait.Jitter(f.poll, 0.1)
	case code >= 400 && code < 500 && code != http.StatusTooManyRequests:
		// 410: the changes since version are compacted away. 404: the kind was uninstalled; a list will say so.
		f.version = ""
	default:
		// An end of its own is no sign of life: to rest.Request.Watch (client-go v0.36.2), a connection that breaks
		// before the answer is an empty watch.
		if f.overdue(ctx) {
			f.version = ""
		}
	}
	return f.later(err)
}

// apply takes in one event of the watch: a sign of life in any case.
func (f *follower) apply(e kube.Event) {
	f.alive()
	f.retry = backOff()
	if e.Version != "" {
		f.version = e.Version
	}
	if !e.Object.Ref.IsZero() && f.entry.apply(e) {
		f.signal()
	}
}

// later is the time until the next attempt, longer each time, and at least what the API server asks for.
func (f *follower) later(err error) time.Duration {
	seconds, _ := apierrors.SuggestsClientDelay(err)
	return max(f.retry.Step(), min(time.Duration(seconds)*time.Second, retryRefused))
}

// status is the HTTP code of an error of the API, 0 for any other and for none.
func status(err error) int {
	var api apierrors.APIStatus
	if !errors.As(err, &api) {
		return 0
	}
	return int(api.Status().Code)
}
