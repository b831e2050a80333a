package cli

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// eventAbout is an Event of the cluster: its type, reason and message, and the kind, namespace and name of its object.
func eventAbout(name, word, reason, message, kind, namespace, about, last string) facts.Object {
	in := namespace
	if in == "" {
		in = "default"
	}
	return facts.Object{
		Ref: facts.Ref{Plane: facts.Control, Kind: "Event", Namespace: in, Name: name}, Outcome: facts.Found,
		Body: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "v1", "kind": "Event", "metadata": map[string]any{"name": name, "namespace": in, "uid": name, "resourceVersion": last},
			"type": word, "reason": reason, "message": message, "lastTimestamp": last, "firstTimestamp": last, "count": int64(1),
			"involvedObject": map[string]any{"apiVersion": "v1", "kind": kind, "namespace": namespace, "name": about},
		}},
	}
}

// withEvents starts a cluster with a pod that crashes, and events about its ladder and about others.
func withEvents(t *testing.T) *cluster {
	t.Helper()
	c := oneCluster(t, "pod-crash-loop", nil)
	c.change(func(objects []facts.Object) []facts.Object {
		objects = slices.DeleteFunc(objects, func(o facts.Object) bool { return o.Ref.Kind == "Event" })
		const flux, cell, workload = "flux-system", crashCell, "greeter-service-development-a9f97fde"
		repeated := eventAbout("c", "Warning", "BackOff", "Back-off \x1b[2J\nrestarting", "Pod", cell, crashPod, "2026-11-21T09:20:32Z")
		repeated.Body.Object["count"], repeated.Body.Object["firstTimestamp"] = int64(3), "2026-11-21T09:20:30Z"
		return append(objects,
			repeated,
			eventAbout("a", "Normal", "GitOperationSucceeded", "stored", "GitRepository", flux, "oc-pod-crash-loop", "2026-11-21T09:20:10Z"),
			eventAbout("b", "Normal", "ReleaseSynced", "synced", "ReleaseBinding", "pod-crash-loop", "greeter-service-development", "2026-11-21T09:20:20Z"),
			eventAbout("d", "Normal", "Killing", "Stopping", "Pod", cell, workload+"-5d9f7cbb6d-x2x8z", "2026-11-21T09:20:25Z"),
			eventAbout("e", "Normal", "ScalingReplicaSet", "Scaled", "Deployment", cell, workload, "2026-11-21T09:20:26Z"),
			eventAbout("f", "Normal", "Created", "service", "Service", cell, "greeter-service", "2026-11-21T09:20:27Z"),
			eventAbout("g", "Normal", "CellCreated", "namespace", "Namespace", "", cell, "2026-11-21T09:20:05Z"),
			eventAbout("x", "Warning", "Other", "of another component", "Pod", cell, "greeter-client-5d9f7cbb6d-x2x8z", "2026-11-21T09:20:25Z"),
			eventAbout("y", "Warning", "Other", "of another Kustomization", "Kustomization", flux, "other", "2026-11-21T09:20:25Z"),
			eventAbout("z", "Warning", "Other", "of a pod of that name elsewhere", "Pod", "pod-crash-loop", crashPod, "2026-11-21T09:20:25Z"),
		)
	})
	return c
}

var eventArgs = []string{"events", "greeter-service", "-n", "pod-crash-loop", "-e", "development"}

// TestEvents: the events about everything on the ladder, and no other, are in one order of time; text from a cluster commands nothing.
func TestEvents(t *testing.T) {
	t.Parallel()
	config := kubeconfig(t, map[string]*cluster{"control": withEvents(t)})
	stdout, stderr, exit := runIn(t, nil, append(eventArgs, "--kubeconfig", config)...)
	var rows [][]string
	for line := range strings.Lines(stdout) {
		words := strings.Fields(line)
		if at := slices.IndexFunc(words, func(w string) bool { return w == "Normal" || w == "Warning" }); at >= 0 {
			rows = append(rows, words[at:])
		}
	}
	want := []string{
		"Normal CellCreated cell (development) namespace/" + crashCell + " namespace",
		"Normal GitOperationSucceeded source gitrepository/oc-pod-crash-loop stored",
		"Normal ReleaseSynced binding (development) releasebinding/greeter-service-development synced",
		"Normal Killing pod (development) pod/greeter-service-development-a9f97fde-5d9f7cbb6d-x2x8z Stopping",
		"Normal ScalingReplicaSet resource (development) deployment/greeter-service-development-a9f97fde Scaled",
		"Normal Created resource (development) service/greeter-service service",
		`Warning BackOff pod (development) pod/` + crashPod + ` Back-off \x1b[2J restarting`,
	}
	var got []string
	for _, row := range rows {
		got = append(got, strings.Join(row, " "))
	}
	if diff := cmp.Diff(want, got); diff != "" || exit != 0 || stderr != "" || !strings.HasPrefix(stdout, "LAST SEEN ") || !strings.Contains(stdout, "(x3 over ") {
		t.Errorf("exit %d, %s\n%s(-want +got)\n%s", exit, stderr, stdout, diff)
	}
}

