package cli

import (
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/apitest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// withAPI is a control plane without a data plane's agent, and openchoreo-api.
type withAPI struct {
	control *cluster
	api     *apitest.API
	url     string
	config  string
}

func installedWithAPI(t *testing.T, scenario string) withAPI {
	t.Helper()
	i := withAPI{control: serve(t, scenario, facts.Control), api: apitest.Of(factstest.Scenario(t, scenario))}
	server := httptest.NewServer(i.api)
	t.Cleanup(server.Close)
	i.url = server.URL
	i.config = kubeconfig(t, map[string]*cluster{"control": i.control, "plane": i.control})
	return i
}

func (i withAPI) run(t *testing.T, environment map[string]string, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	return runIn(t, environment, append(args, "--kubeconfig", i.config, "--repo", t.TempDir())...)
}

// loggedIn is the home of a user with a login of occ.
func (i withAPI) loggedIn(t *testing.T, token string) map[string]string {
	t.Helper()
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, ".openchoreo"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("currentContext: a\ncontexts: [{name: a, controlplane: b, credentials: c}]\ncontrolplanes: [{name: b, url: %q}]\ncredentials: [{name: c, token: %q}]\n", i.url, token)
	if err := os.WriteFile(filepath.Join(home, ".openchoreo", "config"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"HOME": home}
}

func expiredToken() string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1700000000}`)) + ".c2ln"
}

func TestTraceThroughTheAPI(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		login string // of occ; "" for none
		args  []string
		live  bool
	}{
		"Flag":         {"abc", []string{"--plane", "default=openchoreo"}, true},
		"ByItself":     {"abc", nil, true},
		"GivenAddress": {"", []string{"--openchoreo-api", "URL"}, true},
		"GivenPlane":   {"", []string{"--openchoreo-api", "URL", "--plane", "default=openchoreo"}, true},
		"NoLogin":      {"", nil, false},
		"ContextGiven": {"abc", []string{"--plane", "default=plane"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := installedWithAPI(t, "healthy")
			environment := map[string]string{"HOME": t.TempDir()}
			if c.login != "" {
				environment = i.loggedIn(t, c.login)
			}
			args := strings.Split(strings.ReplaceAll(strings.Join(c.args, " "), "URL", i.url), " ")
			if len(c.args) == 0 {
				args = nil
			}
			stdout, stderr, exit := i.run(t, environment, append([]string{"trace", "greeter-service"}, args...)...)
			live := strings.Contains(stdout, "1 running") && !strings.Contains(stdout, "as last reported by OpenChoreo")
			if exit != 0 || stderr != "" || live != c.live || (len(i.api.Requests()) == 2) != c.live {
				t.Errorf("exit %d, live %v, want %v; requests %v\n%s%s", exit, live, c.live, i.api.Requests(), stdout, stderr)
			}
		})
	}
}

// TestAPILogin: for a plane that the user named, the login must be valid before anything is read. For others a login that is no use
// does not stop the trace, and an expired one is the reason.
func TestAPILogin(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "healthy")
	broken := map[string]string{"HOME": t.TempDir()}
	if err := os.MkdirAll(filepath.Join(broken["HOME"], ".openchoreo", "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		environment map[string]string
		args        []string
		exit        int
		want        string
	}{
		"Expired":         {i.loggedIn(t, expiredToken()), []string{"--plane", "default=openchoreo"}, 1, "the login of occ expired at 2023-11-14T22:13:20Z; run occ login"},
		"ExpiredByItself": {i.loggedIn(t, expiredToken()), nil, 0, "openchoreo-api: the token expired at 2023-11-14T22:13:20Z; run occ login"},
		"NoLogin":         {map[string]string{"HOME": t.TempDir()}, []string{"--plane", "default=openchoreo"}, 1, "there is no login of occ; run occ login, or use --openchoreo-api"},
		"Broken":          {broken, []string{"--plane", "default=openchoreo"}, 1, "cannot read the configuration of occ"},
		"BrokenByItself":  {broken, nil, 0, "no object on this cluster shows that it is data plane default"},
		"ExpiredVariable": {map[string]string{"OPENCHOREO_TOKEN": expiredToken()}, []string{"--openchoreo-api", i.url}, 1, "the token in OPENCHOREO_TOKEN expired at 2023-11-14T22:13:20Z; set OPENCHOREO_TOKEN to a valid token"},
		"InvalidAddress":  {nil, []string{"--openchoreo-api", "ftp://x"}, 1, "invalid --openchoreo-api: it is no URL of a server"},
		"OverHTTP":        {map[string]string{"OPENCHOREO_TOKEN": "abc"}, []string{"--openchoreo-api", "http://example.com"}, 1, "a token is not sent over http to example.com"},
		"NoSuchPlane":     {i.loggedIn(t, "abc"), []string{"--plane", "other=openchoreo"}, 1, `data plane "other" not found`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, exit := i.run(t, c.environment, append([]string{"trace", "greeter-service"}, c.args...)...)
			if all := strings.Join(strings.Fields(stdout+stderr), " "); exit != c.exit || !strings.Contains(all, c.want) {
				t.Errorf("exit %d, want %d and %q\n%s%s", exit, c.exit, c.want, stdout, stderr)
			}
		})
	}
}

// TestAContextOfThatName: it was a context before there was another meaning.
func TestAContextOfThatName(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "healthy")
	plane := serve(t, "healthy", "default")
	i.config = kubeconfig(t, map[string]*cluster{"control": i.control, "openchoreo": plane})
	stdout, _, exit := i.run(t, i.loggedIn(t, "abc"), "trace", "greeter-service", "--plane", "default=openchoreo")
	if exit != 0 || !strings.Contains(stdout, "1 running") || len(plane.asked()) == 0 || len(i.api.Requests()) > 0 {
		t.Errorf("exit %d, requests %v\n%s", exit, i.api.Requests(), stdout)
	}
}

// TestFaultThroughTheAPI: what the events of a pod say is there as well.
func TestFaultThroughTheAPI(t *testing.T) {
	t.Parallel()
	i := installedWithAPI(t, "pod-image-pull")
	s := factstest.Scenario(t, "pod-image-pull")
	stdout, stderr, exit := i.run(t, map[string]string{}, "trace", s.Subject.Component, "-n", s.Subject.Namespace, "--openchoreo-api", i.url, "--plane", "default=openchoreo")
	if want := "Failed at: pod (development) ImagePullBackOff"; exit != 2 || !strings.Contains(strings.Join(strings.Fields(stdout), " "), want) {
		t.Errorf("exit %d, want 2 and %q\n%s%s", exit, want, stdout, stderr)
	}
	if strings.Contains(stdout, "--context openchoreo") {
		t.Errorf("there is no such context:\n%s", stdout)
	}
}
