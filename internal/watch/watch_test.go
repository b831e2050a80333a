package watch

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestAnObjectStaysCurrent(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		greeter := ref("Component", "greeter")
		w.wants(greeter, "Absent")
		w.wantsRequests("LIST components metadata.name=greeter", "WATCH components metadata.name=greeter")
		for _, value := range []string{"one", "two"} {
			w.put(object("Component", "greeter", value))
			w.changed()
			w.wants(greeter, "Found "+value)
		}
		w.remove(object("Component", "greeter", ""))
		w.changed()
		w.wants(greeter, "Absent")
		w.put(object("Component", "other", "one"))
		w.unchanged()
		w.wantsRequests()
	})
}

func TestAnswersAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.put(object("Component", "greeter", "one"))
		spoil := func(u *unstructured.Unstructured) {
			_ = unstructured.SetNestedField(u.Object, "spoilt", "spec", "value")
		}
		spoil(w.source.Get(w.Context(), ref("Component", "greeter")).Body)
		w.wants(ref("Component", "greeter"), "Found one")
		l, objects := w.source.List(w.Context(), all("Component"))
		spoil(objects[0].Body)
		l.Items[0].Name = "spoilt"
		l, objects = w.source.List(w.Context(), all("Component"))
		if names(l) != "greeter" || kinds.Text(objects[0].Body, "spec", "value") != "one" {
			w.Errorf("%+v", l)
		}
	})
}

func TestChangesAreOneReceipt(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wants(ref("Component", "greeter"), "Absent")
		for n := range 10 {
			w.put(object("Component", "greeter", fmt.Sprint(n)))
			synctest.Wait()
		}
		w.changed()
		w.unchanged()
		w.wants(ref("Component", "greeter"), "Found 9")
	})
}

func TestClosedAnswersWhatWasKnown(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wants(ref("Component", "greeter"), "Absent")
		w.source.Close()
		w.source.Close()
		w.asked()
		w.put(object("Component", "greeter", "one"))
		w.wants(ref("Component", "greeter"), "Absent")
		w.wants(ref("Component", "other"), "Unreachable")
		if l, _ := w.source.List(w.Context(), all("Component")); l.Outcome != facts.Unreachable || l.Reason != "interrupted" {
			w.Errorf("%+v", l)
		}
		w.wantsRequests()
		w.unchanged()
	})
}

func TestWhatIsNeverReadIsNotAskedFor(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		secret := facts.Ref{Plane: facts.Control, Kind: "Secret", Namespace: "default", Name: "password"}
		w.wants(secret, "NoKind")
		if l, _ := w.source.List(w.Context(), facts.Query{Plane: facts.Control, Kind: "Secret"}); l.Outcome == facts.Found {
			w.Errorf("%+v", l)
		}
		advance(time.Minute)
		w.wantsRequests()
	})
}

func TestWhoDoesNotWaitHearsOfTheAnswer(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.wire.set(false, true)
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		if o := w.source.Get(ctx, ref("Component", "greeter")); o.Outcome != facts.Unreachable || o.Reason != "interrupted" {
			w.Fatalf("%+v", o)
		}
		w.wire.set(false, false)
		advance(time.Minute)
		w.changed()
		w.wants(ref("Component", "greeter"), "Absent")
	})
}

// TestAnInvalidReferenceIsNotAbsent checks that an invalid reference is not Absent, although a complete list does not contain it.
// It must cost no request.
func TestAnInvalidReferenceIsNotAbsent(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
		w.source.List(w.Context(), facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "default"})
		w.asked() // discard the requests of the list and its watch
		if o := w.source.Get(w.Context(), ref("Component", "../greeter")); o.Outcome != facts.Invalid {
			w.Errorf("%s %q", o.Outcome, o.Reason)
		}
		q := facts.Query{Plane: facts.Control, Kind: "Pod", Namespace: "../default"}
		if l, _ := w.source.List(w.Context(), q); l.Outcome != facts.Invalid {
			w.Errorf("%s %q", l.Outcome, l.Reason)
		}
		if asked := w.asked(); len(asked) != 0 {
			w.Errorf("requests %q", asked)
		}
	})
}
