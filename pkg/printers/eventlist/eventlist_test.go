package eventlist_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/eventlist"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// at is the time that lists are printed at.
func at() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) }

func events() []eventlist.Event {
	return []eventlist.Event{
		{
			LastSeen: at().Add(-20 * time.Minute), Count: 1, Type: "Normal", Reason: "ReleaseSynced", Rung: trace.RungBinding, Environment: "development",
			Object: facts.Ref{Plane: facts.Control, Kind: "ReleaseBinding", Namespace: "default", Name: "greeter-development"}, Message: "synced",
		},
		{
			FirstSeen: at().Add(-3 * time.Hour), LastSeen: at().Add(-time.Minute), Count: 12, Type: "Warning", Reason: "BackOff", Rung: trace.RungPod, Environment: "development",
			Object: facts.Ref{Plane: "eu", Kind: "Pod", Namespace: "dp", Name: "greeter-1"}, Message: "Back-off restarting the failed container main of the pod", Source: "kubelet",
		},
	}
}

func printed(t *testing.T, format string, o style.Options, all []eventlist.Event) string {
	t.Helper()
	var out bytes.Buffer
	o.Now = at()
	if err := (eventlist.List{TakenAt: at(), Events: all}).Print(&out, format, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestTable: columns are aligned in a pipe. A terminal wraps the message behind its column, or below the row where little room is left.
func TestTable(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{
		0: `
LAST SEEN          TYPE     REASON         RUNG                   OBJECT                              MESSAGE
20m                Normal   ReleaseSynced  binding (development)  releasebinding/greeter-development  synced
60s (x12 over 3h)  Warning  BackOff        pod (development)      pod/greeter-1                       Back-off restarting the failed container main of the pod
`,
		145: `
LAST SEEN          TYPE     REASON         RUNG                   OBJECT                              MESSAGE
20m                Normal   ReleaseSynced  binding (development)  releasebinding/greeter-development  synced
60s (x12 over 3h)  Warning  BackOff        pod (development)      pod/greeter-1                       Back-off restarting the failed container
                                                                                                      main of the pod
`,
		80: `
LAST SEEN          TYPE     REASON         RUNG
20m                Normal   ReleaseSynced  binding (development)
    releasebinding/greeter-development: synced
60s (x12 over 3h)  Warning  BackOff        pod (development)
    pod/greeter-1: Back-off restarting the failed container main of the pod
`,
	} {
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), printed(t, "table", style.Options{Width: width}, events())); diff != "" {
			t.Errorf("width %d (-want +got)\n%s", width, diff)
		}
	}
	if got := printed(t, "table", style.Options{}, nil); got != "" {
		t.Errorf("no events: %q, want nothing", got)
	}
}

// TestRowsThatFollow: with -w, later rows stand in the columns of the first ones, whatever they hold.
func TestRowsThatFollow(t *testing.T) {
	t.Parallel()
	all := events()
	table := eventlist.NewTable(style.Options{Now: at()}, all[:1], true)
	var out bytes.Buffer
	for i := range all {
		if err := table.At(at()).Write(&out, all[i:i+1], i == 0); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, word := range []string{"MESSAGE", "synced", "Back-off"} {
		if at, want := strings.Index(lines[i], word), strings.Index(lines[0], "MESSAGE"); at != want {
			t.Errorf("%q begins at %d, want %d:\n%s", word, at, want, out.String())
		}
	}
}

// TestHostileEvents: whoever may create an Event writes its reason, message and object.
func TestHostileEvents(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[2J\nfake row\u202e"
	e := eventlist.Event{Type: hostile, Reason: hostile, Message: hostile, Source: hostile, Object: facts.Ref{Kind: hostile, Name: hostile}, Rung: trace.RungPod}
	got := printed(t, "table", style.Options{}, []eventlist.Event{e})
	if strings.ContainsAny(got, "\x1b\u202e") || strings.Count(got, "\n") != 2 {
		t.Errorf("not escaped:\n%q", got)
	}
	if !strings.HasPrefix(strings.Split(got, "\n")[1], "unknown  ") {
		t.Errorf("an event without a time: %q", got)
	}
}

// TestColors: only the type of a warning is coloured.
func TestColors(t *testing.T) {
	t.Parallel()
	got := printed(t, "table", style.Options{Color: true}, events())
	if strings.Count(got, "\x1b[33m") != 1 || !strings.Contains(got, "\x1b[33mWarning") {
		t.Errorf("%q", got)
	}
}

// TestData: the documents have a kind, and a line of JSON is one event.
func TestData(t *testing.T) {
	t.Parallel()
	var list, same struct {
		APIVersion, Kind string
		Events           []eventlist.Event
	}
	if err := json.Unmarshal([]byte(printed(t, "json", style.Options{}, events())), &list); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(printed(t, "yaml", style.Options{}, events())), &same); err != nil {
		t.Fatal(err)
	}
	if list.Kind != "EventList" || list.APIVersion != "kubectl-choreo.dev/v1alpha1" {
		t.Errorf("%s %s", list.APIVersion, list.Kind)
	}
	if diff := cmp.Diff(events(), list.Events); diff != "" {
		t.Errorf("JSON (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(list, same); diff != "" {
		t.Errorf("YAML (-JSON +YAML)\n%s", diff)
	}
	var lines bytes.Buffer
	if err := eventlist.WriteLines(&lines, events()); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(lines.String(), "\n"); n != 2 || strings.Count(lines.String(), `"kind":"ComponentEvent"`) != 2 {
		t.Errorf("%d lines:\n%s", n, lines.String())
	}
	if err := (eventlist.List{}).Print(&lines, "xml", style.Options{}); err == nil {
		t.Error("printed as xml")
	}
}
