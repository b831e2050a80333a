package watch

import (
	"slices"
	"strconv"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func forbidden() *metav1.Status {
	return answerStatus(403, metav1.StatusReasonForbidden, `User "dora" cannot do this`)
}

// TestWhatCannotBeWatchedIsPolled covers a role that allows get for an object, but not list or watch.
func TestWhatCannotBeWatchedIsPolled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refused []string
		status  *metav1.Status
		polled  string
	}{
		"NoWatch":      {[]string{"WATCH"}, forbidden(), "LIST components metadata.name=greeter"},
		"NotWatchable": {[]string{"WATCH"}, answerStatus(405, metav1.StatusReasonMethodNotAllowed, "no"), "LIST components metadata.name=greeter"},
		"NoList":       {[]string{"WATCH", "LIST"}, forbidden(), "GET components/greeter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withFixture(t, func(w fixture) {
				greeter := ref("Component", "greeter")
				w.forbid(refusing(c.status, c.refused...))
				w.wants(greeter, "Absent")
				w.put(object("Component", "greeter", "one"))
				advance(2 * time.Second)
				w.changed()
				w.wants(greeter, "Found one")
				w.asked()
				advance(10 * time.Second)
				asked := w.asked()
				if len(asked) < 9 || len(asked) > 11 || slices.ContainsFunc(asked, func(r string) bool { return r != c.polled }) {
					w.Errorf("in ten seconds asked %v, want %s every second", asked, c.polled)
				}
				w.unchanged()
				w.remove(object("Component", "greeter", ""))
				advance(2 * time.Second)
				w.changed()
				w.wants(greeter, "Absent")
			})
		})
	}
}

// TestPollsAreBounded: the more objects are polled, the longer is the interval, up to ten seconds.
func TestPollsAreBounded(t *testing.T) {
	t.Parallel()
	for count, interval := range map[int]int{10: 1, 60: 3, 400: 10} {
		t.Run(strconv.Itoa(count), func(t *testing.T) {
			t.Parallel()
			withFixture(t, func(w fixture) {
				w.forbid(refusing(forbidden(), "WATCH"))
				for i := range count {
					w.wants(ref("Component", "greeter-"+strconv.Itoa(i)), "Absent")
				}
				advance(30 * time.Second)
				w.asked()
				advance(time.Minute)
				if asked, want := len(w.asked()), count*60/interval; asked < want*8/10 || asked > want*11/10 {
					w.Errorf("%d requests in a minute, want about %d", asked, want)
				}
				w.put(object("Component", "greeter-7", "one"))
				advance(12 * time.Second)
				w.changed()
				w.wants(ref("Component", "greeter-7"), "Found one")
			})
		})
	}
}

func TestRefusalsAreAskedAgainFromTimeToTime(t *testing.T) {
	t.Parallel()
	notServed := answerStatus(404, metav1.StatusReasonNotFound, "the server could not find the requested resource")
	for name, c := range map[string]struct {
		status *metav1.Status
		want   facts.Outcome
	}{"Forbidden": {forbidden(), facts.Forbidden}, "NoKind": {notServed, facts.NoKind}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withFixture(t, func(w fixture) {
				w.put(object("Component", "greeter", "one"))
				w.forbid(refusing(c.status, "LIST", "GET", "WATCH"))
				greeter := ref("Component", "greeter")
				if o, plain := w.source.Get(w.Context(), greeter), w.plain.Get(w.Context(), greeter); o.Outcome != c.want || o != plain {
					w.Fatalf("%+v, without watches %+v", o, plain)
				}
				l, _ := w.source.List(w.Context(), all("Component"))
				if plain, _ := w.plain.List(w.Context(), all("Component")); l.Outcome != c.want || l.Reason != plain.Reason {
					w.Fatalf("%+v, without watches %+v", l, plain)
				}
				w.asked()
				advance(65 * time.Second)
				if asked := len(w.asked()); asked < 10 || asked > 18 { // after Forbidden, one list and one get
					w.Errorf("asked %d times in a minute", asked)
				}
				w.unchanged()
				w.forbid(nil)
				advance(12 * time.Second)
				w.changed()
				w.wants(greeter, "Found one")
				w.asked()
				advance(time.Minute)
				w.wantsRequests()
			})
		})
	}
}

// TestAWatchThatIsRefusedLater covers a running watch whose rights are revoked or whose CustomResourceDefinition is deleted.
func TestAWatchThatIsRefusedLater(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status *metav1.Status
		want   string
	}{
		"Forbidden":    {forbidden(), "Forbidden"},
		"Unauthorized": {answerStatus(401, metav1.StatusReasonUnauthorized, "Unauthorized"), "Forbidden"},
		"NoKind":       {answerStatus(404, metav1.StatusReasonNotFound, "not served"), "NoKind"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withFixture(t, func(w fixture) {
				w.wants(ref("Component", "greeter"), "Absent")
				w.forbid(refusing(c.status, "LIST", "GET", "WATCH"))
				w.cut()
				advance(10 * time.Second)
				w.changed()
				w.wants(ref("Component", "greeter"), c.want)
			})
		})
	}
}
