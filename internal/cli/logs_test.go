package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	crashCell  = "dp-pod-crash-loo-demo-development-a5302b96"
	crashPod   = "greeter-service-development-a9f97fde-7b8c5856cb-xp4wj"
	runningPod = "greeter-service-development-a9f97fde-647888b9fb-x7qxw"
)

// logServer answers with a line that names the pod and the run, and records the requests.
type logServer struct {
	mu       sync.Mutex
	requests []string
	silent   bool // the current run has no output
}

func (l *logServer) serve(w http.ResponseWriter, r *http.Request, pod string) {
	if r.URL.Query().Has("follow") { // else it is one of the trace
		l.mu.Lock()
		l.requests = append(l.requests, strings.TrimPrefix(pod, "greeter-service-development-a9f97fde-")+"?"+r.URL.RawQuery)
		l.mu.Unlock()
	}
	switch previous := r.URL.Query().Get("previous") == "true"; {
	case r.URL.Query().Get("container") == "refused":
		refuse(w, http.StatusForbidden, metav1.StatusReasonForbidden, `pods "x" is forbidden: User "dora" cannot get resource "pods/log"`)
	case previous:
		_, _ = io.WriteString(w, "previous of "+pod+"\n")
	case !l.silent:
		_, _ = io.WriteString(w, "current of "+pod+"\n")
	}
}

// crashing starts a cluster with a pod that crashes beside one that runs.
func crashing(t *testing.T, l *logServer, change func(*facts.Object)) (config string) {
	t.Helper()
	c := oneCluster(t, "pod-crash-loop", change)
	c.logs = l.serve
	return kubeconfig(t, map[string]*cluster{"control": c})
}

const (
	usingPod      = "using pod " + crashPod + " (1 of 2, failed: CrashLoopBackOff); for all, use --all-pods\n"
	usingPrevious = "using the previous run of container main, which ended with exit code 1 (Error); for the current one, use --previous=false\n"
)

// TestLogs: the pod that fails is read, and the run of its container that has the reason; the flags are those of kubectl.
func TestLogs(t *testing.T) {
	t.Parallel()
	for args, c := range map[string]struct{ stdout, stderr, requests string }{
		"greeter-service -e development":                  {"previous of " + crashPod + "\n", usingPod + usingPrevious, "7b8c5856cb-xp4wj?container=main&follow=false&previous=true&timestamps=false"},
		"component/greeter-service -e development":        {"previous of " + crashPod + "\n", usingPod + usingPrevious, "7b8c5856cb-xp4wj?container=main&follow=false&previous=true&timestamps=false"},
		"greeter-service -e development --previous=false": {"current of " + crashPod + "\n", usingPod, "7b8c5856cb-xp4wj?container=main&follow=false&previous=false&timestamps=false"},
		"greeter-service -e development -p":               {"previous of " + crashPod + "\n", usingPod, "7b8c5856cb-xp4wj?container=main&follow=false&previous=true&timestamps=false"},
		"greeter-service -e development -f":               {"current of " + crashPod + "\n", usingPod, "7b8c5856cb-xp4wj?container=main&follow=true&previous=false&timestamps=false"},
		"greeter-service -e development --since 90s --tail 5 --timestamps -c main": {
			"previous of " + crashPod + "\n", usingPod + usingPrevious, "7b8c5856cb-xp4wj?container=main&follow=false&previous=true&sinceSeconds=90&tailLines=5&timestamps=true",
		},
		"pod/" + runningPod:               {"current of " + runningPod + "\n", "", "647888b9fb-x7qxw?container=main&follow=false&previous=false&timestamps=false"},
		"pod " + runningPod + " --prefix": {"[pod/" + runningPod + "/main] current of " + runningPod + "\n", "", "647888b9fb-x7qxw?container=main&follow=false&previous=false&timestamps=false"},
		"greeter-service -e development --all-pods": {
			"[pod/" + crashPod + "/main] previous of " + crashPod + "\n[pod/" + runningPod + "/main] current of " + runningPod + "\n", usingPrevious,
			"7b8c5856cb-xp4wj?container=main&follow=false&previous=true&timestamps=false 647888b9fb-x7qxw?container=main&follow=false&previous=false&timestamps=false",
		},
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			l := &logServer{}
			args := append([]string{"logs", "--kubeconfig", crashing(t, l, nil)}, strings.Fields(args)...)
			if !strings.HasPrefix(args[3], "pod") {
				args = append(args, "-n", "pod-crash-loop")
			}
			stdout, stderr, exit := runIn(t, nil, args...)
			if stdout != c.stdout || stderr != c.stderr || exit != 0 {
				t.Errorf("exit %d\nstdout %q\n  want %q\nstderr %q\n  want %q", exit, stdout, c.stdout, stderr, c.stderr)
			}
			if got := strings.Join(l.requests, " "); got != c.requests {
				t.Errorf("requested %s\n     want %s", got, c.requests)
			}
		})
	}
}

