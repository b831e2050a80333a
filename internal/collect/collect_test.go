package collect

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

func TestBudgetOfTheHealthyPath(t *testing.T) {
	t.Parallel()
	for _, environments := range [][]string{{"development"}, {"development", "staging"}} {
		c, subject := recorded(t, "healthy")
		subject.Environments = environments
		collect(t, c, subject)
		// Both environments pin one release, which is requested once; with two releases a further environment costs five.
		if want := 15 + 4*len(environments); len(c.asked) != want {
			slices.Sort(c.asked)
			t.Errorf("%v: %d requests, want %d\n%s", environments, len(c.asked), want, strings.Join(c.asked, "\n"))
		}
		c, _ = recorded(t, "healthy")
		if got := waves(t, c, subject); got != 3 {
			t.Errorf("%v: %d waves, want 3", environments, got)
		}
		if n := c.count("LIST Event") + c.count("LOG"); n > 0 {
			t.Errorf("%v: the healthy path asked %d times for events and logs", environments, n)
		}
	}
}

func TestNothingIsAskedTwice(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"healthy", "pod-crash-loop", "component-deleted", "source-cannot-fetch"} {
		c, subject := recorded(t, scenario)
		collect(t, c, subject)
		slices.Sort(c.asked)
		if unique := slices.Compact(slices.Clone(c.asked)); len(unique) != len(c.asked) {
			t.Errorf("%s: %d questions, %d different\n%s", scenario, len(c.asked), len(unique), strings.Join(c.asked, "\n"))
		}
	}
}

func TestTheSameClusterGivesTheSameSnapshot(t *testing.T) {
	t.Parallel()
	var first string
	for range 5 {
		c, subject := recorded(t, "pod-crash-loop")
		var out strings.Builder
		if err := snapshotfile.Write(&out, collect(t, c, subject), snapshotfile.WriteOptions{Logs: true}); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = out.String()
		}
		if diff := cmp.Diff(first, out.String()); diff != "" {
			t.Fatalf("(-first +later)\n%s", diff)
		}
	}
}

func TestAbsentComponentAsksForNames(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	subject.Component = "greter-service"
	s := collect(t, c, subject)
	near := s.List(facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: subject.Namespace, Names: true})
	if near.Outcome != facts.Found || len(near.Items) != 1 || near.Items[0].Name != "greeter-service" {
		t.Errorf("%+v", near)
	}
	if n := c.count("LIST Application few"); n != 1 {
		t.Errorf("%d lists of Applications, of which one may be the reason; want 1", n)
	}
}

// TestRefusalsAreFacts expects that collect ends whatever is refused, and that the Snapshot records each refusal.
func TestRefusalsAreFacts(t *testing.T) {
	t.Parallel()
	for _, outcome := range []facts.Outcome{facts.Forbidden, facts.Unreachable, facts.NoKind} {
		for _, refused := range []string{"", "Kustomization", "ReleaseBinding", "Pod", "Environment", "RenderedRelease", "GitRepository"} {
			c, subject := recorded(t, "healthy")
			c.refuse = func(kind string) facts.Outcome {
				if refused == "" || kind == refused {
					return outcome
				}
				return facts.NotAsked
			}
			s := collect(t, c, subject)
			if len(c.asked) > 40 {
				t.Errorf("%s %q: %d requests", outcome, refused, len(c.asked))
			}
			for _, l := range s.Lists() {
				if (refused == "" || l.Query.Kind == refused) && l.Outcome != outcome {
					t.Errorf("%s %q: the list of %s is %s", outcome, refused, l.Query.Kind, l.Outcome)
				}
			}
		}
	}
}

func TestRunRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	if _, err := Run(t.Context(), c, facts.Subject{Component: "x"}, takenAt()); err == nil {
		t.Error("a subject without a namespace was accepted")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, c, subject, takenAt()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the cancellation", err)
	}
}
