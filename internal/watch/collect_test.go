package watch

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

func TestQuietCostsNothing(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		for _, kind := range []string{"Component", "Workload", "ReleaseBinding"} {
			w.put(object(kind, "greeter", ""))
			w.source.Get(w.Context(), ref(kind, "greeter"))
			w.source.List(w.Context(), all(kind))
		}
		if asked := w.asked(); len(asked) != 12 {
			w.Errorf("%d requests for six questions, want a list and a watch each: %v", len(asked), asked)
		}
		advance(watchFor - time.Second)
		w.wantsRequests()
		advance(time.Hour)
		asked := w.asked()
		if len(asked) > 6*12 || slices.ContainsFunc(asked, func(r string) bool { return !strings.HasPrefix(r, "WATCH ") }) {
			w.Errorf("an hour without changes took %d requests: %v", len(asked), asked)
		}
		w.put(object("Component", "greeter", "at last"))
		w.changed()
		w.wants(ref("Component", "greeter"), "Found at last")
	})
}

// watchFor is the minimum duration of a watch. internal/kube requests five to ten minutes.
const watchFor = 5 * time.Minute

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		var asking sync.WaitGroup
		for n := range 20 {
			asking.Go(func() {
				w.put(object("Component", "greeter", fmt.Sprint(n)))
				w.source.Get(w.Context(), ref("Component", "greeter"))
				w.source.List(w.Context(), all("Component"))
			})
		}
		asking.Wait()
		synctest.Wait()
		one := w.source.Get(w.Context(), ref("Component", "greeter"))
		_, list := w.source.List(w.Context(), all("Component"))
		if diff := cmp.Diff([]facts.Object{one}, list); diff != "" {
			w.Errorf("(-object +list)\n%s", diff)
		}
		if asked := w.asked(); len(asked) != 4 && len(asked) != 2 { // the list may already contain the object
			w.Errorf("asked %v", asked)
		}
	})
}

// scenario loads a recorded cluster.
func scenario(w fixture, name string) facts.Subject {
	w.Helper()
	s := factstest.Scenario(w.T, name)
	for _, o := range s.Objects() {
		if o.Outcome == facts.Found {
			w.put(o.Body)
		}
	}
	return facts.Subject{Namespace: s.Subject.Namespace, Component: s.Subject.Component}
}

// collected returns the file form of the snapshot that collect.Run reads.
func collected(w fixture, source facts.Source, subject facts.Subject) string {
	w.Helper()
	s, err := collect.Run(w.Context(), source, subject, time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC))
	if err != nil {
		w.Fatal(err)
	}
	var text bytes.Buffer
	if err := snapshotfile.Write(&text, s, snapshotfile.WriteOptions{IncludeValues: true, Logs: true}); err != nil {
		w.Fatal(err)
	}
	return text.String()
}

func TestCollectRunsAgainForNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"healthy", "pod-crash-loop", "path-absent", "component-deleted"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withFixture(t, func(w fixture) {
				subject := scenario(w, name)
				want := collected(w, w.plain, subject)
				plain := len(w.asked())
				if diff := cmp.Diff(want, collected(w, w.source, subject)); diff != "" {
					w.Fatalf("(-without +with watches)\n%s", diff)
				}
				if asked := w.asked(); len(asked) > 2*plain {
					w.Errorf("%d requests, without watches %d", len(asked), plain)
				}
				if diff := cmp.Diff(want, collected(w, w.source, subject)); diff != "" {
					w.Errorf("the second time (-want +got)\n%s", diff)
				}
				w.wantsRequests()
				component := object("Component", subject.Component, "changed")
				component.SetNamespace(subject.Namespace)
				w.put(component)
				w.changed()
				if diff := cmp.Diff(collected(w, w.plain, subject), collected(w, w.source, subject)); diff != "" {
					w.Errorf("after a change (-without +with watches)\n%s", diff)
				}
			})
		})
	}
}

// TestWhatIsNotAskedAnyMoreIsForgotten checks that unused watches end. Otherwise each new release and pod would leave a watch
// open.
func TestWhatIsNotAskedAnyMoreIsForgotten(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wants(ref("Component", "old"), "Absent")
		w.wants(ref("Component", "greeter"), "Absent")
		w.asked()
		for n := range maxEntries + 1 {
			w.put(object("Component", "greeter", fmt.Sprint(n)))
			w.changed()
			w.wants(ref("Component", "greeter"), "Found "+fmt.Sprint(n))
		}
		w.put(object("Component", "old", "one"))
		w.unchanged()
		w.wantsRequests()
		w.wants(ref("Component", "old"), "Found one")
		w.wantsRequests("LIST components metadata.name=old", "WATCH components metadata.name=old")
	})
}
