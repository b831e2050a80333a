package lab

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
)

// The versions of the manifests. They match the tool modules.
const (
	openChoreo       = "github.com/openchoreo/openchoreo@"
	openChoreoModule = openChoreo + "v1.2.3"
	sourceModule     = "github.com/fluxcd/source-controller@v1.9.3"
	kustomizeModule  = "github.com/fluxcd/kustomize-controller@v1.9.3"
	gatewayModule    = "sigs.k8s.io/gateway-api@"
	// GatewayAPIVersion supports the CORS filter that OpenChoreo's own service type renders; 1.4 does not.
	GatewayAPIVersion = "v1.5.1"
)

// install applies the CRDs and namespaces of a plane. A data plane needs only those of the Gateway API.
func (s *starter) install(ctx context.Context, plane, gatewayAPI string) error {
	if gatewayAPI == "" {
		gatewayAPI = GatewayAPIVersion
	}
	folders := map[string]string{gatewayModule + gatewayAPI: "config/crd/standard"}
	if plane == "" {
		folders[openChoreoModule] = "config/crd/bases"
		folders[sourceModule] = "config/crd/bases"
		folders[kustomizeModule] = "config/crd/bases"
	}
	args := []string{"apply", "--server-side", "--force-conflicts"}
	for module, folder := range folders {
		dir, err := build.ModuleDir(ctx, module)
		if err != nil {
			return err
		}
		if module == openChoreoModule {
			s.state.SamplesDir = dir
		}
		args = append(args, "--filename="+filepath.Join(dir, folder))
	}
	if _, err := s.Kubectl(ctx, plane, "", args...); err != nil {
		return err
	}
	// On a busy machine the API server needs half a minute to serve all of them. source-controller exits if one is missing.
	if _, err := s.Kubectl(ctx, plane, "", "wait", "--for=condition=Established", "--timeout=3m", "--all", "customresourcedefinitions"); err != nil {
		return err
	}
	s.progress("custom resource definitions are installed%s", strings.TrimSuffix(" on "+plane, " on "))
	return s.Apply(ctx, plane, `
apiVersion: v1
kind: Namespace
metadata: {name: flux-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: openchoreo-control-plane}
---
apiVersion: v1
kind: Namespace
metadata: {name: openchoreo-data-plane}
`)
}

// InstallGatewayAPI replaces the Gateway API's CRDs of a plane with those of another version.
func (l *Lab) InstallGatewayAPI(ctx context.Context, plane, version string) error {
	dir, err := build.ModuleDir(ctx, gatewayModule+version)
	if err != nil {
		return err
	}
	_, err = l.Kubectl(ctx, plane, "", "apply", "--server-side", "--force-conflicts", "--filename="+filepath.Join(dir, "config/crd/standard"))
	return err
}
