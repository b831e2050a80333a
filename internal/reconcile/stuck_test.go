package reconcile

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reconcile/plan"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestASilentController: nothing is acknowledged, and what is said of it depends on what is known of the controller.
func TestASilentController(t *testing.T) {
	t.Parallel()
	lease := `{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {namespace: flux-system, name: source-controller-leader-election}, spec: {leaseDurationSeconds: 35, renewTime: "%s"}}`
	deployment := `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: flux-system, name: source-controller}, spec: {template: {spec: {containers: [{args: ["--watch-label-selector=!sharding.fluxcd.io/key"]}]}}}, status: {availableReplicas: %d}}`
	for name, c := range map[string]struct {
		known []string
		shard string
		want  string
	}{
		"NothingKnown": {
			nil, "",
			"nothing has acknowledged the request in 40s: is source-controller running? Nothing is known of it: no Deployment and no Lease of its name in namespace flux-system",
		},
		"NoReplica": {[]string{fmt.Sprintf(deployment, 0)}, "", "Deployment flux-system/source-controller has no available replica, so no request is handled"},
		"StaleLease": {
			[]string{fmt.Sprintf(lease, "1999-12-31T23:50:00Z")},
			"",
			"source-controller has not renewed its Lease flux-system/source-controller-leader-election for 10m10s, so no request is handled",
		},
		"LooksAlive": {
			[]string{fmt.Sprintf(deployment, 1), fmt.Sprintf(lease, "2000-01-01T00:00:05Z")},
			"",
			"nothing has acknowledged the request in 40s: is source-controller running? It renewed its Lease 35s ago, so it may be busy or not watch this namespace",
		},
		"AnotherShard": {
			[]string{fmt.Sprintf(deployment, 1)},
			"two",
			"it is labelled sharding.fluxcd.io/key=two, and no controller watches that shard",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				source := gitRepository(t, "git", oldRevision)
				if c.shard != "" {
					source.Body.SetLabels(map[string]string{kinds.LabelShard: c.shard})
				}
				objects := []facts.Object{source, kustomization(t, "a", oldRevision)}
				for _, text := range c.known {
					objects = append(objects, object(t, text))
				}
				w := newWorld(objects...)
				w.close() // the controllers stand still from the beginning
				begin := clock()
				check(t, w.run(t, Options{}, ks("a")), "git NotResponding: "+c.want+"\na NotAttempted (git)")
				least := silenceLimit // what is known to be gone is not waited for
				if strings.HasPrefix(c.want, "nothing has acknowledged") {
					least = watchRestartTime
				}
				if took := clock().Sub(begin); took < least || took > least+time.Second {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

// TestAnEarlierRunIsWaitedFor: our run queues behind it, for as long as it may take.
func TestAnEarlierRunIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision))
		w.hosts[ks("a")].takes = 50 * time.Second
		w.client(ks("a"), "someone else")
		var said []string
		r := w.run(t, Options{Full: true, Report: func(e Event) {
			if e.Ref == ks("a") && e.Message != "" {
				said = append(said, fmt.Sprintf("%s: %s", e.State, e.Message))
			}
		}}, ks("a"))
		check(t, r, "git Done\na Done")
		text := strings.Join(said, "\n")
		if !strings.Contains(text, "Asked: an earlier run has not finished for 1") || w.hosts[ks("a")].runs != 2 {
			t.Errorf("%d runs, said:\n%s", w.hosts[ks("a")].runs, text)
		}
	})
}

func TestAControllerThatDiesInARunIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision))
		w.hosts[ks("a")].takes = 10 * time.Second
		time.AfterFunc(3*time.Second, w.close)
		begin := clock()
		r := w.run(t, Options{Full: true}, ks("a"))
		took := clock().Sub(begin)
		// Its run may take a minute; three times that is too long.
		if r.Outcomes[1].State != NotResponding || took < 3*time.Minute || took > 4*time.Minute {
			t.Errorf("after %s:\n%s", took, states(r))
		}
	})
}

// TestARunThatNobodyEndsIsNoticed: it was under way before, at the wanted revision, so that there was no reason to ask.
func TestARunThatNobodyEndsIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := set(t, kustomization(t, "a", newRevision), oldRevision, "status", "lastAppliedRevision")
		put(o.Body, []any{map[string]any{"type": "Ready", "status": "Unknown", "reason": "Progressing", "lastTransitionTime": "1999-12-31T23:00:00Z"}}, "status", "conditions")
		w := newWorld(gitRepository(t, "git", newRevision), o)
		r := w.run(t, Options{}, ks("a"))
		want := "a run does not finish, and has reported no progress for 40s: is kustomize-controller running? "
		if a := r.Outcomes[1]; a.State != NotResponding || !strings.HasPrefix(a.Message, want) {
			t.Error(states(r))
		}
	})
}

// TestStarvedWorkersAreWaitedFor: with all workers taken by others, silence proves nothing.
func TestStarvedWorkersAreWaitedFor(t *testing.T) {
	t.Parallel()
	var others []facts.Object
	for i := range workers {
		o := conditions(t, kustomization(t, fmt.Sprintf("other-%d", i), oldRevision), "Ready Unknown Progressing Running health checks")
		others = append(others, o)
	}
	o := kustomization(t, "a", oldRevision)
	b := newScheduler(plan.Only(o.Ref), Options{})
	b.observe(o, noon)
	n := b.nodes[0]
	n.unblockedAt = noon
	message, wait := diagnose(n, controllerState{others: append(others, o)}, noon.Add(silenceLimit))
	want := "all workers of kustomize-controller are busy: 4 others are reconciling, such as flux-system/other-0"
	if !wait || message != want {
		t.Errorf("wait %v: %s", wait, message)
	}
	more := object(t, `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: flux-system, name: kustomize-controller}, spec: {template: {spec: {containers: [{args: ["--concurrent=5"]}]}}}, status: {availableReplicas: 1}}`)
	if message, wait := diagnose(n, controllerState{others: append(others, o), deployments: []facts.Object{more}}, noon.Add(watchRestartTime)); wait {
		t.Errorf("a fifth worker is idle, but: %s", message)
	}
}

// TestABrokenWatchIsNotTakenForSilence: the answer to the annotation, set once more, is newer than what the watch has brought.
func TestABrokenWatchIsNotTakenForSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision)).pushed(newRevision)
		blind := &blindfold{world: w, seen: map[facts.Ref]facts.Object{}}
		g, err := plan.New(snapshot(gitRepository(t, "git", oldRevision), kustomization(t, "a", oldRevision)), []facts.Ref{ks("a")}, false)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Run(t.Context(), g, blind, Options{Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		check(t, r, "git Done\na Done")
		w.close()
	})
}

// blindfold shows for ever what was seen first.
type blindfold struct {
	*world
	mu   sync.Mutex
	seen map[facts.Ref]facts.Object
}

func (b *blindfold) Get(ctx context.Context, ref facts.Ref) facts.Object {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.seen[ref]; !ok {
		b.seen[ref] = b.world.Get(ctx, ref)
	}
	return b.seen[ref]
}
