package cli

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// withEndpoints starts a cluster whose bindings report these endpoints: name, visibility and scheme://host.
func withEndpoints(t *testing.T, all ...string) (config string) {
	t.Helper()
	c := oneCluster(t, "healthy", func(o *facts.Object) {
		if o.Ref.Kind != "ReleaseBinding" {
			return
		}
		var endpoints []any
		for _, one := range all {
			words := strings.Fields(one)
			scheme, host, _ := strings.Cut(words[2], "://")
			url := map[string]any{"scheme": scheme, "host": host}
			e := map[string]any{"name": words[0]}
			if words[1] == "project" {
				e["serviceURL"] = url
			} else {
				e[words[1]+"URLs"] = map[string]any{"http": url}
			}
			endpoints = append(endpoints, e)
		}
		_ = unstructured.SetNestedSlice(o.Body.Object, endpoints, "status", "endpoints")
	})
	return kubeconfig(t, map[string]*cluster{"control": c})
}

// TestOpen: the URL of an endpoint is all of the output; which one it is, is chosen or refused.
func TestOpen(t *testing.T) {
	t.Parallel()
	const (
		public  = "http external http://a.example"
		private = "http project http://a.dp.svc.cluster.local"
		admin   = "admin internal https://b.example"
		hostile = "http external javascript:alert(1)://x"
	)
	for name, c := range map[string]struct {
		endpoints      []string
		args           string
		exit           int
		stdout, stderr string
	}{
		"One":         {[]string{public}, "-e development", 0, "http://a.example\n", ""},
		"MostPublic":  {[]string{private, public}, "-e development", 0, "http://a.example\n", ""},
		"Private":     {[]string{private}, "-e development", 0, "http://a.dp.svc.cluster.local\n", ""},
		"Two":         {[]string{public, admin}, "-e development", 1, "", "error: name one of the endpoints of greeter-service in development with --endpoint:\n  http http://a.example\n  admin https://b.example\n"},
		"Named":       {[]string{public, admin}, "-e development --endpoint admin", 0, "https://b.example\n", ""},
		"Mistyped":    {[]string{public, admin}, "-e development --endpoint admn", 1, "", `error: no endpoint "admn" of greeter-service in development; did you mean "admin"?` + "\n"},
		"None":        {nil, "-e development", 1, "", "error: greeter-service has no endpoint with a URL in development (http has no address); it fails at endpoint (development): endpoint http of the release has no URL in status.endpoints; run kubectl choreo trace greeter-service -e development\n"},
		"Which":       {[]string{public}, "", 1, "", "error: name one of the environments of greeter-service with -e:\n  development, healthy\n  staging, healthy\n"},
		"Hostile":     {[]string{hostile}, "-e development", 0, "javascript:alert(1)://x\n", ""},
		"Environment": {[]string{public}, "-e prod", 1, "", `error: no environment "prod" in project demo; did you mean "production"?` + "\n"},
		"NotDeployed": {[]string{public}, "-e production", 1, "", "error: greeter-service has no endpoint with a URL in production (none); it fails at binding (production): no ReleaseBinding binds greeter-service to environment production; run kubectl choreo trace greeter-service -e production\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"open", "greeter-service", "-n", "healthy", "--kubeconfig", withEndpoints(t, c.endpoints...)}, strings.Fields(c.args)...)
			stdout, stderr, exit := runIn(t, nil, args...)
			if exit != c.exit || stdout != c.stdout || stderr != c.stderr {
				t.Errorf("exit %d, want %d\n%q\n%q\nwant\n%q\n%q", exit, c.exit, stdout, stderr, c.stdout, c.stderr)
			}
		})
	}
}
