package logs

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func podWith(t *testing.T, text string) facts.Object {
	t.Helper()
	body := &unstructured.Unstructured{}
	if text, err := yaml.YAMLToJSON([]byte("apiVersion: v1\nkind: Pod\n" + text)); err != nil || body.UnmarshalJSON(text) != nil {
		t.Fatalf("read pod: %v\n%s", err, text)
	}
	return facts.Object{Ref: facts.Ref{Kind: "Pod", Name: "p"}, Outcome: facts.Found, Body: body}
}

// TestChooseContainer: the container that fails is the one to read, whatever its place in the pod.
func TestChooseContainer(t *testing.T) {
	t.Parallel()
	const spec = `
spec:
  initContainers: [{name: setup}, {name: sidecar, restartPolicy: Always}]
  containers: [{name: proxy, image: "proxy:1"}, {name: main, image: "app:1"}]
`
	const running, ready = "state: {running: {}}, ready: false", "state: {running: {}}, ready: true"
	for name, c := range map[string]struct{ pod, want string }{
		"NoStatus":                {spec, "main"},
		"Annotated":               {"metadata: {annotations: {kubectl.kubernetes.io/default-container: sidecar}}" + spec, "sidecar"},
		"AnnotationOfNoContainer": {"metadata: {annotations: {kubectl.kubernetes.io/default-container: gone}}" + spec, "main"},
		"AllReady":                {spec + "status: {initContainerStatuses: [{name: setup, state: {terminated: {exitCode: 0}}}, {name: sidecar, " + ready + "}], containerStatuses: [{name: proxy, " + ready + "}, {name: main, " + ready + "}]}", "main"},
		"ProxyNotReady":           {spec + "status: {containerStatuses: [{name: proxy, " + running + "}, {name: main, " + ready + "}]}", "proxy"},
		"MainCrashes":             {spec + "status: {containerStatuses: [{name: proxy, " + running + "}, {name: main, state: {waiting: {reason: CrashLoopBackOff}}}]}", "main"},
		"InitFails":               {spec + "status: {initContainerStatuses: [{name: setup, state: {terminated: {exitCode: 2}}}], containerStatuses: [{name: proxy, state: {waiting: {reason: PodInitializing}}}, {name: main, state: {waiting: {reason: PodInitializing}}}]}", "setup"},
		"InitRuns":                {spec + "status: {initContainerStatuses: [{name: setup, " + running + "}], containerStatuses: [{name: proxy, state: {waiting: {reason: PodInitializing}}}]}", "setup"},
		"SidecarFails":            {spec + "status: {initContainerStatuses: [{name: sidecar, state: {terminated: {exitCode: 1}}}], containerStatuses: [{name: main, " + running + "}]}", "sidecar"},
		"RestartedBeforeNotReady": {spec + "status: {containerStatuses: [{name: proxy, " + running + ", lastState: {terminated: {exitCode: 1}}}, {name: main, " + running + "}]}", "proxy"},
		"BothNotReady":            {spec + "status: {containerStatuses: [{name: proxy, " + running + "}, {name: main, " + running + "}]}", "main"},
		"ImageIsPulled":           {spec + "status: {containerStatuses: [{name: proxy, state: {waiting: {reason: ContainerCreating}}}, {name: main, state: {waiting: {reason: ContainerCreating}}}]}", "main"},
		"Debugged":                {"spec: {containers: [{name: main}], ephemeralContainers: [{name: debugger}]}\nstatus: {ephemeralContainerStatuses: [{name: debugger, " + running + "}]}", "main"},
		"Empty":                   {"spec: {}", ""},
	} {
		if got := chooseContainer(podWith(t, c.pod), "app:1").name; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestFindContainer: -c takes every container of a pod, and lists them if it is none.
func TestFindContainer(t *testing.T) {
	t.Parallel()
	pod := podWith(t, "spec: {initContainers: [{name: setup}], containers: [{name: main}], ephemeralContainers: [{name: debugger}]}")
	for _, name := range []string{"setup", "main", "debugger"} {
		if c, err := findContainer(pod, name); err != nil || c.name != name {
			t.Errorf("%s: %q, %v", name, c.name, err)
		}
	}
	_, err := findContainer(pod, "mian")
	if want := `container "mian" not found in pod p; use one of main, setup (init), debugger (ephemeral)`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestPrint: on a terminal a log commands nothing; in a pipe it stays as it is; a prefix names its container.
func TestPrint(t *testing.T) {
	t.Parallel()
	const hostile = "\x1b[31mred\x1b[0m \x1b]0;title\x07\r\n\xff\u202eabc\tx\n::set-output::y"
	s := source{facts.Object{Ref: facts.Ref{Name: "p"}}, container{name: "main"}}
	for want, p := range map[string]*printer{
		hostile: {},
		"red \\x1b]0;title\\x07\n\\xff\\u202eabc    x\n\\x3a:set-output::y\n":                                               {escaped: true},
		"[pod/p/main] \x1b[31mred\x1b[0m \x1b]0;title\x07\r\n[pod/p/main] \xff\u202eabc\tx\n[pod/p/main] ::set-output::y\n": {prefixed: true},
		"[pod/p/main] red \\x1b]0;title\\x07\n[pod/p/main] \\xff\\u202eabc    x\n[pod/p/main] \\x3a:set-output::y\n":        {escaped: true, prefixed: true},
	} {
		var out strings.Builder
		p.out = &out
		if err := p.print(s, strings.NewReader(hostile)); err != nil || out.String() != want {
			t.Errorf("%q, %v\nwant %q", out.String(), err, want)
		}
	}
}

// TestPrintLongLine: a line without an end does not fill the memory.
func TestPrintLongLine(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := printer{out: &out, prefixed: true}
	if err := p.print(source{}, strings.NewReader(strings.Repeat("x", longestLine+1))); err != nil || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("%d lines, %v; want 2", strings.Count(out.String(), "\n"), err)
	}
}
