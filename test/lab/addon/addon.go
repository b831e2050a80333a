// Package addon has the operators that a lab runs on request, in addition to Flux and OpenChoreo.
package addon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// Lab is the part of a lab that operators use.
type Lab interface {
	// Apply applies manifests to a plane.
	Apply(ctx context.Context, plane, manifests string) error
	// Kubectl runs kubectl against a plane.
	Kubectl(ctx context.Context, plane, stdin string, args ...string) (string, error)
	// Run starts a process and waits until it is ready.
	Run(ctx context.Context, p *process.Part, limit time.Duration, ready func(context.Context) error) error
	// AdminKubeconfig is the kubeconfig of the lab's own processes for the control plane.
	AdminKubeconfig() string
	// Server is the address of the control plane's API server.
	Server() string
	// Gateway is the address of cluster-gateway's API, which requires a client's certificate.
	Gateway() string
	// Binary is the path of a built program.
	Binary(name string) string
	// Dir is the folder of the lab.
	Dir() string
	// Program is the path of the lab's own program, which is a server with an environment variable and arguments.
	Program() (path, variable string, err error)
}

// Operator is a system other than Flux and OpenChoreo.
type Operator struct {
	System string // its name, as scenarios record it
	Family string // of tool modules; see package build
	module string // with its CRDs
	crds   string // folder of a kustomization or of CRDs in the module; "" for none
	start  func(ctx context.Context, l Lab, module string) error
}

func operators() map[string]Operator {
	return map[string]Operator{
		"argocd":           {"Argo CD", "argo-cd", "github.com/argoproj/argo-cd/v3", "manifests/crds", startArgoCD},
		"cert-manager":     {"cert-manager", "cert-manager", "github.com/cert-manager/cert-manager", "deploy/crds", startCertManager},
		"external-secrets": {"External Secrets", "external-secrets", "github.com/external-secrets/external-secrets", "config/crds/bases", startExternalSecrets},
		"flagger":          {"Flagger", "flagger", "github.com/fluxcd/flagger", "kustomize/base/flagger/crd.yaml", startFlagger},
		"keda":             {"KEDA", "keda", "github.com/kedacore/keda/v2", "config/crd/bases", startKEDA},
		"openchoreo-api":   {"OpenChoreo API", "openchoreo-api", "github.com/openchoreo/openchoreo", "", startOpenChoreoAPI},
		"rollouts":         {"Argo Rollouts", "argo-rollouts", "github.com/argoproj/argo-rollouts", "manifests/crds", startRollouts},
		"sealed-secrets":   {"Sealed Secrets", "sealed-secrets", "github.com/bitnami-labs/sealed-secrets", "helm/sealed-secrets/crds", startSealedSecrets},
		// No controller: kustomize-controller decrypts what sops has encrypted.
		"sops": {"SOPS", "sops", "github.com/getsops/sops/v3", "", func(context.Context, Lab, string) error { return nil }},
	}
}

// Names returns the names of the operators that a lab can run.
func Names() []string { return slices.Sorted(maps.Keys(operators())) }

// Choose returns the named operators, sorted by name; "all" selects all.
func Choose(names []string) ([]Operator, error) {
	if slices.Contains(names, "all") {
		names = Names()
	}
	var chosen []Operator
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		o, ok := operators()[name]
		if !ok {
			return nil, fmt.Errorf("unknown operator %q; must be one of %s", name, strings.Join(Names(), ", "))
		}
		chosen = append(chosen, o)
	}
	return chosen, nil
}

// Start installs the operator's CRDs, starts it, and returns its version.
func (o Operator) Start(ctx context.Context, l Lab) (version string, err error) {
	if version, err = build.Version(o.Family, o.module); err != nil {
		return "", err
	}
	module, err := build.ModuleDir(ctx, o.module+"@"+version)
	if err != nil {
		return "", err
	}
	if o.crds != "" {
		if err := install(ctx, l, filepath.Join(module, o.crds)); err != nil {
			return "", err
		}
	}
	if err := o.start(ctx, l, module); err != nil {
		return "", fmt.Errorf("start %s: %w", o.System, err)
	}
	return version, nil
}

// install applies the CRDs of a folder.
func install(ctx context.Context, l Lab, folder string) error {
	crds := "--filename=" + folder
	if _, err := os.Stat(filepath.Join(folder, "kustomization.yaml")); err == nil {
		crds = "--kustomize=" + folder
	}
	if _, err := l.Kubectl(ctx, "", "", "apply", "--server-side", "--force-conflicts", crds); err != nil {
		return err
	}
	return waitForDefinitions(ctx, l)
}

// waitForDefinitions waits until the CRDs are served. kubectl wait fails immediately if one has no conditions yet, so it is retried.
func waitForDefinitions(ctx context.Context, l Lab) error {
	var lastErr error
	err := wait.PollUntilContextTimeout(ctx, time.Second, time.Minute, true, func(ctx context.Context) (bool, error) {
		_, lastErr = l.Kubectl(ctx, "", "", "wait", "--for=condition=Established", "--timeout=30s", "--all", "customresourcedefinitions")
		return lastErr == nil, nil
	})
	if err != nil {
		return fmt.Errorf("wait for the CRDs: %w", errors.Join(lastErr, err))
	}
	return nil
}
