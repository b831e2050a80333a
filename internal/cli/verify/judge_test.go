package verify

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/sources"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// verifyingOf has options as from the command line, and finds these changes in the clone.
func verifyingOf(t *testing.T, changes []facts.Change, args ...string) (v *verifying, asked *int) {
	t.Helper()
	o, err := completed(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	asked = new(int)
	return &verifying{options: o, changes: func(context.Context, *facts.Snapshot) []facts.Change { *asked++; return changes }}, asked
}

// TestTake judges a snapshot. It is final if waiting cannot change it, and kept only for a probe.
func TestTake(t *testing.T) {
	t.Parallel()
	for args, c := range map[string]struct {
		scenario string
		decision verify.Decision
		code     trace.Code // of the first reason
		keeps    bool
	}{
		"--stable-for 0":         {"healthy", verify.Passed, "", false},
		"--probe --stable-for 0": {"healthy", verify.Passed, "", true},
		"--grace 0":              {"pod-image-pull", verify.Failed, trace.CodeImagePullBackOff, false},
	} {
		v, _ := verifyingOf(t, nil, strings.Fields(args)...)
		s := factstest.Scenario(t, c.scenario)
		one := v.candidate(s.Subject)
		v.take(t.Context(), one, s)
		var code trace.Code
		if cause, found := one.judgement.Cause(); found {
			code = cause.Code
		}
		if one.judgement.Decision != c.decision || code != c.code || (one.snapshot != nil) != c.keeps || one.trace == nil {
			t.Errorf("%s: %s %s, snapshot kept %t", args, one.judgement.Decision, code, one.snapshot != nil)
		}
		if one.stability.Grace != v.grace || one.stability.StableFor != v.stableFor {
			t.Errorf("%s: %+v", args, one.stability)
		}
	}
}

// TestExplain: the clone is asked only about what failed, and what it knows is in the finding.
func TestExplain(t *testing.T) {
	t.Parallel()
	const failing = "kustomization-build-fails"
	failed := sources.FailedObjects(factstest.Scenario(t, failing))[0]
	change := facts.Change{Applier: failed.Applier, File: failed.File, Commit: strings.Repeat("ab", 20), Subject: "scale it", Author: "Dana"}
	for name, c := range map[string]struct {
		scenario string
		args     []string
		changes  []facts.Change // of the clone
		known    []facts.Change // of the snapshot
		asked    int
		explains bool
	}{
		"Failed":        {failing, nil, []facts.Change{change}, nil, 1, true},
		"NotInTheClone": {failing, nil, nil, nil, 1, false},
		"Known":         {failing, nil, nil, []facts.Change{change}, 0, true},
		"OfAFile":       {failing, []string{"--snapshot", "f"}, []facts.Change{change}, nil, 0, false},
		"Passed":        {"healthy", []string{"--stable-for", "0"}, []facts.Change{change}, nil, 0, false},
	} {
		v, asked := verifyingOf(t, c.changes, c.args...)
		s := factstest.Scenario(t, c.scenario)
		s.Changes = c.known
		one := v.candidate(s.Subject)
		v.take(t.Context(), one, s)
		cause, _ := one.judgement.Cause()
		if *asked != c.asked || strings.Contains(cause.Hint, "scale it") != c.explains {
			t.Errorf("%s: asked %d times, %q", name, *asked, cause.Hint)
		}
	}
}

// TestFromFile: a file is judged once, at its own time.
func TestFromFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", "..", "testdata", "scenarios", "healthy", "snapshot.yaml")
	for args, want := range map[string]string{"": "", "greeter-service": "", "other": "is a snapshot of component greeter-service"} {
		v, _ := verifyingOf(t, nil, append(strings.Fields(args), "--snapshot", file)...)
		err := v.judge(t.Context())
		if got := message(err); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q, want %q", args, got, want)
		}
		if err != nil {
			continue
		}
		r := v.report()
		taken := factstest.Scenario(t, "healthy").TakenAt
		if v.timeout != 0 || !r.Begun.Equal(taken) || !r.Ended.Equal(taken) || r.Late || len(r.Results) != 1 || r.Results[0].Decision != verify.Passed {
			t.Errorf("%q: %+v", args, r)
		}
	}
}

// noObjects is a cluster in which every list is empty.
type noObjects struct{}

func (noObjects) Get(_ context.Context, ref facts.Ref) facts.Object {
	return facts.Object{Ref: ref, Outcome: facts.Absent}
}

func (noObjects) List(_ context.Context, q facts.Query) (facts.List, []facts.Object) {
	return facts.List{Query: q, Outcome: facts.Found}, nil
}
func (noObjects) Log(_ context.Context, q facts.LogQuery) facts.Log { return facts.Log{Query: q} }

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestUndeclared: what may come with a commit is waited for, and everything else that does not exist is refused at once.
func TestUndeclared(t *testing.T) {
	t.Parallel()
	unknown := errors.New("component \"a\" not found")
	for args, c := range map[string]struct{ err, reported string }{
		"":                               {`component "a" not found`, ""},
		"--revision main":                {"", `component "a" not found; waiting up to 30s for revision main to create it` + "\n"},
		"--revision main --timeout 5s":   {"", `component "a" not found; waiting up to 5s for revision main to create it` + "\n"},
		"--revision main --timeout 0":    {"", ""},
		"--revision main --plane gone=c": {`data plane "gone" not found`, ""},
	} {
		v, _ := verifyingOf(t, nil, append(strings.Fields(args), "--kubeconfig", os.DevNull)...)
		var out strings.Builder
		v.streams = iostreams.IOStreams{Err: &out}
		v.all = []*candidate{{unknown: unknown}}
		err := v.undeclared(t.Context(), noObjects{})
		if got := message(err); !strings.HasPrefix(got, c.err) || c.err == "" && got != "" {
			t.Errorf("%q: %q, want %q", args, got, c.err)
		}
		if _, got, _ := strings.Cut(out.String(), "  "); got != c.reported {
			t.Errorf("%q reports %q, want %q", args, out.String(), c.reported)
		}
	}
}

// TestReportHasCauses: one cause of two components is reported once.
func TestReportHasCauses(t *testing.T) {
	t.Parallel()
	object := facts.Ref{Plane: facts.Control, Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}
	v, _ := verifyingOf(t, nil)
	for _, name := range []string{"a", "b"} {
		reason := verify.Reason{Decision: verify.Failed, Failure: trace.Failure{Finding: trace.Finding{Code: trace.CodeKustomizationBuildFailed, Object: object}}}
		v.all = append(v.all, &candidate{
			final: true, trace: &trace.Trace{Subject: facts.Subject{Namespace: "shop", Component: name}, TakenAt: time.Now()},
			judgement: verify.Judgement{Decision: verify.Failed, Reasons: []verify.Reason{reason}},
		})
	}
	r := v.report()
	if len(r.Causes) != 1 || len(r.Causes[0].Subjects) != 2 {
		t.Errorf("%+v", r.Causes)
	}
	if diff := cmp.Diff([]verify.Requirement{verify.RequireCurrent, verify.RequireHealthy}, r.Gate.Require); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, one := range r.Results {
		if len(one.Reasons[0].Next) == 0 {
			t.Errorf("%s has no commands", one.Trace.Subject.Component)
		}
	}
}
