package gitops

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLint expects no finding of kubectl choreo lint in the lab's repository, with OpenChoreo's own types and occ. The layout with
// separate bindings has one intended finding: its Kustomization of bindings lacks a dependsOn.
func TestLint(t *testing.T) {
	t.Parallel()
	samples, occ := openChoreo(t)
	program := filepath.Join(t.TempDir(), "kubectl-choreo")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", program, "./cmd/kubectl-choreo")
	build.Dir = filepath.Join("..", "..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make lint compiles it
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, c := range map[string]struct {
		options Options
		exit    int
		code    string
	}{
		"Documented":    {Options{OwnsPlatform: true}, 0, ""},
		"Tenant":        {Options{}, 0, ""},
		"BindingsApart": {Options{OwnsPlatform: true, BindingsApart: true}, 2, "BindingBeforeRelease"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := c.options
			o.SamplesDir, o.Occ = samples, occ
			o.Namespace, o.Project, o.Prefix, o.GitURL, o.FluxNamespace, o.DataPlane = "shop", "demo", "oc-shop", "http://127.0.0.1:1/x.git", "flux-system", "default"
			o.Interval, o.SourceInterval = "10m", "1m"
			checkout, err := Render(t.TempDir(), o)
			if err != nil {
				t.Fatal(err)
			}
			codes, exit := lint(t, program, checkout.Dir)
			if exit != c.exit || strings.Join(codes, " ") != c.code {
				t.Errorf("exit %d, %v; want %d, %q", exit, codes, c.exit, c.code)
			}
		})
	}
}

// openChoreo returns the folder of OpenChoreo's module, and the occ that the lab built.
func openChoreo(t *testing.T) (samples, occ string) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	built, err := filepath.Glob(filepath.Join(cache, "kubectl-choreo", "lab", "openchoreo-*", "occ"))
	if err != nil || len(built) == 0 {
		t.Skip("occ is not built; run make lab-up")
	}
	list := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/openchoreo/openchoreo")
	list.Dir = filepath.Join("..", "tools", "openchoreo")
	out, err := list.Output()
	if err != nil {
		t.Skipf("find the module of OpenChoreo: %v", err)
	}
	return strings.TrimSpace(string(out)), built[0]
}

// lint returns the codes of all errors and warnings.
func lint(t *testing.T, program, dir string) (codes []string, exit int) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, "lint", dir, "--fail-on", "warning", "-o", "json").Output()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	var answer struct {
		Findings []struct{ Code, Severity, File, Message string }
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, f := range answer.Findings {
		if f.Severity != "info" {
			codes = append(codes, f.Code)
			t.Logf("%s: %s", f.File, f.Message)
		}
	}
	if failed != nil {
		exit = failed.ExitCode()
	}
	return codes, exit
}
