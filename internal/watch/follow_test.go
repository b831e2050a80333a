package watch

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAnEndedWatchGoesOn(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wants(ref("Component", "greeter"), "Absent")
		for _, value := range []string{"one", "two", "three"} {
			w.asked()
			w.cut()
			w.put(object("Component", "greeter", value))
			advance(10 * time.Second)
			w.changed()
			w.wants(ref("Component", "greeter"), "Found "+value)
			w.wantsRequests("WATCH components metadata.name=greeter")
			w.unchanged()
		}
	})
}

func TestAnExpiredWatchBeginsWithAList(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.put(object("Component", "gone", ""))
		w.put(object("Component", "same", ""))
		w.source.List(w.Context(), all("Component"))
		w.wantsRequests("LIST components", "WATCH components")
		w.forbid(refusing(answerStatus(500, metav1.StatusReasonInternalError, "not now"), "WATCH"))
		w.cut()
		w.remove(object("Component", "gone", ""))
		w.put(object("Component", "new", ""))
		w.compact()
		advance(time.Second)
		w.unchanged()
		w.asked()
		w.forbid(nil)
		advance(10 * time.Second)
		w.changed()
		if l, _ := w.source.List(w.Context(), all("Component")); names(l) != "new same" {
			w.Errorf("%+v", l)
		}
		w.wantsRequests("WATCH components", "LIST components", "WATCH components")
		w.put(object("Component", "newer", ""))
		w.changed()
	})
}

func TestAnExpiredWatchWithoutChangesIsNoChange(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.put(object("Component", "greeter", "one"))
		w.wants(ref("Component", "greeter"), "Found one")
		w.asked()
		w.put(object("Component", "other", "one"))
		w.compact()
		w.cut()
		advance(10 * time.Second)
		w.unchanged()
		if asked := w.asked(); !slices.Contains(asked, "LIST components metadata.name=greeter") {
			w.Errorf("asked %v", asked)
		}
	})
}

// TestAQuietWatchDoesNotExpire covers an object that does not change while others do. Its resourceVersion expires, and bookmarks
// provide a newer one.
func TestAQuietWatchDoesNotExpire(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wants(ref("Component", "greeter"), "Absent")
		w.asked()
		w.put(object("Component", "other", "one"))
		advance(2 * time.Minute)
		w.compact()
		w.cut()
		advance(10 * time.Second)
		w.unchanged()
		w.wantsRequests("WATCH components metadata.name=greeter")
	})
}

func TestABusyAPIServerIsGivenTime(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]*metav1.Status{
		"Throttled": answerStatus(429, metav1.StatusReasonTooManyRequests, "too many requests"),
		"Broken":    answerStatus(http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable, "no leader"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withFixture(t, func(w fixture) {
				w.wants(ref("Component", "greeter"), "Absent")
				w.asked()
				w.forbid(refusing(status, "WATCH"))
				w.cut()
				advance(time.Minute)
				if asked := w.asked(); len(asked) > 30 {
					w.Errorf("asked %d times in a minute: %v", len(asked), asked)
				}
				w.wants(ref("Component", "greeter"), "Absent")
				w.unchanged()
				w.put(object("Component", "greeter", "one"))
				w.forbid(nil)
				advance(10 * time.Second)
				w.changed()
				w.wants(ref("Component", "greeter"), "Found one")
			})
		})
	}
}

// TestAnOutage checks that the last known answer survives a restart of the API server, but not a long outage.
func TestAnOutage(t *testing.T) {
	t.Parallel()
	for name, silent := range map[string]bool{"Refused": false, "Silent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withFixture(t, func(w fixture) {
				greeter := ref("Component", "greeter")
				w.put(object("Component", "greeter", "one"))
				w.wants(greeter, "Found one")
				w.wire.set(!silent, silent)
				advance(10 * time.Second)
				w.unchanged()
				w.wants(greeter, "Found one")
				advance(time.Minute)
				w.changed()
				w.wants(greeter, "Unreachable")
				advance(10 * time.Minute)
				w.unchanged()
				w.put(object("Component", "greeter", "two"))
				w.wire.set(false, false)
				advance(time.Minute)
				w.changed()
				w.wants(greeter, "Found two")
				w.put(object("Component", "greeter", "three"))
				w.changed()
			})
		})
	}
}

// TestAnExpiredWatchOfABusyAPIServer checks that the cached answer is used while a list fails.
func TestAnExpiredWatchOfABusyAPIServer(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.put(object("Component", "greeter", "one"))
		w.wants(ref("Component", "greeter"), "Found one")
		w.forbid(refusing(answerStatus(503, metav1.StatusReasonServiceUnavailable, "no leader"), "LIST", "WATCH"))
		w.cut()
		w.put(object("Component", "greeter", "two"))
		w.compact()
		w.forbid(refusing(answerStatus(503, metav1.StatusReasonServiceUnavailable, "no leader"), "LIST"))
		advance(20 * time.Second)
		w.unchanged()
		w.wants(ref("Component", "greeter"), "Found one")
		w.forbid(nil)
		advance(10 * time.Second)
		w.changed()
		w.wants(ref("Component", "greeter"), "Found two")
	})
}

// TestADeadWatchIsNoticed covers a connection that dies without a visible end.
func TestADeadWatchIsNoticed(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wants(ref("Component", "greeter"), "Absent")
		w.freeze()
		w.put(object("Component", "greeter", "one"))
		w.unchanged()
		advance(11 * time.Minute)
		w.changed()
		w.wants(ref("Component", "greeter"), "Found one")
	})
}

func TestARestartIsNotNoticed(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.put(object("Component", "greeter", "one"))
		w.wants(ref("Component", "greeter"), "Found one")
		w.asked()
		w.wire.set(true, false)
		advance(10 * time.Second)
		w.wire.set(false, false)
		advance(10 * time.Second)
		w.unchanged()
		w.wantsRequests("WATCH components metadata.name=greeter")
		w.put(object("Component", "greeter", "two"))
		w.changed()
	})
}

func TestAFirstAnswerMayBeThatThereIsNone(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wire.set(true, false)
		w.wants(ref("Component", "greeter"), "Unreachable")
		if o := w.source.Get(w.Context(), ref("Component", "greeter")); !strings.Contains(o.Reason, "connection refused") {
			w.Errorf("reason %q", o.Reason)
		}
		advance(time.Minute)
		w.unchanged()
		w.wire.set(false, false)
		advance(10 * time.Second)
		w.changed()
		w.wants(ref("Component", "greeter"), "Absent")
	})
}
