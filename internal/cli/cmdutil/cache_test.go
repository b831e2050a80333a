package cmdutil

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func ofComponent(name string) *facts.Snapshot {
	return facts.New(facts.Subject{Component: name}, time.Time{})
}

func componentOf(s *facts.Snapshot) string { return s.Subject.Component }

// TestCacheByKey: an answer that the end of its context may have cut short is not kept.
func TestCacheByKey(t *testing.T) {
	t.Parallel()
	asked := 0
	cached := CacheByKey(componentOf, func(context.Context, *facts.Snapshot) int { asked++; return asked })
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var got []int
	for _, c := range []struct {
		ctx  context.Context
		name string
	}{{t.Context(), "a"}, {t.Context(), "a"}, {t.Context(), "b"}, {t.Context(), "a"}, {ended, "c"}, {ended, "c"}, {t.Context(), "c"}, {ended, "c"}} {
		got = append(got, cached(c.ctx, ofComponent(c.name)))
	}
	if diff := cmp.Diff([]int{1, 1, 2, 1, 3, 4, 5, 5}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCacheFor keeps the last answer, for as long as the key stays and the answer is not older than its age.
func TestCacheFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		cached := CacheFor(time.Minute, componentOf, func(context.Context, *facts.Snapshot) int { asked++; return asked })
		var got []int
		for _, c := range []struct {
			wait time.Duration
			name string
		}{{0, "a"}, {time.Minute, "a"}, {time.Second, "a"}, {0, "b"}, {0, "a"}, {time.Second, "a"}} {
			time.Sleep(c.wait)
			got = append(got, cached(t.Context(), ofComponent(c.name)))
		}
		if diff := cmp.Diff([]int{1, 1, 2, 3, 4, 4}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