// TestLogsOfARestartedContainer: the run that has just begun has no output yet, so that of the one before is printed.
func TestLogsOfARestartedContainer(t *testing.T) {
	t.Parallel()
	restarted := func(o *facts.Object) {
		if o.Ref.Name != crashPod {
			return
		}
		statuses, _, _ := unstructured.NestedSlice(o.Body.Object, "status", "containerStatuses")
		statuses[0].(map[string]any)["state"] = map[string]any{"running": map[string]any{"startedAt": "2026-11-21T09:20:33Z"}}
		if err := unstructured.SetNestedSlice(o.Body.Object, statuses, "status", "containerStatuses"); err != nil {
			t.Fatal(err)
		}
	}
	for silent, want := range map[bool]string{true: "previous of " + crashPod + "\n", false: "current of " + crashPod + "\n"} {
		l := &logServer{silent: silent}
		stdout, stderr, exit := runIn(t, nil, "logs", "pod/"+crashPod, "--kubeconfig", crashing(t, l, restarted))
		if stdout != want || exit != 0 || strings.Contains(stderr, usingPrevious) != silent {
			t.Errorf("silent %t: exit %d, %q, %q", silent, exit, stdout, stderr)
		}
	}
}

// TestLogsRefused: what cannot be read or chosen is named, with what to do.
func TestLogsRefused(t *testing.T) {
	t.Parallel()
	named := func(o *facts.Object) {
		if o.Ref.Name == crashPod {
			_ = unstructured.SetNestedSlice(o.Body.Object, []any{map[string]any{"name": "refused"}}, "spec", "containers")
		}
	}
	config := crashing(t, &logServer{}, named)
	blind := oneCluster(t, "pod-crash-loop", nil)
	blind.refused = "pods"
	healthy := oneCluster(t, "healthy", nil)
	clusters := map[string]string{"blind": kubeconfig(t, map[string]*cluster{"control": blind}), "healthy": kubeconfig(t, map[string]*cluster{"control": healthy})}
	for args, c := range map[string]struct {
		exit int
		want string
	}{
		"greeter-service -n pod-crash-loop -e development":                                    {4, `cannot read the log of container refused of Pod ` + crashCell + "/" + crashPod + `: pods "x" is forbidden`},
		"greeter-service -n pod-crash-loop -e development -c x":                               {1, `container "x" not found in pod ` + crashPod + "; use one of refused"},
		"greeter-service -n pod-crash-loop -e development -f --all-pods --max-log-requests 1": {1, "cannot follow 2 logs at the same time: use a --max-log-requests of 2 or more"},
		"greeter-service -n pod-crash-loop -e developmnt":                                     {1, `no environment "developmnt" in project demo; did you mean "development"?`},
		"greeter-service -n pod-crash-loop -e staging,production -c x":                        {1, "greeter-service with -e:\n  staging, "},
		"nosuch -n pod-crash-loop":                                                            {1, `component "nosuch" not found in namespace pod-crash-loop`},
		"workload/greeter-service-workload -n nosuch":                                         {1, `"greeter-service-workload" not found in namespace nosuch; it exists in namespace pod-crash-loop: use -n`},
		"blind greeter-service -n pod-crash-loop -e development":                              {4, "cannot read the pods of greeter-service in development: pods is forbidden"},
		"healthy greeter-service -n healthy":                                                  {1, "name one of the environments of greeter-service with -e:\n  development, healthy\n  staging, healthy\n"},
		"greeter-service -f -p":                                                               {1, "cannot follow a previous run"},
		"greeter-service --tail -2":                                                           {1, "invalid --tail -2"},
		"greeter-service --since -2s":                                                         {1, "invalid --since -2s"},
		"greeter-service --since 2s --since-time 2026-11-21T04:00:00Z":                        {1, "cannot combine --since with --since-time"},
		"greeter-service --since-time noon":                                                   {1, `invalid --since-time "noon"`},
		"greeter-service -c a --all-containers":                                               {1, "cannot combine -c with --all-containers"},
		"greeter-service --max-log-requests 0":                                                {1, "invalid --max-log-requests 0"},
		"--snapshot x -f":                                                                     {1, "cannot use -f, --since, --since-time or --timestamps with --snapshot"},
	} {
		kubeconfig, words := config, strings.Fields(args)
		if other := clusters[words[0]]; other != "" {
			kubeconfig, words = other, words[1:]
		}
		stdout, stderr, exit := runIn(t, nil, append([]string{"logs", "--kubeconfig", kubeconfig}, words...)...)
		if exit != c.exit || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %s%s\nwant %d, %s", args, exit, stdout, stderr, c.exit, c.want)
		}
	}
}

