// Package fleettest builds a fleet from one recorded component, for tests.
package fleettest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Name returns the name of component i.
func Name(i int) string { return fmt.Sprintf("greeter-%04d", i) }

// recorded is the component of the scenario that is multiplied.
const recorded = "greeter-service"

// Multiply copies the objects of greeter-service in a snapshot once for each of the given number of components. Each copy has its
// own names and uids. Shared objects occur once, and the inventories list all copies.
func Multiply(tb testing.TB, s *facts.Snapshot, components int) []facts.Object {
	tb.Helper()
	var shared, all []facts.Object
	own := []string{recorded}
	for _, o := range s.Objects() {
		switch text := encode(tb, o); {
		case o.Outcome != facts.Found:
		case o.Ref.Kind == "Kustomization":
			shared = append(shared, grown(tb, o, components))
		case strings.Contains(text, recorded):
			all = append(all, o)
			own = append(own, string(o.Body.GetUID()))
		default:
			shared = append(shared, o)
		}
	}
	for i := range components {
		named := renamer(own, i)
		for _, o := range all {
			shared = append(shared, decode(tb, named.Replace(encode(tb, o))))
		}
	}
	return shared
}

// renamer replaces the name and the uids of the component with those of component i.
func renamer(own []string, i int) *strings.Replacer {
	var pairs []string
	for _, word := range own[1:] {
		if word != "" {
			pairs = append(pairs, word, fmt.Sprintf("%s-%d", word, i))
		}
	}
	return strings.NewReplacer(append(pairs, recorded, Name(i))...)
}

// grown returns a Kustomization that has applied all components.
func grown(tb testing.TB, o facts.Object, components int) facts.Object {
	tb.Helper()
	o.Body = o.Body.DeepCopy()
	items := kinds.Items(o.Body, "status", "inventory", "entries")
	entries := []any{}
	for _, item := range items {
		id := kinds.String(item, "id")
		for i := range components {
			entry := map[string]any{"id": strings.ReplaceAll(id, recorded, Name(i)), "v": kinds.String(item, "v")}
			if i == 0 || strings.Contains(id, recorded) {
				entries = append(entries, entry)
			}
		}
	}
	if len(items) > 0 {
		annotations := o.Body.GetAnnotations()
		delete(annotations, kinds.AnnotationInventoryEntries) // a recorded Kustomization has it, but this inventory is complete
		o.Body.SetAnnotations(annotations)
		if err := unstructured.SetNestedSlice(o.Body.Object, entries, "status", "inventory", "entries"); err != nil {
			tb.Fatal(err)
		}
	}
	return o
}

type coded struct {
	Ref  facts.Ref
	Body map[string]any
}

func encode(tb testing.TB, o facts.Object) string {
	tb.Helper()
	c := coded{Ref: o.Ref}
	if o.Body != nil {
		c.Body = o.Body.Object
	}
	text, err := json.Marshal(c)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func decode(tb testing.TB, text string) facts.Object {
	tb.Helper()
	var c struct {
		Ref  facts.Ref
		Body json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		tb.Fatal(err)
	}
	body := &unstructured.Unstructured{} // UnmarshalJSON distinguishes integers from floats
	if err := body.UnmarshalJSON(c.Body); err != nil {
		tb.Fatal(err)
	}
	return facts.Object{Ref: c.Ref, Outcome: facts.Found, Body: body}
}

// Subjects returns the components of a fleet.
func Subjects(s *facts.Snapshot, components int) []facts.Subject {
	var all []facts.Subject
	for i := range components {
		all = append(all, facts.Subject{Namespace: s.Subject.Namespace, Component: Name(i)})
	}
	return slices.Clip(all)
}

// InThreeEnvironments adds the objects of staging once more, as those of production: components were recorded in two of three
// environments.
func InThreeEnvironments(tb testing.TB, s *facts.Snapshot) *facts.Snapshot {
	tb.Helper()
	var staging []facts.Object
	pairs := []string{"staging", "production"}
	for _, o := range s.Objects() {
		if o.Outcome == facts.Found && o.Ref.Kind != "Environment" && o.Ref.Kind != "Kustomization" && strings.Contains(o.Ref.Namespace+o.Ref.Name, "staging") {
			staging = append(staging, o)
			pairs = append(pairs, string(o.Body.GetUID()), string(o.Body.GetUID())+"-production")
		}
	}
	named := strings.NewReplacer(pairs...)
	for _, o := range staging {
		s.Put(decode(tb, named.Replace(encode(tb, o))))
	}
	return s
}
