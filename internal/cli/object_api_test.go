package cli

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// objectsThroughAPI are objects of a plane that is read through the API, each with the rung that it marks.
func objectsThroughAPI() map[string]string {
	return map[string]string{
		"pod/" + imagePullPod:                                          "pod",
		"pod/" + imagePullPod + " -n " + imagePullCell:                 "pod",
		"deploy/greeter-service-development-a9f97fde":                  "resource",
		"svc/greeter-service -n " + imagePullCell:                      "resource",
		"httproute/greeter-service-http-c952733e -n " + imagePullCell:  "endpoint",
		"networkpolicy/openchoreo-greeter-service -n " + imagePullCell: "resource",
		"namespace/" + imagePullCell:                                   "cell",
	}
}

// TestTraceObjectThroughTheAPI: RenderedReleases lead from an object to its component, whether a flag names the plane or not.
func TestTraceObjectThroughTheAPI(t *testing.T) {
	t.Parallel()
	for _, plane := range []string{"", "--plane default=openchoreo"} {
		for args, want := range objectsThroughAPI() {
			t.Run(args+plane, func(t *testing.T) {
				t.Parallel()
				i := installedWithAPI(t, "pod-image-pull")
				subject, marked := startOf(t, i.config, append(strings.Fields(args+" "+plane), "--openchoreo-api", i.url, "--repo", t.TempDir())...)
				if subject.Namespace != "pod-image-pull" || subject.Component != "greeter-service" || strings.Join(marked, ", ") != strings.TrimSuffix(want+" in development", " in ") {
					t.Errorf("traced %s/%s, marked %q, want %q", subject.Namespace, subject.Component, marked, want)
				}
				if subject.Object.Plane != "default" {
					t.Errorf("the object is on plane %q", subject.Object.Plane)
				}
			})
		}
	}
}

// TestTraceObjectThroughTheAPICost: two requests more than a trace, and no more of the API.
func TestTraceObjectThroughTheAPICost(t *testing.T) {
	t.Parallel()
	for _, plane := range []string{"", "--plane default=openchoreo"} {
		requests := func(args string) (cluster, api int) {
			i := installedWithAPI(t, "pod-image-pull")
			startOf(t, i.config, append(strings.Fields(args+" "+plane), "--openchoreo-api", i.url, "--repo", t.TempDir())...)
			return i.control.requests(), len(i.api.Requests())
		}
		cluster, api := requests("greeter-service -n pod-image-pull -e development")
		ofPod, apiOfPod := requests("pod/" + imagePullPod)
		if ofPod-cluster > 2 || apiOfPod > api {
			t.Errorf("%q: %d requests and %d to the API, want %d + 2 and %d", plane, ofPod, apiOfPod, cluster, api)
		}
	}
}

// TestTraceObjectNotThroughTheAPI: the error names the component and the environment to use, as far as they are known.
func TestTraceObjectNotThroughTheAPI(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "pod-image-pull")
	for args, want := range map[string]string{
		"replicaset/greeter-service-development-a9f97fde-77d6f44889": `by its name it may be of component greeter-service in environment development; use these instead (openchoreo-api: `,
		"pod/greeter-service-development-a9f97fde-77d6f44889-none0":  `by its name it may be of component greeter-service in environment development; use these instead (openchoreo-api: `,
		"pod/nosuch":                            "else use COMPONENT and -e ENVIRONMENT",
		"svc/greeter-service -n pod-image-pull": `services "greeter-service" not found in namespace pod-image-pull; it exists in namespace ` + imagePullCell,
	} {
		_, stderr, exit := i.run(t, nil, append([]string{"trace", "--openchoreo-api", i.url}, strings.Fields(args)...)...)
		if exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, want 1 and %q: %s", args, exit, want, stderr)
		}
	}
}

// TestTraceObjectWithoutRights: where RenderedReleases may not be listed, the names of the namespace's components lead to them.
func TestTraceObjectWithoutRights(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "pod-image-pull")
	i.control.refused = "*"
	for _, args := range []string{"pod/" + imagePullPod, "svc/greeter-service -e development"} {
		stdout, stderr, exit := i.run(t, nil, append([]string{"trace", "--openchoreo-api", i.url, "-n", "pod-image-pull"}, strings.Fields(args)...)...)
		if exit != 2 && exit != 4 || !strings.Contains(stdout, "greeter-service") {
			t.Errorf("%s: exit %d\n%s%s", args, exit, stdout, stderr)
		}
	}
	_, stderr, exit := i.run(t, nil, "trace", "--openchoreo-api", i.url, "-n", imagePullCell, "pod/"+imagePullPod)
	if exit != 1 || !strings.Contains(stderr, "use COMPONENT and -e ENVIRONMENT instead") {
		t.Errorf("exit %d: %s", exit, stderr)
	}
}

// TestLogsOfObjectThroughTheAPI: the log of the pod that was named.
func TestLogsOfObjectThroughTheAPI(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "pod-crash-loop")
	pod := ""
	for _, o := range i.api.Plane {
		if o.Ref.Kind == "Pod" {
			pod = o.Ref.Name
		}
	}
	i.api.Logs = []facts.Log{{Query: facts.LogQuery{Pod: facts.Ref{Name: pod}, Container: "main"}, Outcome: facts.Found, Lines: []string{"a line"}}}
	stdout, stderr, exit := runIn(t, nil, "logs", "--kubeconfig", i.config, "--openchoreo-api", i.url, "--previous=false", "pod/"+pod)
	if exit != 0 || !strings.Contains(stdout, "a line") {
		t.Errorf("exit %d: %s%s", exit, stdout, stderr)
	}
}