// TestLogsOfASnapshot: a snapshot has the last lines of crashed containers, or none.
func TestLogsOfASnapshot(t *testing.T) {
	t.Parallel()
	for args, c := range map[string]struct {
		exit           int
		stdout, stderr string
	}{
		"pod-crash-loop -e development --tail 2": {0, "panic: open /etc/greeter/config.yaml: no such file or directory\ngoroutine 1 [running]:\n", usingPod + usingPrevious},
		"pod-crash-loop --tail 0":                {0, "", usingPod + usingPrevious},
		"pod-image-pull -e development":          {1, "", "error: the snapshot has no log of container main of Pod "},
		"component-deleted -e development":       {1, "", "error: no pod of greeter-service is known in development"},
	} {
		words := strings.Fields(args)
		snapshot := filepath.Join(scenarioDir, words[0], "snapshot.yaml")
		stdout, stderr, exit := runIn(t, nil, append([]string{"logs", "--snapshot", snapshot}, words[1:]...)...)
		if exit != c.exit || stdout != c.stdout || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%s: exit %d\n%s%s", args, exit, stdout, stderr)
		}
	}
}

// TestLogsFollowEnds: an interrupt ends a log that is followed within a second.
func TestLogsFollowEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	defer cancel()
	var cancelled time.Time
	c := oneCluster(t, "pod-crash-loop", nil)
	c.logs = func(w http.ResponseWriter, r *http.Request, _ string) {
		if r.URL.Query().Get("follow") != "true" {
			return
		}
		_, _ = fmt.Fprintln(w, "first")
		_ = http.NewResponseController(w).Flush()
		time.Sleep(100 * time.Millisecond)
		cancelled = time.Now()
		cancel()
		<-r.Context().Done()
	}
	var stdout, stderr strings.Builder
	exit := Main(ctx, iostreams.IOStreams{
		Args: []string{"kubectl-choreo", "logs", "pod/" + runningPod, "-f", "--kubeconfig", kubeconfig(t, map[string]*cluster{"control": c})},
		In:   strings.NewReader(""), Out: &stdout, Err: &stderr, Getenv: func(string) string { return "" },
	})
	if took := time.Since(cancelled); exit != 130 || took > time.Second || stdout.String() != "first\n" || stderr.String() != "interrupted\n" {
		t.Errorf("exit %d after %s: %q, %q", exit, took, stdout.String(), stderr.String())
	}
}
