package timeline_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/history"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/timeline"
)

func at() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) }

func seconds(s float64) *float64 { return &s }

// sample has a release that runs, and one environment that is not bound.
func sample() *history.History {
	known := func(id history.StepID, after time.Duration, took float64) history.Step {
		s := history.Step{ID: id, State: history.StepKnown, At: at().Add(-time.Hour + after), Source: "field " + string(id)}
		if took > 0 {
			s.TookSeconds = seconds(took)
		}
		return s
	}
	return &history.History{
		TakenAt: at(), Git: history.Git{Head: "0123456789"},
		Rows: []history.Row{
			{
				Environment: "development", Release: "greeter-2", State: history.Running, Commit: &history.Commit{ID: "0123456789", Author: "Dana"}, LeadTimeSeconds: seconds(75),
				Steps: []history.Step{
					known(history.StepCommitted, 0, 0),
					{ID: history.StepMerged, State: history.StepNone},
					known(history.StepFetched, 15*time.Second, 15),
					known(history.StepApplied, 30*time.Second, 15),
					{ID: history.StepRendered, State: history.StepUnknown, Reason: "nothing records it"},
					{ID: history.StepStarted, State: history.StepUnknown, Reason: "nothing records it"},
					known(history.StepRunning, 75*time.Second, 45),
				},
			},
			{Environment: "staging", State: history.NotBound, Behind: "development"},
		},
		LeadTimes: []history.LeadTime{{Environment: "development", MedianSeconds: seconds(75), Known: 1, Unknown: 2}},
	}
}

func printed(t *testing.T, h *history.History, format string, o style.Options) string {
	t.Helper()
	var out bytes.Buffer
	o.Now = at()
	if err := (timeline.Report{History: h}).Print(&out, format, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestTable: each release and environment is a line; on a narrow terminal it has lines of its own. A reason is printed once.
func TestTable(t *testing.T) {
	t.Parallel()
	const notes = `
lead time in development, from commit to running: median 1m15s of 1 known, 2 unknown
? rendered, started: nothing records it
`
	for width, want := range map[int]string{
		0: `
ENVIRONMENT  RELEASE    STATE                          COMMIT   AUTHOR  COMMITTED  MERGED  FETCHED  APPLIED  RENDERED  STARTED  RUNNING  LEAD TIME
development  greeter-2  running                        0123456  Dana    60m ago    -       +15s     +15s     ?         ?        +45s     1m15s
staging      -          not bound, behind development  -        -       -          -       -        -        -         -        -        -
` + notes,
		100: `
development  greeter-2  running
  commit 0123456 of Dana, committed 60m ago, merged -, fetched +15s, applied +15s, rendered ?,
  started ?, running +45s; lead time 1m15s
staging  -  not bound, behind development
` + notes,
	} {
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), printed(t, sample(), "table", style.Options{Width: width})); diff != "" {
			t.Errorf("width %d (-want +got)\n%s", width, diff)
		}
	}
}

