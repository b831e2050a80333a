package difflist_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/difflist"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

func list() difflist.List {
	deployment := facts.Ref{Plane: "default", Group: "apps", Kind: "Deployment", Namespace: "dp", Name: "a"}
	service := facts.Ref{Plane: "default", Kind: "Service", Namespace: "dp", Name: "a"}
	spec := func(replicas int64) map[string]any {
		return map[string]any{"spec": map[string]any{"a": "1", "b": "2", "paused": true, "replicas": replicas}}
	}
	return difflist.List{
		TakenAt: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), From: "live", To: "rendered", Differs: true,
		Objects: []difflist.Object{
			{
				Object: deployment, Environment: "development", State: difflist.Changed, Reason: "kubectl-edit set spec.replicas", FromContent: spec(3), ToContent: spec(1),
				Fields: []difflist.Field{{Path: "spec.replicas", From: int64(3), To: int64(1)}},
			},
			{Object: service, State: difflist.OnlyInTo, File: "apps/a.yaml", Line: 7, ToContent: map[string]any{"spec": map[string]any{"type": "ClusterIP"}}},
			{Object: service, State: difflist.OnlyInFrom, FromContent: map[string]any{"data": "x"}},
			{Object: service, State: difflist.Same, FromContent: spec(1), ToContent: spec(1)},
			{Object: service, State: difflist.NotCompared, Reason: "forbidden"},
		},
	}
}

func printed(t *testing.T, l difflist.List, format string, o style.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := l.Print(&out, format, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestUnifiedDiff(t *testing.T) {
	t.Parallel()
	want := `Deployment dp/a (development): kubectl-edit set spec.replicas
--- live/Deployment/dp/a
+++ rendered/Deployment/dp/a
@@ -2,4 +2,4 @@
   a: "1"
   b: "2"
   paused: true
-  replicas: 3
+  replicas: 1
Service dp/a, apps/a.yaml:7
--- /dev/null
+++ rendered/Service/dp/a
@@ -0,0 +1,2 @@
+spec:
+  type: ClusterIP
Service dp/a
--- live/Service/dp/a
+++ /dev/null
@@ -1 +0,0 @@
-data: x
`
	if diff := cmp.Diff(want, printed(t, list(), "diff", style.Options{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestColors: each line has a colour of its own, which ends with the line.
func TestColors(t *testing.T) {
	t.Parallel()
	got := printed(t, list(), "diff", style.Options{Color: true})
	for _, want := range []string{"\x1b[31m-  replicas: 3\x1b[0m\n", "\x1b[32m+  replicas: 1\x1b[0m\n", "\x1b[36m@@ -2,4 +2,4 @@\x1b[0m\n", "\n   paused: true\n", "\x1b[1m--- live/Deployment/dp/a\x1b[0m\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%q", want, got)
		}
	}
}

// TestHostileDiff: text from a cluster or repository commands neither a terminal nor a runner, and looks like no line of ours.
func TestHostileDiff(t *testing.T) {
	t.Parallel()
	const hostile = "\x1b[2J\r\n--- fake\n::error::x\n##[error]\u202e"
	l := difflist.List{From: "live" + hostile, To: "rendered", Objects: []difflist.Object{{
		Object: facts.Ref{Kind: hostile, Name: hostile}, Environment: hostile, File: hostile, Reason: hostile, State: difflist.Changed,
		FromContent: map[string]any{hostile: hostile, "::error::y": "1"}, ToContent: map[string]any{"a": hostile},
	}}}
	got := printed(t, l, "diff", style.Options{})
	if strings.ContainsAny(got, "\x1b\r\u202e") || strings.Contains(got, "##[") {
		t.Errorf("not escaped:\n%q", got)
	}
	headers := 0
	for line := range strings.Lines(got) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("a command of the runner: %q", line)
		}
		if strings.HasPrefix(line, "--- ") {
			headers++
		}
	}
	if headers != 1 {
		t.Errorf("%d headers:\n%s", headers, got)
	}
	if data := printed(t, l, "json", style.Options{}); strings.ContainsAny(data, "\x1b\u202e") {
		t.Errorf("not escaped:\n%q", data)
	}
}

func TestData(t *testing.T) {
	t.Parallel()
	var got struct {
		Kind     string
		From, To string
		Differs  bool
		Objects  []struct {
			State, Environment, Reason, File string
			Line                             int
			Fields                           []map[string]any
		}
	}
	text := printed(t, list(), "json", style.Options{})
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.Kind != "ComponentDiff" || got.From != "live" || got.To != "rendered" || !got.Differs || len(got.Objects) != 5 {
		t.Errorf("%s", text)
	}
	want := []map[string]any{{"path": "spec.replicas", "from": 3.0, "to": 1.0}}
	if diff := cmp.Diff(want, got.Objects[0].Fields); diff != "" || got.Objects[1].File != "apps/a.yaml" || got.Objects[1].Line != 7 || got.Objects[4].State != "NotCompared" {
		t.Errorf("(-want +got)\n%s\n%s", diff, text)
	}
	if strings.Contains(text, "Content") {
		t.Errorf("whole objects are in the data:\n%s", text)
	}
	if err := list().Print(&bytes.Buffer{}, "tree", style.Options{}); err == nil {
		t.Error("an unknown format is no error")
	}
}