// TestNoKubeconfig: a login for OpenChoreo's API is enough for what only reads.
func TestNoKubeconfig(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "pod-image-pull")
	home := i.loggedIn(t, "abc")
	for args, want := range map[string]struct {
		exit int
		text string
	}{
		"trace greeter-service -n pod-image-pull":                 {2, "ImagePullBackOff"},
		"trace greeter-service -n pod-image-pull -o json":         {2, `"kind": "Trace"`},
		"trace pod/" + imagePullPod + " -n pod-image-pull":        {2, "ImagePullBackOff"},
		"status -n pod-image-pull":                                {0, "greeter-service"},
		"status -A":                                               {1, "use -n"},
		"events greeter-service -n pod-image-pull -e development": {4, "cannot read the events in namespace flux-system: openchoreo-api: it does not return Event"},
		"logs greeter-service -n pod-image-pull -e staging":       {1, ""},
		"verify greeter-service -n pod-image-pull --timeout 0":    {2, "greeter-service"},
		"trace nosuch -n pod-image-pull":                          {1, `component "nosuch" not found in namespace pod-image-pull`},
		"reconcile greeter-service -n pod-image-pull":             {1, "cannot find a cluster: kubeconfig"},
		"trace greeter-service --plane default=prod":              {1, `cannot find context "prod", set by --plane for data plane default, in the kubeconfig; it has no contexts; use --kubeconfig or set KUBECONFIG`},
	} {
		stdout, stderr, exit := runIn(t, home, append(strings.Fields(args), "--kubeconfig", os.DevNull)...)
		if exit != want.exit || !strings.Contains(stdout+stderr, want.text) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", args, exit, want.exit, want.text, stdout, stderr)
		}
		if strings.Contains(stdout, "choreo reconcile") || strings.Contains(stdout, "kubectl get ") || strings.Contains(stdout, "flux ") {
			t.Errorf("%s: a command that requires a kubeconfig is printed\n%s", args, stdout)
		}
	}
	if n := i.control.requests(); n > 0 {
		t.Errorf("%d requests to the cluster", n)
	}
}

// TestNoKubeconfigRefused: each problem is one line that says what is missing, before or at the first request.
func TestNoKubeconfigRefused(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "pod-image-pull")
	noLogin := map[string]string{"HOME": t.TempDir()}
	answering := func(status int) string {
		i := installedWithAPI(t, "healthy")
		i.api.Refuse = func(w http.ResponseWriter, _ *http.Request) bool {
			apitest.Fail(w, status, "FORBIDDEN", "no")
			return true
		}
		return i.url
	}
	for name, c := range map[string]struct {
		environment map[string]string
		address     string
		exit        int
		want        string
	}{
		"NoLogin":  {noLogin, "", 1, "use --kubeconfig or --openchoreo-api, set KUBECONFIG, or run occ login"},
		"Expired":  {i.loggedIn(t, expiredToken()), "", 1, "the login of occ expired at 2023-11-14T22:13:20Z; run occ login"},
		"NoServer": {noLogin, "http://127.0.0.1:1", 1, "openchoreo-api: no connection to 127.0.0.1:1"},
		"401":      {noLogin, answering(http.StatusUnauthorized), 4, "rejects the token; set OPENCHOREO_TOKEN to a valid token"},
		"403":      {noLogin, answering(http.StatusForbidden), 4, "ask for a role of OpenChoreo with component:view"},
		"NotFound": {noLogin, answering(http.StatusNotImplemented), 1, "openchoreo-api: "},
	} {
		for _, command := range []string{"trace x", "status", "logs x", "events x", "trace pod/x"} {
			args := append(strings.Fields(command), "--kubeconfig", os.DevNull)
			if c.address != "" {
				args = append(args, "--openchoreo-api", c.address)
			}
			_, stderr, exit := runIn(t, c.environment, args...)
			want := c.exit
			if command == "status" || command == "trace pod/x" {
				want = 1
			}
			if exit != want || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("%s: %s: exit %d, want %d and one line with %q: %s", name, command, exit, want, c.want, stderr)
			}
		}
	}
}

// TestNoKubeconfigWatches: what a watch keeps is what one trace reads, so that the wait ends.
func TestNoKubeconfigWatches(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "healthy")
	stdout, stderr, exit := runIn(t, i.loggedIn(t, "abc"), strings.Fields("verify greeter-service -n healthy -e development --timeout 5m --grace 1s --kubeconfig "+os.DevNull)...)
	if exit != 4 || strings.Contains(stdout, "timed out") {
		t.Errorf("exit %d\n%s%s", exit, stdout, stderr)
	}
}

// TestNoKubeconfigUnknown: the rungs of Flux are unknown, with the reason, and nothing is reported missing.
func TestNoKubeconfigUnknown(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "healthy")
	stdout, stderr, exit := runIn(t, i.loggedIn(t, "abc"), "trace", "greeter-service", "-n", "healthy", "-e", "development", "-o", "json", "--kubeconfig", os.DevNull)
	var got struct {
		Verdict      string
		Rungs        []struct{ ID, State string }
		Environments []struct{ Rungs []struct{ ID, State string } }
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || exit != 4 {
		t.Fatalf("exit %d, %v: %s", exit, err, stderr)
	}
	for _, r := range got.Rungs {
		flux := r.ID == "git" || r.ID == "source" || r.ID == "delivery"
		if flux != (r.State == "Unknown") {
			t.Errorf("%s is %s", r.ID, r.State)
		}
	}
	for _, r := range got.Environments[0].Rungs {
		if r.State != "OK" {
			t.Errorf("%s is %s", r.ID, r.State)
		}
	}
}
