package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
)

// The commits of the recorded clusters.
const (
	healthyCommit = "21cf1bcac300e1de626bc5ac19c9c38d9a0aa865" // of the scenario healthy
	badImage      = "cbfe6016abaa7f53d9fb9ccc20f360fc3fd692a3" // of pod-image-pull: the second release
	first         = "fda30ed9f64473e0d746414442882d7e8d908f90" // of pod-image-pull: the first release
	later         = "0123456789abcdef0123456789abcdef01234567"
	one, two      = "greeter-service-20261121-1", "greeter-service-20261121-2"
)

func clock(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, "2026-11-21T"+text+"Z")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// commit is one that Dana made at a time, and that an object of the cluster has.
func commit(t *testing.T, id, at string, changes ...facts.ObjectChange) facts.Commit {
	t.Helper()
	return facts.Commit{ID: id, Author: "Dana", Subject: "change", Time: clock(t, at), Within: []string{id}, Changes: changes}
}

func added(release, image string) facts.ObjectChange {
	return facts.ObjectChange{Object: facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ComponentRelease", Name: release}, Added: true, Image: image}
}

func bound(environment, release string) facts.ObjectChange {
	return facts.ObjectChange{Object: facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "ReleaseBinding", Name: environment}, Added: true, Environment: environment, Release: release}
}

func repinned(environment, from, to string) facts.ObjectChange {
	c := bound(environment, to)
	c.Added, c.Fields = false, []facts.FieldChange{{Path: "spec.releaseName", Old: from, New: to}}
	return c
}

// told is the history as lines, one for each row: a known time, ? if it is unknown, … if the step is waited for, - if there is none.
func told(t *testing.T, s *facts.Snapshot) []string {
	t.Helper()
	var lines []string
	for _, row := range history.Build(s, assess.Assess(s, s.TakenAt)).Rows {
		line := row.Environment + " " + strings.TrimPrefix(row.Release, "greeter-service-20261121") + " " + string(row.State)
		if row.Commit != nil {
			line += " " + facts.Short(row.Commit.ID)
		}
		for _, step := range row.Steps {
			line += " " + mark(t, step)
		}
		if row.LeadTimeSeconds != nil {
			line += fmt.Sprintf(" lead %v", *row.LeadTimeSeconds)
		}
		if row.Behind != "" {
			line += " behind " + row.Behind
		}
		lines = append(lines, line)
	}
	return lines
}

func mark(t *testing.T, step history.Step) string {
	t.Helper()
	switch step.State {
	case history.StepKnown:
		if step.Source == "" || step.Reason != "" {
			t.Errorf("%s is known, without a source or with a reason: %+v", step.ID, step)
		}
		return step.At.Format(time.TimeOnly)
	case history.StepWaiting:
		return "…"
	case history.StepNone:
		return "-"
	case history.StepUnknown:
	}
	if step.Reason == "" || !step.At.IsZero() {
		t.Errorf("%s is unknown, without a reason or with a time: %+v", step.ID, step)
	}
	return "?"
}

// change changes the objects of a kind whose name ends in a text.
func change(t *testing.T, s *facts.Snapshot, kind, suffix string, apply func(u *unstructured.Unstructured)) {
	t.Helper()
	changed := false
	for _, o := range s.Objects() {
		if o.Ref.Kind == kind && strings.HasSuffix(o.Ref.Name, suffix) && o.Outcome == facts.Found {
			o.Body = o.Body.DeepCopy()
			apply(o.Body)
			s.Put(o)
			changed = true
		}
	}
	if !changed {
		t.Fatalf("no %s *%s", kind, suffix)
	}
}

func set(t *testing.T, value any, path ...string) func(*unstructured.Unstructured) {
	t.Helper()
	return func(u *unstructured.Unstructured) {
		if err := unstructured.SetNestedField(u.Object, value, path...); err != nil {
			t.Fatal(err)
		}
	}
}
