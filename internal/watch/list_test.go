package watch

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestAListStaysCurrent(t *testing.T) {
	t.Parallel()
	withFixture(t, func(w fixture) {
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
	withFixture(t, func(w fixture) {
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
	withFixture(t, func(w fixture) {
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
		advance(2 * relistEvery)
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
	withFixture(t, func(w fixture) {
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