// TestEventsAsData: JSON has each field; --types selects; -o name prints objects.
func TestEventsAsData(t *testing.T) {
	t.Parallel()
	config := kubeconfig(t, map[string]*cluster{"control": withEvents(t)})
	stdout, stderr, exit := runIn(t, nil, append(eventArgs, "--kubeconfig", config, "-o", "json", "--types", "warning")...)
	var got struct {
		Kind   string
		Events []map[string]any
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || exit != 0 {
		t.Fatalf("exit %d, %v: %s", exit, err, stderr)
	}
	want := []map[string]any{{
		"firstSeen": "2026-11-21T09:20:30Z", "lastSeen": "2026-11-21T09:20:32Z", "count": 3.0, "type": "Warning", "reason": "BackOff", "rung": "pod",
		"environment": "development", "message": "Back-off \x1b[2J\nrestarting",
		"object": map[string]any{"plane": "default", "group": "", "kind": "Pod", "namespace": crashCell, "name": crashPod},
	}}
	if diff := cmp.Diff(want, got.Events); diff != "" || got.Kind != "EventList" {
		t.Errorf("%s (-want +got)\n%s", got.Kind, diff)
	}
	if stdout, _, _ := runIn(t, nil, append(eventArgs, "--kubeconfig", config, "-o", "name", "--types", "Warning")...); stdout != "pod/"+crashPod+"\n" {
		t.Errorf("-o name: %q", stdout)
	}
}

// TestEventsUnread: what may not be read is named, and the exit code says so.
func TestEventsUnread(t *testing.T) {
	t.Parallel()
	c := withEvents(t)
	c.refused = "events"
	stdout, stderr, exit := runIn(t, nil, append(eventArgs, "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}))...)
	for _, words := range []string{
		"warning: cannot read the events in namespace flux-system: events is forbidden", "warning: cannot read the events in namespace pod-crash-loop: ",
		"warning: cannot read the events in namespace " + crashCell + " of data plane default: ", "no event about greeter-service was found",
	} {
		if !strings.Contains(stderr, words) || exit != 4 || stdout != "" {
			t.Errorf("exit %d, want 4 and %q:\n%s%s", exit, words, stdout, stderr)
		}
	}
}

// TestEventsOfASnapshot: a snapshot has those that its trace has read.
func TestEventsOfASnapshot(t *testing.T) {
	t.Parallel()
	snapshot := filepath.Join(scenarioDir, "pod-crash-loop", "snapshot.yaml")
	stdout, stderr, exit := runIn(t, map[string]string{"COLUMNS": "80"}, "events", "--snapshot", snapshot)
	want := "LAST SEEN  TYPE     REASON   RUNG\n2s         Warning  BackOff  pod (development)\n" +
		"    pod/" + crashPod + ": Back-off\n    restarting failed container main in pod\n"
	if diff := cmp.Diff(want, stdout); diff != "" || exit != 0 || stderr != "the snapshot has only the Warning events that its trace has read\n" {
		t.Errorf("exit %d, %s(-want +got)\n%s", exit, stderr, diff)
	}
}

// TestEventsRefused: what contradicts itself is refused before a request.
func TestEventsRefused(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"a --types Wrong":  `invalid --types "Wrong": use Normal or Warning`,
		"-w --snapshot x":  "cannot watch a snapshot: use -w without --snapshot",
		"a -w -o yaml":     `cannot watch with output format "yaml": use table or json`,
		"a -o xml":         `unknown output format "xml"; use one of table, json, yaml`,
		"a --color purple": `invalid --color "purple"`,
		"pot/x":            `unknown kind "pot"`,
	} {
		if _, stderr, exit := runIn(t, nil, append([]string{"events"}, strings.Fields(args)...)...); exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d: %s", args, exit, stderr)
		}
	}
}

// TestEventsWatch: further events follow as lines, each once, until an interrupt.
func TestEventsWatch(t *testing.T) {
	t.Parallel()
	c := withEvents(t)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
	defer cancel()
	out, in := io.Pipe()
	exit := make(chan int, 1)
	go func() {
		exit <- Main(ctx, iostreams.IOStreams{
			Args: append([]string{"kubectl-choreo"}, append(slices.Clone(eventArgs), "-w", "-o", "json", "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c}))...),
			In:   strings.NewReader(""), Out: in, Err: io.Discard, Getenv: func(string) string { return "" },
		})
		_ = in.Close()
	}()
	lines := json.NewDecoder(out)
	var reasons []string
	for range 8 { // seven, and the one that follows
		var line struct{ Kind, Reason string }
		if err := lines.Decode(&line); err != nil || line.Kind != "ComponentEvent" {
			t.Fatalf("%v, %+v", err, line)
		}
		if reasons = append(reasons, line.Reason); len(reasons) == 7 {
			c.change(func(objects []facts.Object) []facts.Object {
				return append(objects, eventAbout("n", "Normal", "Pulled", "again", "Pod", crashCell, crashPod, "2026-11-21T09:20:33Z"))
			})
		}
	}
	if reasons[7] != "Pulled" || slices.Contains(reasons[:7], "Pulled") {
		t.Errorf("%v; want Pulled as the last", reasons)
	}
	cancelled := time.Now()
	cancel()
	if code := <-exit; time.Since(cancelled) > time.Second || code != 130 {
		t.Errorf("exit %d after %s", code, time.Since(cancelled))
	}
}
