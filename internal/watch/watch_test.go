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
	in(t, func(w world) {
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

func TestAListStaysCurrent(t *testing.T) {
	t.Parallel()
	in(t, func(w world) {
		member := func(name, team string) *unstructured.Unstructured {
			u := object("Component", name, name)
			u.SetLabels(map[string]string{"team": team})
			return u
		}
		q := all("Component")
		q.Labels = "team=a"
		w.put(member("one", "a"))
		w.put(member("two", "b"))
		wants := func(want string) {
			w.Helper()
			l, objects := w.source.List(w.Context(), q)
			if l.Outcome != facts.Found || names(l) != want || len(objects) != len(l.Items) {
				w.Fatalf("%s %q with %d objects, want %q", l.Outcome, names(l), len(objects), want)
			}
		}
		wants("one")
		w.put(member("two", "a"))
		w.changed()
		wants("one two")
		w.put(member("one", "b"))
		w.changed()
		wants("two")
		w.remove(member("two", ""))
		w.changed()
		wants("")
		w.put(member("three", "b"))
		w.unchanged()
		w.wantsRequests("LIST components team=a", "WATCH components team=a")
	})
}

// TestAnObjectOfAWholeListIsNotAskedFor checks that a list of all objects of a kind serves a Get of each of them.
func TestAnObjectOfAWholeListIsNotAskedFor(t *testing.T) {
	t.Parallel()
	in(t, func(w world) {
		w.put(object("Environment", "dev", "one"))
		w.source.List(w.Context(), all("Environment"))
		w.wants(ref("Environment", "dev"), "Found one")
		w.wants(ref("Environment", "prod"), "Absent")
		w.put(object("Environment", "prod", "two"))
		w.changed()
		w.wants(ref("Environment", "prod"), "Found two")
		w.wantsRequests("LIST environments", "WATCH environments")
	})
}

// TestALimitedListStaysCurrent checks that a list within its limit is complete and stays current. A longer list has no items and
// is counted again.
func TestALimitedListStaysCurrent(t *testing.T) {
	t.Parallel()
	in(t, func(w world) {
		q := all("Environment")
		q.Limit = 2
		wants := func(want string, truncated bool) {
			w.Helper()
			l, objects := w.source.List(w.Context(), q)
			if l.Outcome != facts.Found || names(l) != want || len(objects) != len(l.Items) || l.Truncated != truncated || l.Query != q {
				w.Fatalf("%+v with %d objects, want %q, truncated %t", l, len(objects), want, truncated)
			}
		}
		for _, name := range []string{"dev", "prod", "test"} {
			w.put(object("Environment", name, "one"))
		}
		wants("", true)
		w.wants(ref("Environment", "dev"), "Found one")
		w.wantsRequests("LIST environments", "LIST environments metadata.name=dev", "WATCH environments metadata.name=dev")
		w.remove(object("Environment", "test", ""))
		pass(2 * relistEvery)
		w.changed()
		wants("dev prod", false)
		w.wantsRequests("LIST environments", "WATCH environments")
		w.wants(ref("Environment", "prod"), "Found one")
		w.wants(ref("Environment", "test"), "Absent")
		w.put(object("Environment", "prod", "two"))
		w.changed()
		w.wants(ref("Environment", "prod"), "Found two")
		w.put(object("Environment", "test", "two"))
		w.changed()
		wants("", true)
		w.remove(object("Environment", "test", ""))
		w.changed()
		wants("dev prod", false)
		w.wantsRequests()
	})
}

func owned(name, owner string) *unstructured.Unstructured {
	u := object("ReleaseBinding", name, "")
	_ = unstructured.SetNestedField(u.Object, owner, "spec", "owner", "componentName")
	return u
}

// TestOwnersAndNamesComeFromATableAndStayCurrent covers bindings, which have no field selector for their owner. Bindings of other
// owners must not be cached.
func TestOwnersAndNamesComeFromATableAndStayCurrent(t *testing.T) {
	t.Parallel()
	in(t, func(w world) {
		ofGreeter, allNames := all("ReleaseBinding"), all("ReleaseBinding")
		ofGreeter.Owner, allNames.Names = "greeter", true
		w.put(owned("greeter-dev", "greeter"))
		w.put(owned("other-dev", "other"))
		wants := func(q facts.Query, want string) {
			w.Helper()
			l, objects := w.source.List(w.Context(), q)
			if l.Outcome != facts.Found || names(l) != want || len(objects) > 0 {
				w.Fatalf("%s %q with %d objects, want %q", l.Outcome, names(l), len(objects), want)
			}
		}
		wants(ofGreeter, "greeter-dev")
		w.put(owned("greeter-prod", "greeter"))
		w.changed()
		wants(ofGreeter, "greeter-dev greeter-prod")
		w.put(owned("greeter-prod", "greeter")) // its status changes, for example: the list is the same
		w.put(owned("other-prod", "other"))
		w.unchanged()
		w.put(owned("greeter-prod", "other"))
		w.changed()
		wants(ofGreeter, "greeter-dev")
		w.wantsRequests("TABLE releasebindings", "WATCH releasebindings")
		wants(allNames, "greeter-dev greeter-prod other-dev other-prod")
		w.remove(owned("greeter-dev", ""))
		w.changed()
		wants(ofGreeter, "")
		wants(allNames, "greeter-prod other-dev other-prod")
	})
}

func TestAnswersAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	in(t, func(w world) {
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
	in(t, func(w world) {
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
	in(t, func(w world) {
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
	in(t, func(w world) {
		secret := facts.Ref{Plane: facts.Control, Kind: "Secret", Namespace: "default", Name: "password"}
		w.wants(secret, "NoKind")
		if l, _ := w.source.List(w.Context(), facts.Query{Plane: facts.Control, Kind: "Secret"}); l.Outcome == facts.Found {
			w.Errorf("%+v", l)
		}
		pass(time.Minute)
		w.wantsRequests()
	})
}

func TestWhoDoesNotWaitHearsOfTheAnswer(t *testing.T) {
	t.Parallel()
	in(t, func(w world) {
		w.wire.set(false, true)
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		if o := w.source.Get(ctx, ref("Component", "greeter")); o.Outcome != facts.Unreachable || o.Reason != "interrupted" {
			w.Fatalf("%+v", o)
		}
		w.wire.set(false, false)
		pass(time.Minute)
		w.changed()
		w.wants(ref("Component", "greeter"), "Absent")
	})
}

// TestAnInvalidReferenceIsNotAbsent checks that an invalid reference is not Absent, although a complete list does not contain it.
// It must cost no request.
func TestAnInvalidReferenceIsNotAbsent(t *testing.T) {
	t.Parallel()
	in(t, func(w world) {
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
