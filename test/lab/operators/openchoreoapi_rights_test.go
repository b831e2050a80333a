package operators

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// permissions: the secured API answers whom OpenChoreo's roles allow it, also with a login in a configuration that occ wrote, and the trace
// says what another user lacks.
func permissions(ctx context.Context, t *testing.T, namespace string) {
	t.Helper()
	viewer := apiToken(ctx, t, addon.Viewer)
	withoutControlPlane(ctx, t, namespace, viewer)
	address := addressOf(addon.SecuredAPI)
	given := []string{"--openchoreo-api", address}
	for name, c := range map[string]struct {
		environment []string
		args        []string
		exit        int
		says        string
	}{
		"Viewer":   {[]string{"OPENCHOREO_TOKEN=" + viewer}, given, 0, "1 running"},
		"Login":    {[]string{"HOME=" + loggedIn(ctx, t, address, viewer)}, nil, 0, "1 running"},
		"Stranger": {[]string{"OPENCHOREO_TOKEN=" + apiToken(ctx, t, addon.Stranger)}, given, 4, "you may not view ReleaseBinding " + namespace + "/greeter-service-development"},
		"Forged":   {[]string{"OPENCHOREO_TOKEN=" + viewer[:len(viewer)-8] + "AAAAAAAA"}, given, 4, "rejects the token; set OPENCHOREO_TOKEN to a valid token"},
		"NoToken":  {[]string{"OPENCHOREO_TOKEN="}, given, 4, "rejects the token; set OPENCHOREO_TOKEN to a valid token"},
	} {
		cmd := shared.Command(ctx, t.TempDir(), shared.Lab.Kubeconfig(""), append([]string{"trace", "greeter-service", "-n", namespace, "-e", "development", "--plane", remote + "=openchoreo"}, c.args...)...)
		cmd.Env = append(cmd.Env, c.environment...)
		r := suite.Run(ctx, t, cmd)
		if r.Exit != c.exit || !strings.Contains(strings.Join(strings.Fields(r.Stdout), " "), c.says) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", name, r.Exit, c.exit, c.says, r.Stdout, r.Stderr)
		}
		if strings.Contains(r.Stdout+r.Stderr, viewer) {
			t.Errorf("%s: the token is printed", name)
		}
	}
}

// withoutControlPlane: whoever may read nothing in the control plane sees OpenChoreo's objects and the plane's through the API. What Flux
// delivers is unknown, and so is what OpenChoreo's roles do not show.
func withoutControlPlane(ctx context.Context, t *testing.T, namespace, token string) {
	t.Helper()
	kubeconfig, err := shared.Lab.User(ctx, "api-only", "[]")
	if err != nil {
		t.Fatal(err)
	}
	cmd := shared.Command(ctx, t.TempDir(), kubeconfig, "trace", "greeter-service", "-n", namespace, "-e", "development", "--openchoreo-api", addressOf(addon.SecuredAPI), "-o", "json")
	cmd.Env = append(cmd.Env, "OPENCHOREO_TOKEN="+token)
	r := suite.Run(ctx, t, cmd)
	want := map[string]string{
		"git": "Unknown", "source": "Unknown", "delivery": "Unknown", "project": "OK", "component": "OK", "workload": "OK", "release": "OK",
		"environment": "Unknown", "cell": "Unknown", "binding": "OK", "rendered": "OK", "resource": "OK", "pod": "OK", "endpoint": "OK",
	}
	if diff := cmp.Diff(want, states(t, r)); diff != "" || r.Exit != 4 {
		t.Errorf("exit %d, want 4; rungs (-want +got)\n%s\n%s", r.Exit, diff, r.Stdout)
	}
}

// apiToken is a token of a service account for the secured API.
func apiToken(ctx context.Context, t *testing.T, account string) string {
	t.Helper()
	out, err := shared.Lab.Kubectl(ctx, "", "", "create", "token", account, "--namespace=default", "--duration=1h")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// loggedIn is a home with the configuration that occ writes, and a token in it.
func loggedIn(ctx context.Context, t *testing.T, address, token string) string {
	t.Helper()
	home := t.TempDir()
	for _, args := range [][]string{
		{"controlplane", "add", "lab", "--url", address},
		{"credentials", "add", "lab"},
		{"context", "add", "lab", "--controlplane", "lab", "--credentials", "lab"},
		{"context", "use", "lab"},
	} {
		if err := runOCC(ctx, home, append([]string{"config"}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(home, ".openchoreo", "config")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	with := strings.Replace(string(text), "    - name: lab\ncontexts:", "    - name: lab\n      token: "+token+"\ncontexts:", 1)
	if with == string(text) {
		t.Fatalf("occ has no credentials in its configuration:\n%s", text)
	}
	if err := os.WriteFile(path, []byte(with), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// runOCC runs occ with a home of its own.
func runOCC(ctx context.Context, home string, args ...string) error {
	cmd := exec.CommandContext(ctx, shared.Lab.Binary("occ"), args...)
	cmd.Env = append(os.Environ(), "HOME="+home)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("run occ: %w\n%s", err, out)
	}
	return nil
}

// fleet: verify and status read through the API as trace does.
func fleet(ctx context.Context, t *testing.T, namespace string) {
	t.Helper()
	through := []string{"-n", namespace, "--plane", remote + "=openchoreo", "--openchoreo-api", addressOf(addon.OpenAPI)}
	run := func(args ...string) suite.Result {
		return shared.RunPlain(ctx, t, shared.Lab.Kubeconfig(""), append(args, through...)...)
	}
	await(ctx, t, func() error {
		if r := run("verify", "well", "greeter-service", "-e", "development", "--timeout", "2m"); r.Exit != 0 {
			return fmt.Errorf("verify: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
		}
		if r := run("verify", "crashing", "-e", "development", "--timeout", "1m"); r.Exit != 2 || !strings.Contains(r.Stdout, "CrashLoopBackOff") {
			return fmt.Errorf("verify of a failure: exit %d\n%s%s", r.Exit, r.Stdout, r.Stderr)
		}
		r := run("status", "-e", "development")
		for _, words := range []string{"CrashLoopBackOff", "ImagePullBackOff", "OOMKilled", "ContainerConfigError", "PodNotReady", "greeter-service:1.0.0"} {
			if r.Exit != 0 || !strings.Contains(r.Stdout, words) {
				return fmt.Errorf("status: exit %d, without %s\n%s%s", r.Exit, words, r.Stdout, r.Stderr)
			}
		}
		return nil
	})
}