// TestLife: a commit has what it changed, and in each environment its steps, with the source or the reason.
func TestLife(t *testing.T) {
	t.Parallel()
	h := sample()
	h.Rows[0].Steps = append(h.Rows[0].Steps[:3:3], history.Step{ID: history.StepApplied, State: history.StepWaiting, Reason: "not yet"}, history.Step{ID: history.StepRendered, Reason: "nothing records it"})
	h.Life = &history.Life{
		Release: "greeter-2",
		Commit: facts.Commit{ID: "0123456789", Author: "Dana", Subject: "bump", Time: at(), Changes: []facts.ObjectChange{
			{Object: facts.Ref{Plane: facts.Control, Kind: "ComponentRelease", Name: "greeter-2"}, File: "release.yaml", Added: true, Image: "greeter:2"},
			{Object: facts.Ref{Plane: facts.Control, Kind: "ReleaseBinding", Name: "greeter-development"}, File: "development.yaml", More: 2, Fields: []facts.FieldChange{
				{Path: "spec.releaseName", Old: "greeter-1", New: "greeter-2"}, {Path: "spec.env[A].value"}, {Path: "spec.a", New: "1"}, {Path: "spec.b", Old: "1"},
			}},
			{Object: facts.Ref{Plane: facts.Control, Kind: "ReleaseBinding", Name: "greeter-production"}, File: "production.yaml", Removed: true},
		}},
		Environments: []history.Stage{
			{Environment: "development", Row: &h.Rows[0]},
			{Environment: "staging", Runs: "greeter-1"},
			{Environment: "production"},
			{Environment: "reverted", Row: &history.Row{Release: "greeter-2", State: history.Replaced}, Runs: "greeter-1"},
			{Environment: "ahead", Row: &history.Row{Release: "greeter-2", State: history.NotApplied}, Runs: "greeter-1"},
		},
	}
	want := `commit 0123456 by Dana at 2026-11-21T10:00:00Z: bump
  ComponentRelease greeter-2 added, with image greeter:2 (release.yaml)
  ReleaseBinding greeter-development: spec.releaseName: greeter-1 → greeter-2, spec.env[A].value changed, spec.a added: 1, spec.b removed, and 2 more fields (development.yaml)
  ReleaseBinding greeter-production removed (production.yaml)

development: greeter-2 is running
  committed  2026-11-21T09:00:00Z  (field committed)
  merged     -
  fetched    2026-11-21T09:00:15Z  +15s  (field fetched)
  applied    waiting  (not yet)
  rendered   ?  (nothing records it)
  lead time  1m15s

staging: greeter-2 waits for promotion; the environment has greeter-1

production: greeter-2 waits for promotion; the component is not bound

reverted: greeter-2 was replaced; the environment has greeter-1

ahead: greeter-2 is not applied yet; the environment has greeter-1
`
	if diff := cmp.Diff(want, printed(t, h, "table", style.Options{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHostileHistory: whoever may commit or create an object writes these texts.
func TestHostileHistory(t *testing.T) {
	t.Parallel()
	const hostile = "\x1b[2J\nfake row\u202e"
	h := sample()
	row := &h.Rows[0]
	row.Environment, row.Release, row.Behind, row.SetBy, row.Commit = hostile, hostile, hostile, hostile, &history.Commit{ID: hostile, Author: hostile}
	row.Steps[4].Reason, h.Git.Reason, h.LeadTimes[0].Environment = hostile, hostile, hostile
	life := sample()
	life.Life = &history.Life{Release: hostile, Environments: []history.Stage{{Environment: hostile, Row: row, Runs: hostile}, {Environment: hostile, Runs: hostile}}}
	life.Life.Commit = facts.Commit{ID: hostile, Author: hostile, Subject: hostile, Changes: []facts.ObjectChange{{
		Object: facts.Ref{Kind: hostile, Name: hostile}, File: hostile, Fields: []facts.FieldChange{{Path: hostile, Old: hostile, New: hostile}},
	}, {Added: true, Release: hostile, Image: hostile}}}
	for _, one := range []*history.History{h, life} {
		for _, width := range []int{0, 60} {
			got := printed(t, one, "table", style.Options{Width: width})
			if strings.ContainsAny(got, "\x1b\u202e") || strings.Contains(got, "\nfake") {
				t.Errorf("not escaped:\n%q", got)
			}
		}
	}
}

// TestData: the documents have a kind, and JSON and YAML are the same.
func TestData(t *testing.T) {
	t.Parallel()
	var list, same map[string]any
	if err := json.Unmarshal([]byte(printed(t, sample(), "json", style.Options{})), &list); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(printed(t, sample(), "yaml", style.Options{})), &same); err != nil {
		t.Fatal(err)
	}
	if list["kind"] != "ComponentHistory" || list["apiVersion"] != "kubectl-choreo.dev/v1alpha1" {
		t.Errorf("%v %v", list["apiVersion"], list["kind"])
	}
	if diff := cmp.Diff(list, same); diff != "" {
		t.Errorf("YAML (-JSON +YAML)\n%s", diff)
	}
	if err := (timeline.Report{History: sample()}).Print(&bytes.Buffer{}, "xml", style.Options{}); err == nil {
		t.Error("printed as xml")
	}
}
