package operators

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// permissions: the secured API answers whom OpenChoreo's roles allow it, also with a login in a configuration that occ wrote, and the trace
// says what another user lacks.
func permissions(ctx context.Context, t *testing.T, namespace string) {
	t.Helper()
	token := func(account string) string {
		out, err := shared.Lab.Kubectl(ctx, "", "", "create", "token", account, "--namespace=default", "--duration=1h")
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(out)
	}
	viewer := token(addon.Viewer)
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
		"Stranger": {[]string{"OPENCHOREO_TOKEN=" + token(addon.Stranger)}, given, 4, "you may not view ReleaseBinding " + namespace + "/greeter-service-development"},
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

// loggedIn is a home with the configuration that occ writes, and a token in it.
func loggedIn(ctx context.Context, t *testing.T, address, token string) string {
	t.Helper()
	home := t.TempDir()
	for _, args := range [][]string{
		{"controlplane", "add", "lab", "--url", address}, {"credentials", "add", "lab"},
		{"context", "add", "lab", "--controlplane", "lab", "--credentials", "lab"}, {"context", "use", "lab"},
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
