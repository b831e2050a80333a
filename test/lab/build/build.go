// Package build builds the programs of the lab from their modules, each once.
package build

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// family is a nested module of tools with compatible dependencies. Versions may differ between families.
type family struct {
	name     string
	programs map[string]string // name of the binary → package
}

func families() []family {
	const k8s, oc = "k8s.io/kubernetes/cmd/", "github.com/openchoreo/openchoreo/cmd"
	return []family{
		{"etcd", map[string]string{"etcd": "go.etcd.io/etcd/server/v3"}},
		{"kubernetes", map[string]string{
			"kube-apiserver": k8s + "kube-apiserver", "kube-controller-manager": k8s + "kube-controller-manager",
			"kube-scheduler": k8s + "kube-scheduler", "kubectl": k8s + "kubectl",
		}},
		{"kwok", map[string]string{"kwok": "sigs.k8s.io/kwok/cmd/kwok"}},
		{"flux-source", map[string]string{"source-controller": "github.com/fluxcd/source-controller"}},
		{"flux-kustomize", map[string]string{"kustomize-controller": "github.com/fluxcd/kustomize-controller"}},
		{"openchoreo", map[string]string{
			"openchoreo-manager": oc, "cluster-gateway": oc + "/cluster-gateway", "cluster-agent": oc + "/cluster-agent", "occ": oc + "/occ",
		}},
	}
}

// optional returns the families of operators, which are built only for labs that run them.
func optional() []family {
	return []family{
		{"argo-cd", map[string]string{"argocd": "github.com/argoproj/argo-cd/v3/cmd"}},
		{"openchoreo-api", map[string]string{"openchoreo-api": "github.com/openchoreo/openchoreo/cmd/openchoreo-api"}},
		{"argo-rollouts", map[string]string{"rollouts-controller": "github.com/argoproj/argo-rollouts/cmd/rollouts-controller"}},
		{"external-secrets", map[string]string{"external-secrets": "github.com/external-secrets/external-secrets"}},
		{"flagger", map[string]string{"flagger": "github.com/fluxcd/flagger/cmd/flagger"}},
		{"keda", map[string]string{"keda-operator": "github.com/kedacore/keda/v2/cmd/operator", "keda-adapter": "github.com/kedacore/keda/v2/cmd/adapter"}},
		// Its own command is in no module that a proxy serves.
		{"cert-manager", map[string]string{"cert-manager-controller": ".", "pebble": "github.com/letsencrypt/pebble/v2/cmd/pebble"}},
		{"sealed-secrets", map[string]string{"sealed-secrets-controller": "github.com/bitnami-labs/sealed-secrets/cmd/controller", "kubeseal": "github.com/bitnami-labs/sealed-secrets/cmd/kubeseal"}},
		{"sops", map[string]string{"sops": "github.com/getsops/sops/v3/cmd/sops", "age-keygen": "filippo.io/age/cmd/age-keygen"}},
	}
}

// Binaries maps the names of the built programs to their paths.
type Binaries map[string]string

// All builds the missing binaries, including those of the named operators. The cache key of a family contains its module files, its own
// program, the Go version and the platform. A lock prevents two labs from building the same family at the same time.
func All(ctx context.Context, operators []string, logf func(format string, args ...any)) (Binaries, error) {
	source, err := sourceDir()
	if err != nil {
		return nil, err
	}
	cache, err := CacheDir()
	if err != nil {
		return nil, err
	}
	binaries := Binaries{}
	wanted := append(families(), slices.DeleteFunc(optional(), func(f family) bool { return !slices.Contains(operators, f.name) })...)
	for _, f := range wanted {
		dir, err := f.build(ctx, filepath.Join(source, "tools", f.name), cache, logf)
		if err != nil {
			return nil, err
		}
		for program := range f.programs {
			binaries[program] = filepath.Join(dir, program)
		}
	}
	return binaries, nil
}

func (f family) build(ctx context.Context, source, cache string, logf func(string, ...any)) (string, error) {
	key, err := f.key(source)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, f.name+"-"+key)
	unlock, err := lock(dir + ".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	for program, pkg := range f.programs {
		target := filepath.Join(dir, program)
		if _, err := os.Stat(target); err == nil {
			continue
		}
		logf("build %s", program)
		if err := goBuild(ctx, source, pkg, target); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func goBuild(ctx context.Context, source, pkg, target string) error {
	unfinished := target + ".building"
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", unfinished, pkg)
	cmd.Dir = source
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, process.LastLines(string(out), 15))
	}
	if err := os.Rename(unfinished, target); err != nil {
		return fmt.Errorf("rename %s: %w", unfinished, err)
	}
	return nil
}

func (f family) key(source string) (string, error) {
	h := sha256.New()
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		text, err := os.ReadFile(filepath.Join(source, name))
		if name == "main.go" && errors.Is(err, os.ErrNotExist) {
			continue // most families build what is in other modules only
		}
		if err != nil {
			return "", fmt.Errorf("read the versions of %s: %w", f.name, err)
		}
		h.Write(text)
	}
	h.Write([]byte(runtime.Version() + runtime.GOOS + runtime.GOARCH))
	return fmt.Sprintf("%x", h.Sum(nil))[:12], nil
}

// ModuleDir returns the folder of a module in the module cache, with its CRDs and samples. It downloads the module if necessary.
func ModuleDir(ctx context.Context, module string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.Output()
	var found struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &found); jsonErr != nil || found.Dir == "" {
		return "", fmt.Errorf("download module %s: %w %s", module, err, found.Error)
	}
	return found.Dir, nil
}

// Version returns the version of a module that a family is built from.
func Version(familyName, module string) (string, error) {
	source, err := sourceDir()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(source, "tools", familyName, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("read the version of %s: %w", module, err)
	}
	found := regexp.MustCompile(`(?m)^\s*(?:require )?` + regexp.QuoteMeta(module) + ` (v\S+)`).FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("read the version of %s: tools/%s/go.mod does not require it", module, familyName)
	}
	return string(found[1]), nil
}

// sourceDir finds the folder of this module, from the working directory upwards.
func sourceDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the lab's sources: %w", err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && strings.HasPrefix(string(text), "module github.com/kubectl-choreo/kubectl-choreo/test/lab\n") {
			return dir, nil
		}
		if _, err := os.Stat(filepath.Join(dir, "test", "lab", "tools")); err == nil {
			return filepath.Join(dir, "test", "lab"), nil
		}
	}
	return "", fmt.Errorf("find the lab's sources: run this command in test/lab of the repository")
}

// CacheDir returns the folder that labs share, with the programs and the holder of the fixed ports.
func CacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a cache folder: %w", err)
	}
	dir := filepath.Join(base, "kubectl-choreo", "lab")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("create the cache folder: %w", err)
	}
	return dir, nil
}

// lock waits for an exclusive lock on a file. The kernel releases it when the process ends.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { _ = f.Close() }, nil
}
