package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// renderedWith is a cluster whose RenderedReleases have these containers and endpoints.
func renderedWith(t *testing.T, containers, initContainers, endpoints []string) *cluster {
	t.Helper()
	named := func(names []string) []any {
		all := []any{}
		for _, name := range names {
			all = append(all, map[string]any{"name": name})
		}
		return all
	}
	objects := factstest.Scenario(t, "healthy").Objects()
	for i, o := range objects {
		if o.Ref.Kind != "RenderedRelease" || kinds.Label(o.Body, kinds.LabelComponent) == "" {
			continue
		}
		objects[i].Body = o.Body.DeepCopy()
		pod := map[string]any{"containers": named(containers), "initContainers": named(initContainers)}
		resources := []any{map[string]any{"object": map[string]any{"kind": "Deployment", "spec": map[string]any{"template": map[string]any{"spec": pod}}}}}
		if kinds.Label(o.Body, kinds.LabelEnvironment) == "staging" {
			pod = map[string]any{"containers": named([]string{"nightly"})}
			job := map[string]any{"spec": map[string]any{"template": map[string]any{"spec": pod}}}
			resources = []any{map[string]any{"object": map[string]any{"kind": "CronJob", "spec": map[string]any{"jobTemplate": job}}}}
		}
		for _, endpoint := range endpoints {
			resources = append(resources, map[string]any{"object": map[string]any{"kind": "HTTPRoute", "metadata": map[string]any{"labels": map[string]any{"openchoreo.dev/endpoint-name": endpoint}}}})
		}
		objects[i].Body.Object["spec"] = map[string]any{"resources": resources}
	}
	return serveObjects(t, objects)
}

// TestCompleteNamesOfAComponent: containers and endpoints come from one list of the component's RenderedReleases. What could mean
// something to a shell is left out.
func TestCompleteNamesOfAComponent(t *testing.T) {
	t.Parallel()
	hostile := []string{"", "-rf", "$(reboot)", "two\nlines", "a b", "`id`"}
	c := renderedWith(t, append([]string{"main", "proxy"}, hostile...), []string{"setup"}, append([]string{"http", "grpc", "http"}, hostile...))
	config := kubeconfig(t, map[string]*cluster{"control": c})
	for line, want := range map[string][]string{
		"logs greeter-service -e development -c |":         {"main", "proxy", "setup"},
		"logs greeter-service -e development -c s":         {"setup"},
		"logs component/greeter-service -e staging -c |":   {"nightly"},
		"logs greeter-service --container=m":               {"main"},
		"logs greeter-service -e nowhere -c |":             nil,
		"logs nosuch -c |":                                 nil,
		"logs $(reboot) -c |":                              nil,
		"logs pod/x -c |":                                  nil,
		"logs -c |":                                        nil,
		"logs greeter-service --snapshot x -c |":           nil,
		"open greeter-service --endpoint |":                {"grpc", "http"},
		"open greeter-service -e staging --endpoint h":     {"http"},
		"open greeter-service -n elsewhere --endpoint |":   nil,
		"open greeter-service --context none --endpoint |": nil,
	} {
		before := c.requests()
		args := append([]string{"__completeNoDesc"}, strings.Fields(line)...)
		if args[len(args)-1] == "|" {
			args[len(args)-1] = ""
		}
		args = append(args[:2:2], append([]string{"--kubeconfig", config}, args[2:]...)...)
		stdout, stderr, _ := runWithStreams(t, iostreams.IOStreams{}, args...)
		lines := strings.Split(strings.TrimSpace(stdout), "\n")
		var got []string
		got = append(got, lines[:len(lines)-1]...)
		if diff := cmp.Diff(want, got); diff != "" || stderr != "" || c.requests()-before > 1 {
			t.Errorf("%s: %d requests, stderr %q (-want +got)\n%s", line, c.requests()-before, stderr, diff)
		}
	}
}

// TestCompleteNamesThroughTheAPI: where RenderedReleases may not be listed, they come from OpenChoreo's API.
func TestCompleteNamesThroughTheAPI(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "healthy")
	i.control.refused = "*"
	stdout, stderr, _ := i.complete(t, "logs", "greeter-service", "-n", "healthy", "--openchoreo-api", i.url, "-c", "")
	if !strings.HasPrefix(stdout, "main\n") || stderr != "" {
		t.Errorf("%s%s", stdout, stderr)
	}
}

func (i withAPI) complete(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return runIn(t, nil, append([]string{"__completeNoDesc", args[0], "--kubeconfig", i.config}, args[1:]...)...)
}
